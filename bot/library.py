"""What is in force: packs and bindings from `SOP_DIR`, compiled; read anew when they change.

A reload is all or nothing: with one error anywhere the last good state stays in force.
"""

import hashlib
import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final

from bot.bound_groups import Abilities, deployed, group_of, places_of, unread_channels
from handlers.ports import Store
from sop.bindings import Binding, Bindings, load_bindings
from sop.book import Book
from sop.events import PackEnforced
from sop.loader import PackDraft, read_pack
from sop.model import Group, Version
from sop.pack import Pack
from sop.problems import Problem

BINDINGS_FILE: Final = "groups.yaml"

MAX_FILE: Final = 8 << 20
"""Bytes of a file beside a pack (code lists, say) that is read into memory."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shelf:
    """Everything in force at one time. `places` maps (surface, chat id) to community and group."""

    books: Mapping[str, Book] = field(default_factory=dict)
    groups: Mapping[str, tuple[Group, ...]] = field(default_factory=dict)
    titles: Mapping[str, str] = field(default_factory=dict)
    places: Mapping[tuple[str, str], tuple[str, str]] = field(default_factory=dict)
    versions: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    fingerprint: str = ""


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
        return self._signature() != self._seen

    def reload(self) -> bool:
        """Read everything anew; put it in force and return True, or keep `problems` and False."""
        self._seen = self._signature()
        try:
            shelf, self.problems = _read(self.folder, self._abilities)
        except OSError as error:
            shelf, self.problems = None, (_unreadable(self.folder, error),)
        if shelf is None:
            return False
        self.shelf = shelf
        return True

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

    def _signature(self) -> object:
        try:
            return tuple((path.name, _state(path)) for path in sorted(self.folder.iterdir()))
        except OSError:
            return None


def keep_versions(store: Store, shelf: Shelf, now: int) -> None:
    """Keep the texts in force that were not in force just before, with the time."""
    for name, (sha, words) in shelf.versions.items():
        newest = store.find(Version, name=name, order="-number", limit=1)
        if not newest or newest[0].sha != sha:
            number = newest[0].number + 1 if newest else 1
            store.put(Version(name=name, number=number, sha=sha, at=now, author="", text=words))


def _state(path: Path) -> tuple[int, ...]:
    """What tells a file from an earlier one of its name; nothing of what leads nowhere."""
    try:
        info = path.stat()
    except OSError:
        return ()
    return info.st_mtime_ns, info.st_size, info.st_ino


def pack_files(folder: Path) -> list[Path]:
    """The packs of a folder: every YAML file that is neither the bindings nor hidden.

    Hidden are an editor's own files: locks that lead nowhere, half-written copies.
    """
    found = [*folder.glob("*.yaml"), *folder.glob("*.yml")]
    return sorted(
        path for path in found if path.name != BINDINGS_FILE and not path.name.startswith(".")
    )


def listing(folder: Path) -> frozenset[str]:
    """The names of the files in a folder."""
    return frozenset(path.name for path in folder.iterdir() if path.is_file())


def attachments(pack: Pack, folder: Path) -> dict[str, bytes]:
    """The contents of the files and code lists that benefits name, of those that are there."""
    wanted = {benefit.codes for benefit in pack.benefits}
    wanted |= {benefit.value for benefit in pack.benefits if benefit.kind == "file"}
    found = {}
    for name in sorted(str(each) for each in wanted if each):
        path = folder / name
        if path.is_file() and path.stat().st_size <= MAX_FILE:
            found[name] = path.read_bytes()
    return found


def _read(folder: Path, abilities: Abilities) -> tuple[Shelf | None, tuple[Problem, ...]]:
    """Read every file once: the packs' names, the bindings by these, the packs by the bindings."""
    path = folder / BINDINGS_FILE
    if not path.is_file():
        return None, (_missing(path),)
    data = path.read_bytes()
    sources = {each: each.read_bytes() for each in pack_files(folder)}
    drafts = {each: read_pack(found, str(each)) for each, found in sources.items()}
    known = [draft.id for draft in drafts.values() if draft.id]
    bindings, told = load_bindings(data, str(path), known, abilities.robot_keys)
    bound = _bound(bindings or Bindings(), abilities)
    packs, problems = _packs(folder, drafts, bound)
    problems += told
    if bindings is None or any(problem.severity == "error" for problem in problems):
        return None, tuple(problems)
    problems += unread_channels(path, bindings, abilities)
    return _shelf(folder, data, packs, sources, bindings, abilities), tuple(problems)


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
            message = f"the pack id {pack.pack} is also that of {packs[pack.pack][1].name}"
            problems.append(
                Problem(file=str(path), line=1, column=1, path="pack", message=message)
            )
        elif pack is not None:
            packs[pack.pack] = (pack, path)
    return packs, problems


def _shelf(
    folder: Path,
    data: bytes,
    packs: Mapping[str, tuple[Pack, Path]],
    sources: Mapping[Path, bytes],
    bindings: Bindings,
    abilities: Abilities,
) -> Shelf:
    books: dict[str, Book] = {}
    groups: dict[str, tuple[Group, ...]] = {}
    versions: dict[str, tuple[str, str]] = {}
    marks = [hashlib.sha256(data), hashlib.sha256(repr((abilities.app, abilities.link)).encode())]
    for community in bindings.communities:
        pack, path = packs[community.pack]
        sha = hashlib.sha256(sources[path])
        books[community.id] = Book(
            pack=pack,
            version=sha.hexdigest()[:12],
            bot_name=abilities.bot_name,
            files=attachments(pack, folder),
        )
        marks.append(sha)
        versions[path.name] = (sha.hexdigest()[:12], sources[path].decode("utf-8-sig"))
        groups[community.id] = tuple(
            group_of(community, binding, abilities) for binding in community.groups
        )
    whole = hashlib.sha256(b"".join(mark.digest() for mark in marks))
    return Shelf(
        books=books,
        groups=groups,
        titles={each.id: each.title or each.id for each in bindings.communities},
        places=places_of(bindings),
        versions=versions,
        fingerprint=whole.hexdigest()[:16],
    )


def _unreadable(folder: Path, error: OSError) -> Problem:
    path = str(error.filename or folder)
    message = f"cannot be read ({error.strerror or type(error).__name__})"
    return Problem(file=path, line=1, column=1, path="", message=message, fatal=True)


def _missing(path: Path) -> Problem:
    message = "there are no bindings: write which community runs which pack in which groups"
    return Problem(file=str(path), line=1, column=1, path="", message=message, fatal=True)
