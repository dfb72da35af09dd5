"""Checks of times: what lies in quiet hours, and days of which nothing is known."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Final

from sop.checks.check_subject import Subject, warning
from sop.pack.pack import Item
from sop.pack.pack_actions import ShareDayAction
from sop.pack.pack_steps import Step
from sop.times import quiet
from sop.times.calendars import calendar_for
from sop.triggers import triggers
from sop.yaml.schema_problems import Finding

_SOON: Final = timedelta(days=30)
_BY_CALENDAR: Final = frozenset({"workdays", "holidays"})


def in_quiet_hours(subject: Subject) -> Iterator[Finding]:
    """Find steps whose time lies in quiet hours: their posts always wait."""
    hours = subject.pack.quiet
    for path, step in subject.placed:
        minute = minute_of(step)
        if minute is not None and quiet.covers(hours, minute):
            message = "falls into quiet hours: what it posts waits until they end"
            yield warning((*path, "when"), message)
    bundle = subject.pack.bundle
    if bundle and quiet.covers(hours, bundle.at):
        message = "falls into quiet hours: choose a time outside of them"
        yield Finding(path=("bundle", "at"), message=message)


def minute_of(step: Step) -> int | None:
    """Return the minute of the day at which the step's trigger fires, where it tells one."""
    match step.when:
        case triggers.WallTime(time_minute=minute):
            return minute
        case triggers.OneTime(minute=minute) | triggers.AroundStart(minute=minute):
            return minute
        case triggers.Festival(minute=minute):
            return minute
        case triggers.GroupCreated(offset=offset) | triggers.MemberJoined(offset=offset):
            return offset.at_minute
        case triggers.GroupAdopted(offset=offset):
            return offset.at_minute
        case triggers.Cron(expr=expr):
            return _cron_minute(expr)
        case _:
            return None


def _cron_minute(expr: str) -> int | None:
    minute, hour, *_ = expr.split()
    return int(hour) * 60 + int(minute) if hour.isdecimal() and minute.isdecimal() else None


def unknown_holidays(subject: Subject) -> Iterator[Finding]:
    """Find steps on workdays or holidays when the official calendar is about to end."""
    if subject.today is None:
        return
    calendar = calendar_for(subject.pack.calendar)
    year = (subject.today + _SOON).year
    if calendar.knows(year):
        return
    for path, step in subject.placed:
        if isinstance(step.when, triggers.WallTime) and step.when.days.kind in _BY_CALENDAR:
            message = f"the holidays of {year} are not known yet: Saturday and Sunday are off"
            yield warning((*path, "when"), message)


def days_both_ways(subject: Subject) -> Iterator[Finding]:
    """Find days that the corrections of the calendar call both free and worked."""
    free = set(subject.pack.calendar.off)
    for index, day in enumerate(subject.pack.calendar.on):
        if day in free:
            message = f"{day} is under off already: a day is free or worked"
            yield Finding(path=("calendar", "on", index), message=message)


def out_of_season(subject: Subject) -> Iterator[Finding]:
    """Find items of pools that are over, or whose days end before they begin."""
    for path, item in subject.parts:
        if isinstance(item, Item) and item.until:
            if item.from_ and item.until < item.from_:
                message = f"is before {item.from_}: the earlier day comes first"
                yield Finding(path=(*path, "until"), message=message)
            elif subject.today and item.until < subject.today:
                yield warning((*path, "until"), "is over: this item will not be dropped again")


def invited_ahead(subject: Subject) -> Iterator[Finding]:
    """Find hosts who would be invited ahead of a time that nobody knows before it has come."""
    for path, step, action in subject.actions:
        known = isinstance(step.when, _FORESEEN) or getattr(step.when, "offset", None)
        if isinstance(action, ShareDayAction) and action.invite and not known:
            message = "nobody can be invited ahead: when this step runs is not known before"
            yield warning((*path, "share_day", "invite"), message)


_FORESEEN: Final = (
    triggers.WallTime,
    triggers.OneTime,
    triggers.Festival,
    triggers.Cron,
    triggers.AroundStart,
)
