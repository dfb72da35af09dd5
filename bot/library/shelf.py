"""What is in force at one time: books, groups and the texts they were made of."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from bot.library.bound_groups import Abilities, group_of, places_of
from bot.library.versions import Text, fingerprint, pack_text
from sop.bindings.bindings import Bindings
from sop.book import Book
from sop.model import Group
from sop.pack.pack import Pack


@dataclass(frozen=True, slots=True, kw_only=True)
class Shelf:
    """Everything in force at one time. `places` maps (surface, chat id) to community and group.

    `versions` are the texts of what is in force by file name, `sources` the pack's file name by
    community.
    """

    books: Mapping[str, Book] = field(default_factory=dict)
    groups: Mapping[str, tuple[Group, ...]] = field(default_factory=dict)
    titles: Mapping[str, str] = field(default_factory=dict)
    places: Mapping[tuple[str, str], tuple[str, str]] = field(default_factory=dict)
    versions: Mapping[str, Text] = field(default_factory=dict)
    sources: Mapping[str, str] = field(default_factory=dict)
    fingerprint: str = ""


def shelf_of(
    bound: Text,
    packs: Mapping[str, tuple[Pack, Path]],
    sources: Mapping[Path, bytes],
    bindings: Bindings,
    abilities: Abilities,
    *,
    files: Callable[[Pack], Mapping[str, bytes]],
    missing: Callable[[Pack], frozenset[str]],
) -> Shelf:
    """Return the shelf of sound packs (with their files by id) and bindings.

    `bound` is the bindings' text, `sources` are the packs' bytes, `files` gives what a pack
    needs of what lies beside it, `missing` the names of what does not.
    """
    books: dict[str, Book] = {}
    groups: dict[str, tuple[Group, ...]] = {}
    versions = {bound.name: bound}
    for community in bindings.communities:
        pack, path = packs[community.pack]
        books[community.id] = Book(
            pack=pack, version=fingerprint(sources[path]), bot_name=abilities.bot_name,
            public_url=abilities.public_url, files=files(pack), missing=missing(pack),
        )  # fmt: skip
        versions[path.name] = pack_text(path.name, sources[path])
        groups[community.id] = tuple(
            group_of(community, binding, abilities) for binding in community.groups
        )
    marks = (abilities.app, abilities.link, *(each.sha for each in versions.values()))
    return Shelf(
        books=books,
        groups=groups,
        titles={each.id: each.title or each.id for each in bindings.communities},
        places=places_of(bindings),
        versions=versions,
        sources={each.id: packs[each.pack][1].name for each in bindings.communities},
        fingerprint=fingerprint(repr(marks).encode()),
    )


def reused(shelf: Shelf, before: Shelf) -> Shelf:
    """Keep books that are as they were: what is compiled of them need not be again."""
    known = {name: before.books.get(name) for name in shelf.books}
    books = {
        name: kept if kept is not None and kept == book else book
        for (name, book), kept in zip(shelf.books.items(), known.values(), strict=True)
    }
    return replace(shelf, books=books)
