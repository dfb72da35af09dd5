"""Owns the way back from a trigger to the form a pack writes it in."""

from collections.abc import Callable, Mapping
from typing import Any

from sop.times import days
from sop.times.durations import format_duration, format_time_of_day
from sop.times.offsets import Offset
from sop.triggers import triggers

Form = str | dict[str, Any]

_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_DAYS: Mapping[days.Kind, Callable[[list[int]], str]] = {
    "daily": lambda _: "daily",
    "workdays": lambda _: "workdays",
    "holidays": lambda _: "holidays",
    "weekdays": lambda numbers: ",".join(_WEEKDAYS[number - 1] for number in numbers),
    "month-days": lambda numbers: f"day {','.join(map(str, numbers))}",
    "last-day": lambda _: "last day",
}


def written(trigger: triggers.Trigger) -> Form:
    """Return a text or mapping that `parse_trigger` reads as this very trigger."""
    return _FORMS[type(trigger)](trigger)


def _wall_time(trigger: triggers.WallTime) -> str:
    which = _DAYS[trigger.days.kind](sorted(trigger.days.numbers))
    return f"{format_time_of_day(trigger.time_minute)} {which}"


def _around(trigger: triggers.AroundStart) -> str:
    sign = "-" if trigger.days < 0 else "+"
    away = f" {sign} {abs(trigger.days)}d" if trigger.days else ""
    return f"start{away} at {format_time_of_day(trigger.minute)}"


def _after_event(name: str, offset: Offset) -> str:
    if offset.days is not None:
        return f"{name} + {offset.days}d at {format_time_of_day(offset.at_minute or 0)}"
    return f"{name} + {format_duration(offset.delay_ms)}" if offset.delay_ms else name


def _says(trigger: triggers.Says) -> Form:
    mode = {} if trigger.mode == "any" else {"mode": trigger.mode}
    return {"says": list(trigger.words), **mode}


def _likes_given(trigger: triggers.LikesGiven) -> Form:
    distinct = {"distinct": trigger.distinct} if trigger.distinct > 1 else {}
    return {"likes_given": trigger.n, **distinct}


def _after(trigger: triggers.After) -> Form:
    delay = {"delay": format_duration(trigger.delay_ms)} if trigger.delay_ms else {}
    return {"after": trigger.step, **delay}


_FORMS: Mapping[type[triggers.Trigger], Callable[[Any], Form]] = {
    triggers.WallTime: _wall_time,
    triggers.OneTime: lambda it: f"{it.date.isoformat()} {format_time_of_day(it.minute)}",
    triggers.Festival: lambda it: f"{format_time_of_day(it.minute)} festival {it.name}",
    triggers.Cron: lambda it: {"cron": it.expr},
    triggers.AroundStart: _around,
    triggers.GroupCreated: lambda it: _after_event("group.created", it.offset),
    triggers.GroupAdopted: lambda it: _after_event("group.adopted", it.offset),
    triggers.MemberJoined: lambda it: _after_event("member.joined", it.offset),
    triggers.MemberMoment: lambda it: f"member.{it.name}",
    triggers.Says: _says,
    triggers.Silence: lambda it: {"silence": format_duration(it.ms)},
    triggers.Inactive: lambda it: {"inactive": format_duration(it.ms)},
    triggers.Likes: lambda it: {"likes": it.n},
    triggers.LikesGiven: _likes_given,
    triggers.ScoreCrossed: lambda it: {"score": it.n},
    triggers.After: _after,
}
