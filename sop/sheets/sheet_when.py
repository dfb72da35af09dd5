"""From a row's day and time to triggers, and from a trigger back to the words of a table."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from sop.sheets.sheet import Cell
from sop.sheets.sheet_days import AT_TIME, Days
from sop.sheets.sheet_times import read_times
from sop.sheets.sheet_words import key_text, weekday_names, written
from sop.times.days import Days as WallDays
from sop.times.durations import format_duration, format_time_of_day
from sop.times.offsets import Offset
from sop.triggers import triggers
from sop.triggers.triggers import Trigger

_IDS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


@dataclass(frozen=True, slots=True, kw_only=True)
class When:
    """When a row's content is due.

    `until` is the end of a span of time (HH:MM), which a pack does not hold; `timeless`: the
    time was read but the trigger fires at once.
    """

    triggers: tuple[Trigger, ...]
    until: str = ""
    timeless: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """A trigger in words: a table's day and time, a step's `when`, the beginning of an id."""

    day: str
    time: str
    when: str
    slug: str


def combine(days: Days, time: Cell, *, has_time: bool) -> When:
    """Return the triggers of every head of `days` at every time; `ValueError` for what is wrong.

    The time of day is that of the time's own cell, or, where that is empty, of the day's.
    """
    said: Cell = time if has_time else days.time
    timed = [head for head in days.heads if AT_TIME in head]
    if not timed:
        return _of_events(days.heads, said)
    if not (has_time or days.time):
        raise ValueError("there is no time of day: write it as 08:00")
    minutes, until = read_times(said, days.half)
    found = tuple(
        triggers.parse_trigger(head.replace(AT_TIME, format_time_of_day(minute)))
        for head in days.heads
        for minute in (minutes if AT_TIME in head else minutes[:1])
    )
    return When(triggers=found, until=until)


def _of_events(heads: tuple[str, ...], said: Cell) -> When:
    """Events take no time of day; what the row says may be how long after them (`30m`)."""
    delayed = [_delayed(head, said) for head in heads]
    found = tuple(
        each or triggers.parse_trigger(head) for head, each in zip(heads, delayed, strict=True)
    )
    return When(triggers=found, timeless=not any(delayed) and _is_time(said))


def _delayed(head: str, said: Cell) -> Trigger | None:
    try:
        return triggers.parse_trigger(f"{head} {key_text(said)}") if key_text(said) else None
    except ValueError:
        return None


def _is_time(said: Cell) -> bool:
    try:
        return bool(read_times(said))
    except ValueError:
        return False


def words_of(trigger: Trigger) -> Words | None:
    """Return a trigger in words, or None for one that no day and time can say.

    What is in `when` reads back as the same trigger, and so do `day` and `time` together.
    """
    say = _SAID.get(type(trigger))
    return say(trigger) if say else None


def _timed(day: str, minute: int, slug: str, *, date: str = "") -> Words:
    time = format_time_of_day(minute)
    digits = time.replace(":", "")
    return Words(day=day, time=time, when=f"{date or day} {time}", slug=f"{slug}-{digits}")


def _wall(trigger: triggers.WallTime) -> Words:
    days = trigger.days
    return _timed(_days(days), trigger.time_minute, _slug(days))


def _days(days: WallDays) -> str:
    if days.kind == "weekdays":
        names = weekday_names()
        if _is_run(days.numbers):
            first, last = names[min(days.numbers) - 1], names[max(days.numbers) - 1]
            return written("weekday-run", first=first, last=last)
        return written("weekdays", days=_joined(names[n - 1] for n in sorted(days.numbers)))
    if days.kind == "month-days":
        return written("month-days", days=_joined(map(str, sorted(days.numbers))))
    return written(days.kind)


def _is_run(numbers: frozenset[int]) -> bool:
    """Whether these are three days or more in a row."""
    return len(numbers) == max(numbers) - min(numbers) + 1 > 2  # noqa: PLR2004 - two are a list


def _joined(parts: Any) -> str:
    return written("comma").join(parts)


def _slug(days: WallDays) -> str:
    numbers = sorted(days.numbers)
    if days.kind == "weekdays":
        ends = (numbers[0], numbers[-1]) if _is_run(days.numbers) else numbers
        return "-".join(_IDS[n - 1] for n in ends)
    if days.kind == "month-days":
        return "-".join(["month", *(f"{n:02}" for n in numbers)])
    return days.kind


def _once(trigger: triggers.OneTime) -> Words:
    weekday = weekday_names()[trigger.date.isoweekday() - 1]
    date = trigger.date.isoformat()
    day = written("date", date=date, weekday=weekday)
    return _timed(day, trigger.minute, trigger.date.strftime("%m%d"), date=date)


def _festival(trigger: triggers.Festival) -> Words:
    return _timed(trigger.name, trigger.minute, "festival")


def _around(trigger: triggers.AroundStart) -> Words:
    days = trigger.days
    name = "on" if days == 0 else "after" if days > 0 else "before"
    slug = f"d{days + 1:02}" if days >= 0 else f"before-{-days}d"
    return _timed(written("start", name, days=abs(days)), trigger.minute, slug)


def _event(name: str, slug: str) -> Callable[[Any], Words]:
    def say(trigger: triggers.GroupCreated) -> Words:
        return _offset(trigger.offset, name, slug)

    return say


def _offset(offset: Offset, name: str, slug: str) -> Words:
    if offset.days is not None and offset.at_minute is not None:
        day = written(name, "after", days=offset.days)
        return _timed(day, offset.at_minute, f"{slug}-{offset.days}d")
    if not offset.delay_ms:
        at_once = written(name, "at-once")
        return Words(day=at_once, time="", when=name, slug=slug)
    delay = format_duration(offset.delay_ms)
    words = f"{name} + {delay}"
    return Words(day=words, time="", when=words, slug=f"{slug}-{delay}")


_SAID: Mapping[type[Trigger], Callable[[Any], Words]] = {
    triggers.WallTime: _wall,
    triggers.OneTime: _once,
    triggers.Festival: _festival,
    triggers.AroundStart: _around,
    triggers.GroupCreated: _event("group.created", "founded"),
    triggers.GroupAdopted: _event("group.adopted", "adopted"),
    triggers.MemberJoined: _event("member.joined", "joined"),
}
