"""Owns what falls due from a pack over some days, for a group or a member: a plan, not a run.

Pure: nothing is read but the pack and what the caller knows. What hangs on an event whose time
is not known stays relative. Conditions are not asked: what depends on them may not happen.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property
from itertools import chain
from typing import Final, Literal

from sop.book import Book
from sop.budgets import budget, bundles
from sop.fields.pack_types import DateRange
from sop.pack.pack_actions import DmAction, ReportAction
from sop.pack.pack_steps import Step
from sop.times import localtime, quiet
from sop.times.durations import DAY_MS
from sop.times.offsets import Offset
from sop.triggers import schedule, triggers

Layer = Literal["regular", "core"]

LAYERS: Final[tuple[Layer, ...]] = ("regular", "core")

MOST: Final = 100_000
"""Occurrences of one agenda; more are a pack gone wrong, not a plan somebody reads."""

LONGEST_DAYS: Final = 3_660
"""Ten years, the longest length of time a pack can name."""

SPEAKING: Final = (*budget.POSTING, DmAction, ReportAction)
"""Actions that make the bot speak first: quiet hours hold their step."""

_DAY: Final = timedelta(days=1)


class TooMuch(ValueError):
    """There are more than `MOST` occurrences in these days."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What is known of the group and the member; None: not known.

    `created`, `adopted` and `joined` are instants in ms; `layer` None means every group of the
    community at once; `title` and `channels` are the group's.
    """

    starts: date | None = None
    created: int | None = None
    adopted: int | None = None
    joined: int | None = None
    layer: Layer | None = None
    title: str = ""
    channels: Mapping[str, str] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One occurrence: due `at`, really happening at `real`: quiet hours and bundles hold it.

    `bundled`: its posts go out as one with others of that instant. `clash` names the other
    steps that speak in the same group in the same minute; `over` is (messages so far, cap)
    where the budget of that day or week is spent before it.
    """

    at: int
    real: int
    step: Step
    bundled: bool = False
    clash: tuple[str, ...] = ()
    over: tuple[int, int] | None = None

    @property
    def is_shifted(self) -> bool:
        """Whether it is held for a while."""
        return self.real != self.at


@dataclass(frozen=True, slots=True, kw_only=True)
class Agenda:
    """Entries by time (then by the order of the pack), and the steps that wait for an event."""

    first: date
    days: int
    entries: tuple[Entry, ...]
    relative: tuple[Step, ...]


def agenda_of(book: Book, known: Known, first: date, days: int) -> Agenda:
    """Return what falls due on `days` local days from `first` on.

    `book` is the pack as it is in force in the group (`Book.of`). Raises `TooMuch` where that
    is beyond all reason.
    """
    plan = _Plan(book, known)
    start = localtime.local_midnight(first, book.zone)
    end = localtime.local_midnight(first + days * _DAY, book.zone)
    entries: list[Entry] = []
    for step in plan.steps:
        for due in plan.dues(step, start - 1, end - 1):
            entries.append(plan.entry(step, due))
            if len(entries) > MOST:
                raise TooMuch(f"more than {MOST:,} occurrences: ask for fewer days")
    entries.sort(key=lambda entry: entry.at)
    relative = tuple(step for step in plan.steps if not plan.is_timed(step))
    return Agenda(first=first, days=days, entries=tuple(entries), relative=relative)


@dataclass(frozen=True)
class _Plan:
    book: Book
    known: Known
    _ends: dict[int, int] = field(default_factory=dict)

    @cached_property
    def steps(self) -> tuple[Step, ...]:
        """The steps that run in the group, and whose predecessors do."""
        return tuple(step for step in self.book.pack.steps if self._runs(step))

    def _runs(self, step: Step) -> bool:
        if self.known.layer is not None and step.in_ not in ("all", self.known.layer):
            return False
        before = self._before(step)
        return before is None or self._runs(before)

    def _before(self, step: Step) -> Step | None:
        if not isinstance(step.when, triggers.After):
            return None
        return self.book.step(step.when.step)

    def is_timed(self, step: Step) -> bool:
        """Whether its time needs no event, or one whose time is known."""
        match step.when:
            case triggers.AroundStart():
                return self.known.starts is not None
            case triggers.After():
                before = self._before(step)
                return before is not None and self.is_timed(before)
            case triggers.GroupCreated() | triggers.GroupAdopted() | triggers.MemberJoined():
                return self._event(step) is not None
            case _:
                return isinstance(step.when, triggers.TimeTrigger)

    def dues(self, step: Step, after: int, until: int) -> Iterator[int]:
        """Yield when the step falls due after `after` up to `until`, ascending."""
        match step.when:
            case triggers.After(delay_ms=delay):
                yield from self._following(step, delay, after, until)
            case triggers.GroupCreated() | triggers.GroupAdopted() | triggers.MemberJoined():
                event = self._event(step)
                due = None if event is None else self._offset(step, step.when.offset, event)
                if due is not None and after < due <= until:
                    yield due
            case _:
                yield from self._timed(step, after, until)

    def _timed(self, step: Step, after: int, until: int) -> Iterator[int]:
        if not isinstance(step.when, triggers.TimeTrigger):
            return
        zone, calendar = self.book.zone, self.book.calendar
        silent = (*self.book.pack.skip, *step.skip)
        for due in schedule.occurrences(
            step.when, zone, calendar, after, until, self.known.starts
        ):
            instants = (due, self.real(step, due)) if silent else ()
            if not any(_silenced(localtime.local_date(each, zone), silent) for each in instants):
                yield due

    def _following(self, step: Step, delay: int, after: int, until: int) -> Iterator[int]:
        """Each occurrence of the step before, when it really happened, and the delay."""
        before = self._before(step)
        if before is None:
            return
        # What ran before it may have waited a night for the end of quiet hours, and then for
        # the day's bundle.
        for due in self.dues(before, after - delay - 2 * DAY_MS, until - delay):
            following = self.real(before, due) + delay
            if after < following <= until:
                yield following

    def _event(self, step: Step) -> int | None:
        match step.when:
            case triggers.GroupCreated():
                return self.known.created
            case triggers.GroupAdopted():
                return self.known.adopted
            case _:
                return self.known.joined

    def _offset(self, step: Step, offset: Offset, event: int) -> int:
        """A batch waits for more newcomers first, unless one is enough."""
        due = schedule.offset_due(offset, event, self.book.zone)
        if step.batch is None or step.batch.or_count == 1:
            return due
        return due + step.batch.for_ms

    def entry(self, step: Step, due: int) -> Entry:
        """Return the occurrence that falls due then."""
        bundled = self._bundled(step)
        return Entry(at=due, real=self.real(step, due), step=step, bundled=bundled)

    def real(self, step: Step, due: int) -> int:
        """When it happens: at the end of quiet hours if it speaks in them, or with its bundle."""
        if not any(isinstance(action, SPEAKING) for action in step.do):
            return due
        awake = self._awake(due)
        bundle = self.book.pack.bundle
        if bundle is None or not self._bundled(step):
            return awake
        return bundles.next_at(bundle.at, awake, self.book.zone)

    def _awake(self, due: int) -> int:
        """The end of quiet hours around an instant; many steps fall due at the same ones."""
        if due not in self._ends:
            self._ends[due] = quiet.quiet_end(self.book.pack.quiet, due, self.book.zone)
        return self._ends[due]

    def _bundled(self, step: Step) -> bool:
        carriers = self.known.channels
        if self.book.pack.bundle is None or carriers is None:
            return False
        return bundles.is_wanted(step, carriers)


def _silenced(day: date, ranges: Iterable[DateRange]) -> bool:
    return any(day in each for each in ranges)


def in_layer(step: Step, layer: Layer) -> bool:
    """Whether the step runs in groups of that layer."""
    return step.in_ in ("all", layer)


def steps_of(agenda: Agenda) -> tuple[Step, ...]:
    """Every step of the agenda once, entries first."""
    found = chain((entry.step for entry in agenda.entries), agenda.relative)
    return tuple({step.id: step for step in found}.values())
