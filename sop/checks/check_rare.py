"""Days that come once a month, a year or a group's life, held against the budget of a day."""

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from sop.budgets import budget
from sop.checks.check_day import Due, due_at, in_order, over_a_day
from sop.checks.check_subject import Subject
from sop.pack.pack_steps import Step
from sop.problems import Path
from sop.times import localtime
from sop.times.calendars import Calendar, calendar_for
from sop.times.durations import Cap
from sop.triggers import triggers
from sop.triggers.schedule import occurrences
from sop.yaml.schema_problems import Finding

_UTC: Final = ZoneInfo("UTC")

# A year like any other: the days of the month meet the days of the week in it.
_FIRST: Final = date(2026, 1, 1)
_YEAR: Final = timedelta(days=366)
_BY_MONTH: Final = frozenset({"month-days", "last-day"})
_MOST_DAYS: Final = 400


def over_on_rare_days(subject: Subject, kind: str, cap: Cap) -> Iterator[Finding]:
    """Find steps that the day's budget has no room for because of what comes seldom.

    Where every day is too full anyway: only if another step is due at that very minute.
    """
    running = [
        (path, step)
        for path, step in subject.placed
        if step.in_ in {kind, "all"} and not step.is_conditional
    ]
    calendar = calendar_for(subject.pack.calendar)
    daily = [due for path, step in running for due in _daily(path, step)]
    told = sum(budget.posts_from(due.step) for due in daily) > cap.n
    for day, rare in list(_dates(running, calendar).items())[:_MOST_DAYS]:
        often = [due for path, step in running for due in _on(path, step, day, calendar)]
        yield from over_a_day(in_order([*rare, *often]), cap, day.isoformat(), told=told)
    for label, first in _lives(running).items():
        yield from over_a_day(in_order([*first, *daily]), cap, label, told=told)


def _dates(running: list[tuple[Path, Step]], calendar: Calendar) -> Mapping[date, list[Due]]:
    """Return what comes by the month, the year or once, by its day."""
    found: dict[date, list[Due]] = {}
    for path, step in running:
        for day, minute in _seldom(step, calendar):
            found.setdefault(day, []).append(due_at(minute, path, step))
    return found


def _seldom(step: Step, calendar: Calendar) -> Iterator[tuple[date, int]]:
    match step.when:
        case triggers.OneTime(date=day, minute=minute):
            yield day, minute
        case triggers.WallTime(days=days) if days.kind in _BY_MONTH:
            yield from _in_the_year(step.when, calendar)
        case triggers.Festival():
            yield from _in_the_year(step.when, calendar)
        case _:
            return


def _in_the_year(
    when: triggers.WallTime | triggers.Festival, calendar: Calendar
) -> Iterator[tuple[date, int]]:
    since = localtime.local_midnight(_FIRST, _UTC) - 1
    until = localtime.local_midnight(_FIRST + _YEAR, _UTC) - 1
    for due in occurrences(when, _UTC, calendar, since, until):
        wall = localtime.wall_time(due, _UTC)
        yield wall.date(), wall.hour * 60 + wall.minute


def _on(path: Path, step: Step, day: date, calendar: Calendar) -> Iterator[Due]:
    """Yield the step where it falls on that day by its days of the week."""
    match step.when:
        case triggers.WallTime(days=days, time_minute=minute) if days.kind not in _BY_MONTH:
            if days.include(day, calendar):
                yield due_at(minute, path, step)
        case _:
            return


def _daily(path: Path, step: Step) -> Iterator[Due]:
    when = step.when
    if isinstance(when, triggers.WallTime) and when.days.kind == "daily":
        yield due_at(when.time_minute, path, step)


def _lives(running: list[tuple[Path, Step]]) -> Mapping[str, list[Due]]:
    """Return what comes on one day of a group's life, by the words for that day."""
    found: dict[str, list[Due]] = {}
    for path, step in running:
        for label, minute in _day_of_life(step):
            found.setdefault(label, []).append(due_at(minute, path, step))
    return found


def _day_of_life(step: Step) -> Iterator[tuple[str, int]]:
    match step.when:
        case triggers.AroundStart(days=days, minute=minute):
            yield f"start {days:+}d", minute
        case triggers.GroupCreated(offset=offset) if offset.days is not None:
            yield f"group.created +{offset.days}d", offset.at_minute or 0
        case triggers.GroupAdopted(offset=offset) if offset.days is not None:
            yield f"group.adopted +{offset.days}d", offset.at_minute or 0
        case _:
            return
