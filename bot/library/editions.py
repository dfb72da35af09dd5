"""Packs of older versions: what began under one is finished under it, after a reload or restart.

They are made from the texts that were kept when they came into force. Files beside a pack and
what is bound are today's: they are no part of a version.
"""

import logging
from collections import OrderedDict
from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Final

from handlers.ports import Store
from sop.book import Book
from sop.checks.loader import load_pack
from sop.model import Version
from sop.pack.pack import Pack
from sop.pools.pool_files import borrowed

KEPT: Final = 16
"""Books of older versions that stay compiled."""

_log = logging.getLogger(__name__)


class Editions:
    """Gives books of older versions; satisfies `handlers.ports.Editions`.

    `book_of` gives what is in force. Asked by one thread at a time, the writer's, which should
    not have to read a text for a tenth of a second: packs that were in force in this process
    are remembered.
    """

    def __init__(self, book_of: Callable[[str], Book | None]) -> None:
        self._book_of = book_of
        self._books: OrderedDict[tuple[str, str], tuple[Book, Book | None]] = OrderedDict()
        self._packs: dict[str, Pack] = {}

    def remember(self, books: Iterable[Book]) -> None:
        """Take note of what comes into force, for when it no longer is."""
        for book in books:
            self._packs.pop(book.version, None)
            self._packs[book.version] = book.pack
        for version in list(self._packs)[:-KEPT]:
            del self._packs[version]

    def __call__(self, store: Store, community: str, version: str, /) -> Book | None:
        """Return the community's pack of that version, or None where it cannot be had."""
        today = self._book_of(community)
        if today is None:
            return None
        key = (community, version)
        made_for, book = self._books.pop(key, (None, None))
        if made_for is not today:
            pack = self._packs.get(version) or read(store, version)
            book = _made(pack, today, version) if pack is not None else None
        self._books[key] = (today, book)
        if len(self._books) > KEPT:
            self._books.popitem(last=False)
        return book


def read(store: Store, version: str) -> Pack | None:
    """Return the pack of a version as it is kept, None where it cannot be had."""
    kept = store.find(Version, sha=version, limit=1)
    pack, problems = load_pack(kept[0].text.encode(), kept[0].name) if kept else (None, ())
    if pack is None:
        why = problems[0] if problems else "it is not kept"
        _log.warning("version %s cannot be had, today's rules hold instead: %s", version, why)
    return pack


def _made(pack: Pack, today: Book, version: str) -> Book:
    now = today.of({})
    return replace(now, pack=borrowed(pack, now.pack), version=version, variants={})
