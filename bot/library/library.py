"""What is in force: packs and bindings from `SOP_DIR`, compiled; read anew when they change.

A reload is all or nothing: with one error anywhere the last good state stays in force.
"""

import contextlib
import errno
import itertools
import os
import stat
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from types import MappingProxyType
from typing import Final

from bot.library.bound_groups import Abilities, deployed, unread_channels
from bot.library.pool_folder import Beside, whole_file
from bot.library.shelf import Shelf, reused, shelf_of
from bot.library.versions import bindings_text
from sop.bindings.bindings import Binding, Bindings, BindingsDraft, read_bindings
from sop.book import Book
from sop.checks import check_overrides
from sop.checks.check_subject import walk
from sop.checks.loader import PackDraft, read_pack
from sop.events import PackEnforced
from sop.fields.pack_types import FileName
from sop.fields.pool_paths import is_pool_yaml
from sop.pack.pack import Pack
from sop.problems import Problem, in_order
from sop.yaml.yaml_source import MAX_BYTES

BINDINGS_FILE: Final = "groups.yaml"

MAX_FILE: Final = 8 << 20
"""Bytes of a file beside a pack (code lists, say) that is read into memory."""

MOST_WATCHED: Final = 10_000
"""Files of the folder and its subfolders that are looked at for changes."""

TRIES: Final = 5
"""Readings of a folder that changes while it is read, before what was read is taken."""

_NOTHING: Final[Mapping[str, bytes]] = MappingProxyType({})


class Library:
    """Holds the shelf in force; `reload` replaces it if there is not one error."""

    def __init__(self, folder: Path, abilities: Abilities) -> None:
        self.folder = folder
        self._abilities = abilities
        self._seen: object = None
        self._numbers = itertools.count(1)
        self.shelf = Shelf()
        self.problems: tuple[Problem, ...] = ()

    def book_of(self, community: str) -> Book | None:
        """The pack in force for a community."""
        return self.shelf.books.get(community)

    def place_of(self, surface: str, chat: str) -> tuple[str, str] | None:
        """The community and group a chat belongs to, as bound; ids are case-sensitive."""
        return self.shelf.places.get((surface, chat))

    def changed(self) -> bool:
        """Tell whether any file of the folder is another one than at the last reload."""
        return self.signature() != self._seen

    def reload(self) -> bool:
        """Read everything anew; put it in force and return True, or keep `problems` and False."""
        shelf, self.problems = self._settled()
        if shelf is None:
            return False
        self.shelf = shelf
        return True

    def restore(self, texts: Mapping[str, bytes]) -> bool:
        """Put what was in force once into force again, whatever the folder says by now.

        `texts` are all packs and bindings by file name. `problems` stay those of the folder.
        """
        if BINDINGS_FILE not in texts:
            return False
        try:
            shelf, _ = _read(self.folder, self._abilities, self.shelf, texts, alone=True)
        except OSError:
            return False
        self.shelf = shelf or self.shelf
        return shelf is not None

    def trial(self, files: Mapping[str, bytes]) -> tuple[Problem, ...]:
        """Return the problems there would be with those files in the folder; save nothing."""
        try:
            return _read(self.folder, self._abilities, self.shelf, files)[1]
        except OSError as error:
            return (_unreadable(self.folder, error),)

    def _settled(self) -> tuple[Shelf | None, tuple[Problem, ...]]:
        """Read until nothing was written meanwhile: two halves of two texts are no text."""
        for _ in range(TRIES - 1):
            self._seen = self.signature()
            found = self._read()
            if self._seen == self.signature():
                return found
        self._seen = self.signature()
        return self._read()

    def _read(self) -> tuple[Shelf | None, tuple[Problem, ...]]:
        try:
            return _read(self.folder, self._abilities, self.shelf)
        except OSError as error:
            return None, (_unreadable(self.folder, error),)

    def enforcements(self, now: int) -> list[PackEnforced]:
        """The events that bring the shelf into force, one per community.

        Each call makes new ones: an edit that is taken back brings an old shelf into force again.
        """
        return [
            PackEnforced(
                key=f"enforce:{name}:{self.shelf.fingerprint}:{now}:{next(self._numbers)}",
                community=name,
                at=now,
                version=self.shelf.books[name].version,
                groups=groups,
            )
            for name, groups in self.shelf.groups.items()
        ]

    def signature(self) -> object:
        """Return what tells the folder from what it was before any of its files changed."""
        return tuple((str(path), _state(path)) for path in _everything(self.folder))


def _everything(folder: Path) -> Iterator[Path]:
    """Yield the folder, its files and those of its subfolders, in order and bounded."""
    yield folder
    for found, folders, names in itertools.islice(os.walk(folder), MOST_WATCHED):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        yield from (Path(found, name) for name in sorted(names)[:MOST_WATCHED])


def _state(path: Path) -> tuple[int, ...]:
    """What tells a file from an earlier one of its name; nothing of what leads nowhere.

    Of a folder it is its identity alone: what it holds is looked at by itself.
    """
    try:
        info = path.stat()
    except OSError:
        return ()
    if stat.S_ISDIR(info.st_mode):
        return (info.st_ino,)
    return info.st_mtime_ns, info.st_size, info.st_ino


def pack_files(folder: Path) -> list[Path]:
    """The packs of a folder: every YAML file that is neither the bindings, a pool nor hidden.

    Hidden are an editor's own files: locks that lead nowhere, half-written copies.
    """
    found = [*folder.glob("*.yaml"), *folder.glob("*.yml")]
    return sorted(
        path
        for path in found
        if path.name != BINDINGS_FILE
        and not path.name.startswith(".")
        and not is_pool_yaml(path.name)
    )


def listing(folder: Path) -> Beside:
    """The names of the files in a folder, and a way to read the pools among them."""
    return Beside.of(folder)


def attachments(pack: Pack, folder: Path) -> dict[str, bytes]:
    """The contents of the files and code lists that benefits name, of those that are there."""
    wanted = {benefit.codes for benefit in pack.benefits}
    wanted |= {benefit.value for benefit in pack.benefits if benefit.kind == "file"}
    beside = listing(folder)
    found = {}
    for name in sorted(str(each) for each in wanted if each and each in beside):
        with contextlib.suppress(OSError):
            found[name] = whole_file(folder / name, MAX_FILE)
    return found


def missing(pack: Pack, beside: Collection[str]) -> frozenset[str]:
    """The names of files that a pack's words and items want and that are not there."""
    wanted = (str(each) for _, each in walk(pack) if isinstance(each, FileName))
    return frozenset(name for name in wanted if name not in beside)


def contents(path: Path) -> bytes:
    """Return the bytes of a file that is to be YAML, of a larger one only its beginning.

    Raises `OSError` for what is no file: a pipe would keep its reader waiting.
    """
    if not stat.S_ISREG(path.stat().st_mode):
        raise OSError(errno.EINVAL, "is no file", str(path))
    with path.open("rb") as file:
        return file.read(MAX_BYTES + 1)


def _read(
    folder: Path,
    abilities: Abilities,
    before: Shelf,
    given: Mapping[str, bytes] = _NOTHING,
    *,
    alone: bool = False,
) -> tuple[Shelf | None, tuple[Problem, ...]]:
    """Read every file once: the packs' names, the bindings by these, the packs by the bindings.

    What is `given` stands for what the folder has under that name, or has not; `alone`, for
    all that it has.
    """
    path = folder / BINDINGS_FILE
    instead = {folder / name: data for name, data in given.items()}
    if path not in instead and not path.exists():
        return None, (_missing(path),)
    data = instead.pop(path, b"") or contents(path)
    found = () if alone else pack_files(folder)
    sources = {each: instead.get(each) or contents(each) for each in found}
    sources = dict(sorted({**sources, **instead}.items()))
    drafts = {each: read_pack(found, str(each)) for each, found in sources.items()}
    written = read_bindings(data, str(path))
    known = [draft.id for draft in drafts.values() if draft.id]
    bindings, told = written.checked(known, abilities.robot_keys)
    bound = _bound(bindings or Bindings(), abilities)
    packs, problems = _packs(folder, drafts, bound)
    problems += told
    problems += _overrides(written, bindings, drafts, packs)
    if bindings is None or any(problem.severity == "error" for problem in problems):
        return None, tuple(problems)
    problems += unread_channels(path, bindings, abilities)
    kept = bindings_text(BINDINGS_FILE, data, written.tree)
    shelf = shelf_of(
        kept, packs, sources, bindings, abilities, files=partial(attachments, folder=folder),
        missing=partial(missing, beside=listing(folder)),
    )  # fmt: skip
    return reused(shelf, before), tuple(problems)


def _overrides(
    written: BindingsDraft,
    bindings: Bindings | None,
    drafts: Mapping[Path, PackDraft],
    packs: Mapping[str, tuple[Pack, Path]],
) -> tuple[Problem, ...]:
    """What groups have otherwise, against the packs that are sound by themselves."""
    if bindings is None:
        return ()
    subjects = {name: drafts[path].subject(pack) for name, (pack, path) in packs.items()}
    return in_order(written.placed(check_overrides.findings(bindings, subjects)))


def _bound(bindings: Bindings, abilities: Abilities) -> Mapping[str, list[Binding]]:
    """The groups in which each pack runs, with the channels they really have."""
    bound: dict[str, list[Binding]] = {}
    for community in bindings.communities:
        bound.setdefault(community.pack, []).extend(
            replace(group, channels=deployed(group.channels, abilities))
            for group in community.groups
        )
    return bound


def _packs(
    folder: Path, drafts: Mapping[Path, PackDraft], bound: Mapping[str, Sequence[Binding]]
) -> tuple[dict[str, tuple[Pack, Path]], list[Problem]]:
    packs: dict[str, tuple[Pack, Path]] = {}
    problems: list[Problem] = []
    names = listing(folder)
    for path, draft in drafts.items():
        pack, told = draft.checked(names, bound.get(draft.id, ()))
        problems.extend(told)
        if pack is not None and pack.pack in packs:
            other = packs[pack.pack][1].name
            message = f"is the id of {other}, too: change one, or move a copy away"
            at = Problem(file=str(path), line=1, column=1, path="pack", message=message)
            problems.append(at)
        elif pack is not None:
            packs[pack.pack] = (pack, path)
    return packs, problems


def _unreadable(folder: Path, error: OSError) -> Problem:
    path = str(error.filename or folder)
    message = f"cannot be read ({error.strerror or type(error).__name__})"
    return Problem(file=path, line=1, column=1, path="", message=message, fatal=True)


def _missing(path: Path) -> Problem:
    message = "there are no bindings: write which community runs which pack in which groups"
    return Problem(file=str(path), line=1, column=1, path="", message=message, fatal=True)
