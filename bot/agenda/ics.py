"""An agenda as iCalendar (RFC 5545), for the calendar programs people already have.

Times are UTC, so that every program shows them in its owner's own zone without a table of zones.
"""

from collections import Counter
from datetime import datetime, timedelta

from icalendar import Calendar, Event

from sop.agenda import agenda_steps
from sop.agenda.agenda import Agenda, Entry, Known
from sop.agenda.agenda_words import Wording
from sop.book import Book
from sop.pack.pack_actions import GameAction, QuestionsAction, ShareDayAction
from sop.texts import text
from sop.times import localtime

MINUTES = 15
"""How long something lasts in the calendar that says nothing of its length."""

_HELD = (QuestionsAction, ShareDayAction, GameAction)


def calendar_file(agenda: Agenda, book: Book, known: Known, place: str = "") -> bytes:
    """Return the bytes of the file: the same agenda gives the same bytes.

    `place` tells groups apart that share a pack: an occurrence keeps its UID in every file made
    for the same place, so that importing a later file changes events instead of doubling them.
    """
    calendar = Calendar()
    calendar.add("prodid", "-//Qunyun//calendar//ZH")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "PUBLISH")
    name = " · ".join(filter(None, (book.pack.title, known.title)))
    calendar.add("x-wr-calname", " ".join(name.split()))
    calendar.add("x-wr-timezone", book.pack.timezone)
    stamp = _instant(localtime.local_midnight(agenda.first, book.zone))
    said = Wording(book, known)
    seen: Counter[tuple[str, int]] = Counter()
    for entry in agenda.entries:
        event = _event(entry, said, stamp)
        # What waited for one morning may set off the same chained step more than once.
        seen[entry.step.id, entry.at] += 1
        event.add("uid", _uid(entry, book, place, seen[entry.step.id, entry.at]))
        calendar.add_component(event)
    return bytes(calendar.to_ical())


def _uid(entry: Entry, book: Book, place: str, turn: int) -> str:
    owner = ".".join(filter(None, (place.replace("/", "."), book.pack.pack)))
    again = f"-{turn}" if turn > 1 else ""
    return f"{entry.step.id}-{_instant(entry.at):%Y%m%dT%H%M%SZ}{again}@{owner}.qunyun"


def _event(entry: Entry, said: Wording, stamp: datetime) -> Event:
    event = Event()
    event.add("dtstamp", stamp)
    event.add("dtstart", _instant(entry.real))
    event.add("dtend", _instant(entry.real) + _length(entry))
    event.add("summary", said.titles[entry.step.id])
    event.add("categories", [text(f"kinds.{agenda_steps.kind_of(entry.step)}")])
    marks = said.marks(entry)
    if marks:
        event.add("description", "\n".join(marks))
    # Nobody's own time is taken by what a bot does.
    event.add("transp", "TRANSPARENT")
    return event


def _instant(ms: int) -> datetime:
    return localtime.wall_time(ms - ms % 1_000, localtime.parse_zone("UTC"))


def _length(entry: Entry) -> timedelta:
    """As long as its slot or game; a thread or collection is shown at its beginning only."""
    lengths = (action.for_ms for action in entry.step.do if isinstance(action, _HELD))
    return timedelta(milliseconds=max(lengths, default=0)) or timedelta(minutes=MINUTES)
