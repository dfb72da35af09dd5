"""What is in force: packs and bindings from `SOP_DIR`, compiled, and where each chat belongs.

A reload is all or nothing: with one error anywhere the last good state stays in force.
"""

import hashlib
import itertools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final

from sop.bindings import Binding, Bindings, Community, load_bindings
from sop.book import Book
from sop.events import PackEnforced
from sop.loader import load_pack
from sop.model import Group
from sop.pack import Pack
from sop.problems import Problem

BINDINGS_FILE: Final = "groups.yaml"

MAX_FILE: Final = 8 << 20
"""Bytes of a file beside a pack (code lists, say) that is read into memory."""

HEARD_ON: Final[Mapping[str, tuple[str, ...]]] = {
    "aibot": ("aibot", "sandbox"),
    "robot": ("robot",),
}
"""Which bound channel kinds a surface's chat ids belong to."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Abilities:
    """What this deployment is configured for: it decides what a bound channel can really do."""

    app: bool = False
    link: bool = False
    archive: bool = False
    bot_name: str = ""
    robot_keys: Mapping[str, str] = field(default_factory=dict, repr=False)


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
    path = folder / BINDINGS_FILE
    if not path.is_file():
        return None, (_missing(path),)
    data = path.read_bytes()
    sources = {each: each.read_bytes() for each in pack_files(folder)}
    packs, problems = _packs(folder, sources)
    bindings, told = load_bindings(data, str(path), list(packs), abilities.robot_keys)
    problems += told
    if bindings is None or any(problem.severity == "error" for problem in problems):
        return None, tuple(problems)
    problems += _warnings(folder, sources, packs, bindings, abilities)
    return _shelf(folder, data, packs, sources, bindings, abilities), tuple(problems)


def _packs(
    folder: Path, sources: Mapping[Path, bytes]
) -> tuple[dict[str, tuple[Pack, Path]], list[Problem]]:
    packs: dict[str, tuple[Pack, Path]] = {}
    problems: list[Problem] = []
    names = listing(folder)
    for path, data in sources.items():
        pack, told = load_pack(data, str(path), names)
        problems.extend(told)
        if pack is not None and pack.pack in packs:
            message = f"the pack id {pack.pack} is also that of {packs[pack.pack][1].name}"
            problems.append(
                Problem(file=str(path), line=1, column=1, path="pack", message=message)
            )
        elif pack is not None:
            packs[pack.pack] = (pack, path)
    return packs, problems


def _warnings(
    folder: Path,
    sources: Mapping[Path, bytes],
    packs: Mapping[str, tuple[Pack, Path]],
    bindings: Bindings,
    abilities: Abilities,
) -> list[Problem]:
    """What the channels of bound groups make of a pack; the rest was told before."""
    told = [*_unread_channels(folder, bindings, abilities)]
    for pack, path in packs.values():
        bound = [
            group
            for community in bindings.communities
            if community.pack == pack.pack
            for group in community.groups
        ]
        bound = [replace(group, channels=deployed(group.channels, abilities)) for group in bound]
        names = listing(folder)
        known = set(load_pack(sources[path], str(path), names)[1])
        _, all_of_it = load_pack(sources[path], str(path), names, bound)
        told.extend(problem for problem in all_of_it if problem not in known)
    return told


def _unread_channels(
    folder: Path, bindings: Bindings, abilities: Abilities
) -> Iterator[Problem]:
    """Say which bound channels bring nothing here, so that nobody takes silence for silence."""
    for community in bindings.communities:
        for group in community.groups:
            for kind in filter(lambda each: _unread(each, abilities), group.channels):
                yield Problem(
                    file=str(folder / BINDINGS_FILE), line=1, column=1, severity="warning",
                    path=f"communities.{community.id}.{group.id}.channels.{kind}",
                    message=f"this version hears nothing by {kind}: what happens there is unknown",
                )  # fmt: skip


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
            _group(community, binding, abilities) for binding in community.groups
        )
    whole = hashlib.sha256(b"".join(mark.digest() for mark in marks))
    return Shelf(
        books=books,
        groups=groups,
        titles={each.id: each.title or each.id for each in bindings.communities},
        places=_places(bindings),
        versions=versions,
        fingerprint=whole.hexdigest()[:16],
    )


def _group(community: Community, binding: Binding, abilities: Abilities) -> Group:
    return Group(
        community=community.id,
        id=binding.id,
        kind=binding.kind,
        title=binding.title or binding.id,
        owner=community.owner,
        staff=community.staff,
        channels=deployed(binding.channels, abilities),
        starts=binding.starts.isoformat() if binding.starts else "",
        override=_override(binding),
    )


def _override(binding: Binding) -> dict[str, Any]:
    quiet = binding.override.quiet
    found: dict[str, Any] = {}
    if quiet is not None:
        found["quiet"] = (quiet.start_minute, quiet.end_minute)
    if binding.override.skip:
        found["skip"] = tuple(
            (days.first.isoformat(), days.last.isoformat()) for days in binding.override.skip
        )
    return found


def deployed(channels: Mapping[str, str], abilities: Abilities) -> dict[str, str]:
    """A group's channels as this deployment has them.

    The AI bot on its long connection can speak first; a configured app reaches the members of
    an internal group in private; an appchat is nothing without its app.
    """
    found = {kind: chat for kind, chat in channels.items() if not _unread(kind, abilities)}
    if abilities.link and "aibot" in found:
        found["link"] = found.pop("aibot")
    if not abilities.app:
        found.pop("appchat", None)
    elif "customer" not in channels:
        found["app"] = ""
    return found


def _unread(kind: str, abilities: Abilities) -> bool:
    """Tell whether this deployment hears nothing by that kind of channel, whatever is bound."""
    return kind == "customer" or (kind == "archive" and not abilities.archive)


def _places(bindings: Bindings) -> dict[tuple[str, str], tuple[str, str]]:
    return {
        (surface, group.channels[kind]): (community.id, group.id)
        for community in bindings.communities
        for group in community.groups
        for surface, kinds in HEARD_ON.items()
        for kind in kinds
        if kind in group.channels
    }


def _unreadable(folder: Path, error: OSError) -> Problem:
    path = str(error.filename or folder)
    message = f"cannot be read ({error.strerror or type(error).__name__})"
    return Problem(file=path, line=1, column=1, path="", message=message, fatal=True)


def _missing(path: Path) -> Problem:
    message = "there are no bindings: write which community runs which pack in which groups"
    return Problem(file=str(path), line=1, column=1, path="", message=message, fatal=True)
