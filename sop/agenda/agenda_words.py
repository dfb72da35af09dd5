"""Owns how an agenda is said to people: days, times, triggers and marks in words."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import Any, Final

from sop.agenda import agenda_steps
from sop.agenda.agenda import Agenda, Entry, Known
from sop.book import Book
from sop.texts import text
from sop.times import calendars, localtime
from sop.times.calendars import Calendar
from sop.times.durations import UNITS_MS, format_time_of_day
from sop.times.offsets import Offset
from sop.triggers import triggers

_DAY: Final = timedelta(days=1)
_MOST_WORDS: Final = 3
_MOST_NAMED: Final = 3


def weekday(day: date) -> str:
    """Return the day of the week, two characters."""
    return text(f"calendar.weekday-{day.isoweekday()}")


def span(agenda: Agenda) -> str:
    """Return from when to when the agenda goes."""
    last = agenda.first + (agenda.days - 1) * _DAY
    return text("calendar.span", first=agenda.first, last=last, count=agenda.days)


def day_name(day: date, calendar: Calendar) -> str:
    """Return what is special about a day: its holiday, its festival, or that it is (not) free.

    A plain workday, and a plain weekend, have no name.
    """
    official = calendar.holiday(day)
    if official:
        return official
    if calendar.is_made_up(day):
        return text("calendar.made-up")
    festival = next(iter(calendars.festivals_on(day)), "")
    if festival:
        return festival
    freed = day in calendar.off
    return text("calendar.off") if freed else ""


def clock(ms: int, book: Book) -> str:
    """Return the local time of day, `08:30`."""
    return localtime.wall_time(ms, book.zone).strftime("%H:%M")


@dataclass(frozen=True)
class Wording:
    """What the steps and entries of one agenda are called, for one group or all."""

    book: Book
    known: Known

    @cached_property
    def titles(self) -> Mapping[str, str]:
        """The title of every step, by its id."""
        pack, group = self.book.pack, self.known.title
        return {step.id: agenda_steps.title_of(step, pack, group) for step in pack.steps}

    def marks(self, entry: Entry) -> tuple[str, ...]:
        """Everything an operator should know about an entry, a few words each."""
        return tuple(self._marks(entry))

    def _marks(self, entry: Entry) -> Iterator[str]:
        if entry.is_shifted:
            yield shift(entry, self.book)
        if entry.clash:
            yield text("calendar.clash", others=self._others(entry.clash))
        if entry.over:
            yield text("calendar.over", sent=entry.over[0], cap=entry.over[1])
        if self.known.layer is None and entry.step.in_ != "regular":
            yield text(f"calendar.layer-{entry.step.in_}")
        if entry.step.is_conditional or entry.step.each:
            yield text("calendar.conditional")

    def _others(self, steps: Sequence[str]) -> str:
        """The first few titles, and how many there are when there are more."""
        titles = text("people.joiner").join(self.titles[each] for each in steps[:_MOST_NAMED])
        if len(steps) <= _MOST_NAMED:
            return titles
        return text("calendar.and-more", titles=titles, count=len(steps))


def shift(entry: Entry, book: Book) -> str:
    """Return when an entry really happens that is held back, and why."""
    days = (localtime.local_date(each, book.zone) for each in (entry.at, entry.real))
    time = clock(entry.real, book)
    today = len(set(days)) == 1
    if entry.bundled:
        return text("calendar.bundled" if today else "calendar.bundled-next", time=time)
    return text("calendar.shift" if today else "calendar.shift-next", time=time)


def totals(agenda: Agenda) -> str:
    """Return how many entries there are, and how many of them need a look."""
    entries = agenda.entries
    found = [text("calendar.total", count=len(entries))]
    shifted = sum(entry.is_shifted for entry in entries)
    clashing = sum(bool(entry.clash) for entry in entries)
    over = sum(bool(entry.over) for entry in entries)
    found += [text("calendar.total-shift", count=shifted)] if shifted else []
    found += [text("calendar.total-clash", count=clashing)] if clashing else []
    found += [text("calendar.total-over", count=over)] if over else []
    return " · ".join(found)


def unknown_years(agenda: Agenda, book: Book) -> tuple[str, ...]:
    """Return a sentence for each year of the agenda whose holidays are not published."""
    last = agenda.first + (agenda.days - 1) * _DAY
    years = range(agenda.first.year, last.year + 1)
    return tuple(
        text("calendar.unknown-year", year=year) for year in years if not book.calendar.knows(year)
    )


def when(trigger: triggers.Trigger, book: Book) -> str:
    """Return what a step waits for; nothing where only the clock drives it."""
    say = _SAID.get(type(trigger))
    return say(trigger, book) if say else ""


def length(ms: int) -> str:
    """Return a length of time in words, in its largest units."""
    parts, rest = [], ms
    for unit in ("d", "h", "m", "s"):
        count, rest = divmod(rest, UNITS_MS[unit])
        if count:
            parts.append(text(f"when.unit-{unit}", count=count))
    return " ".join(parts)


def _later(event: str, offset: Offset) -> str:
    name = text(f"when.event-{event}")
    if offset.days is not None:
        time = format_time_of_day(offset.at_minute or 0)
        return text("when.later-at", event=name, count=offset.days, time=time)
    if offset.delay_ms:
        return text("when.later", event=name, length=length(offset.delay_ms))
    return text("when.at-once", event=name)


def _around(trigger: triggers.AroundStart, _book: Book) -> str:
    time = format_time_of_day(trigger.minute)
    if trigger.days < 0:
        return text("when.start-before", count=-trigger.days, time=time)
    if trigger.days:
        return text("when.start-after", count=trigger.days, time=time)
    return text("when.start", time=time)


def _after(trigger: triggers.After, book: Book) -> str:
    before = book.step(trigger.step)
    title = agenda_steps.title_of(before, book.pack) if before else trigger.step
    if trigger.delay_ms:
        return text("when.after-later", step=title, length=length(trigger.delay_ms))
    return text("when.after", step=title)


def _says(trigger: triggers.Says, _book: Book) -> str:
    more = "…" if len(trigger.words) > _MOST_WORDS else ""
    return text("when.says", words=" / ".join(trigger.words[:_MOST_WORDS]) + more)


_SAID: Final[Mapping[type[triggers.Trigger], Callable[[Any, Book], str]]] = {
    triggers.GroupCreated: lambda it, _: _later("group-created", it.offset),
    triggers.GroupAdopted: lambda it, _: _later("group-adopted", it.offset),
    triggers.MemberJoined: lambda it, _: _later("member-joined", it.offset),
    triggers.MemberMoment: lambda it, _: text(f"when.moment-{it.name}"),
    triggers.AroundStart: _around,
    triggers.Says: _says,
    triggers.Silence: lambda it, _: text("when.silence", length=length(it.ms)),
    triggers.Inactive: lambda it, _: text("when.inactive", length=length(it.ms)),
    triggers.Likes: lambda it, _: text("when.likes", count=it.n),
    triggers.LikesGiven: lambda it, _: text("when.likes-given", count=it.n),
    triggers.ScoreCrossed: lambda it, _: text("when.score", count=it.n),
    triggers.After: _after,
}
