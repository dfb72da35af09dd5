"""What a picture of one day needs of a rehearsal, kept while the rehearsal goes by.

Of other days only what tells people's names and roles is kept, so that a year costs no memory.
"""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, Final

from bot.rehearsal.script import Cue
from sop.book import Book
from sop.times import localtime

_TELLING: Final = frozenset({"group.created", "member.joined", "role"})


class Reel:
    """Sees cues and lines as they are played; without `day` the first day is kept."""

    def __init__(self, book: Book, day: date | None = None) -> None:
        self._zone = book.zone
        self.day = day
        self.days: dict[date, None] = {}
        self.cues: list[Cue] = []
        self.lines: list[Mapping[str, Any]] = []

    def see(self, cue: Cue) -> None:
        """Keep a cue of the day, or one that tells who somebody is."""
        if self._kept(localtime.local_date(cue.at, self._zone)) or cue.kind in _TELLING:
            self.cues.append(cue)

    def heed(self, line: Mapping[str, Any]) -> None:
        """Keep a line of the day; its `at` bears the pack's offset."""
        if self._kept(datetime.fromisoformat(str(line["at"])).date()):
            self.lines.append(line)

    def _kept(self, day: date) -> bool:
        self.days[day] = None
        if self.day is None:
            self.day = day
        return day == self.day
