"""Owns when time-driven steps fall due, and what is made up after the clock stood still.

Pure functions of instants (milliseconds UTC): `after` is excluded, `until` included. Each
occurrence is one instant; wall times become instants by the rule of `localtime`.
"""

import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Literal, assert_never
from zoneinfo import ZoneInfo

from sop.times import calendars, crons, localtime
from sop.times.calendars import Calendar
from sop.times.days import Days
from sop.times.durations import MINUTE_MS
from sop.times.offsets import Offset
from sop.triggers.triggers import AroundStart, Cron, Festival, OneTime, TimeTrigger, WallTime

Missed = Literal["skip", "latest", "all"]

# What is handled within a minute of its time is on time, whatever a step says about lateness.
ON_TIME_MS = MINUTE_MS

# Birthdays are greeted at 09:00 local time.
BIRTHDAY_MINUTE = 9 * 60

# Later than every occurrence: there is none after `localtime.LAST_YEAR`.
FOREVER = 2**63 - 1

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Timetable:
    """A trigger where it runs; `starts` is the date that `start + 1d at 08:00` counts from."""

    trigger: TimeTrigger
    zone: ZoneInfo
    calendar: Calendar
    starts: date | None = None


def occurrences(
    trigger: TimeTrigger,
    zone: ZoneInfo,
    calendar: Calendar,
    after: int,
    until: int,
    starts: date | None = None,
) -> Iterator[int]:
    """Yield the instants after `after`, up to and with `until`, ascending, each once."""
    last = after
    for wall in _wall_times(trigger, calendar, localtime.wall_time(after, zone), starts):
        due = localtime.resolve(wall, zone)
        if due > until:
            return
        if due > last:
            yield due
            last = due


def next_in(timetable: Timetable, after: int) -> int | None:
    """Return the timetable's first instant after `after`, or None."""
    return next(_due_in(timetable, after, FOREVER), None)


def next_after_edit(timetable: Timetable, now: int, last_run_ms: int | None) -> int | None:
    """Return the next instant of an edited step: none on the local date it already ran on."""
    if last_run_ms is None:
        return next_in(timetable, now)
    zone = timetable.zone
    next_day = localtime.local_midnight(localtime.local_date(last_run_ms, zone) + _DAY, zone)
    return next_in(timetable, max(now, next_day - 1))


def made_up(
    timetable: Timetable, due_at: int, now: int, missed: Missed, grace_ms: int
) -> tuple[tuple[int, ...], int | None]:
    """Return which occurrences from `due_at` to `now` must run now, and the next one after.

    skip: only one that is on time (`ON_TIME_MS`); latest: only the newest that is no later
    than `grace_ms`; all: every one that is no later. `due_at` is the next occurrence that was
    not dealt with yet; when a clock was put back (`now` before it) nothing runs twice.
    """
    tolerated = ON_TIME_MS if missed == "skip" else max(grace_ms, ON_TIME_MS)
    earliest = max(due_at, now - tolerated)
    runs = tuple(_due_in(timetable, earliest - 1, now))
    if missed != "all":
        runs = runs[-1:]
    return runs, next_in(timetable, max(now, due_at - 1))


def offset_due(offset: Offset, from_ms: int, zone: ZoneInfo) -> int:
    """Return the instant that lies `offset` after an event."""
    if offset.days is None:
        return from_ms + offset.delay_ms
    day = localtime.local_date(from_ms, zone) + offset.days * _DAY
    return localtime.instant(day, offset.at_minute or 0, zone)


def next_birthday(month: int, day: int, zone: ZoneInfo, after: int) -> int:
    """Return when that birthday is greeted next; 29 February on the 28th in common years."""
    year = localtime.local_date(after, zone).year
    dues = (
        localtime.instant(_birthday(year + ahead, month, day), BIRTHDAY_MINUTE, zone)
        for ahead in itertools.count()
    )
    return next(due for due in dues if due > after)


def _due_in(timetable: Timetable, after: int, until: int) -> Iterator[int]:
    zone, calendar, starts = timetable.zone, timetable.calendar, timetable.starts
    return occurrences(timetable.trigger, zone, calendar, after, until, starts)


def _wall_times(
    trigger: TimeTrigger, calendar: Calendar, wall: datetime, starts: date | None
) -> Iterator[datetime]:
    """Yield the trigger's wall times without a zone, ascending, from `wall` or earlier on."""
    match trigger:
        case WallTime():
            yield from _at(_days_from(wall.date(), trigger.days, calendar), trigger.time_minute)
        case Festival():
            yield from _at(calendars.festival_dates(trigger.name, wall.year), trigger.minute)
        case OneTime():
            yield from _at(iter((trigger.date,)), trigger.minute)
        case AroundStart():
            if starts is not None:
                yield from _at(iter((starts + trigger.days * _DAY,)), trigger.minute)
        case Cron():
            yield from crons.cron_times(trigger.expr, wall.replace(tzinfo=None, fold=0))
        case _:
            assert_never(trigger)


def _at(dates: Iterator[date], minute: int) -> Iterator[datetime]:
    at = time(*divmod(minute, 60))
    return (datetime.combine(day, at) for day in dates)


def _days_from(day: date, days: Days, calendar: Calendar) -> Iterator[date]:
    while day.year <= localtime.LAST_YEAR:
        if days.include(day, calendar):
            yield day
        day += _DAY


def _birthday(year: int, month: int, day: int) -> date:
    last = (date(year, month, 1) + 31 * _DAY).replace(day=1) - _DAY
    return min(date(year, month, 1) + (day - 1) * _DAY, last)
