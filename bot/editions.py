"""Packs of older versions: what began under one is finished under it, after a reload or restart.

They are made from the texts that were kept when they came into force. Files beside a pack and
what is bound are today's: they are no part of a version.
"""

import logging
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import replace
from typing import Final

from handlers.ports import Store
from sop.book import Book
from sop.loader import load_pack
from sop.model import Version
from sop.pool_files import borrowed

KEPT: Final = 16
"""Books of older versions that stay compiled."""

_log = logging.getLogger(__name__)


class Editions:
    """Gives books of older versions; satisfies `handlers.ports.Editions`.

    `book_of` gives what is in force. Used by one thread at a time, the writer's.
    """

    def __init__(self, book_of: Callable[[str], Book | None]) -> None:
        self._book_of = book_of
        self._books: OrderedDict[tuple[str, str], tuple[Book, Book | None]] = OrderedDict()

    def __call__(self, store: Store, community: str, version: str, /) -> Book | None:
        """Return the community's pack of that version, or None where it cannot be had."""
        today = self._book_of(community)
        if today is None:
            return None
        key = (community, version)
        made_for, book = self._books.pop(key, (None, None))
        if made_for is not today:
            book = _made(store, today, version)
        self._books[key] = (today, book)
        if len(self._books) > KEPT:
            self._books.popitem(last=False)
        return book


def _made(store: Store, today: Book, version: str) -> Book | None:
    kept = store.find(Version, sha=version, limit=1)
    pack, problems = load_pack(kept[0].text.encode(), kept[0].name) if kept else (None, ())
    if pack is None:
        why = problems[0] if problems else "it is not kept"
        _log.warning("version %s cannot be had, today's rules hold instead: %s", version, why)
        return None
    now = today.of({})
    pack = borrowed(pack, now.pack)
    return replace(now, pack=pack, version=version, variants={})
