"""When a group is awake: a map of hours and weekdays, and the hours in which posts are met.

An hour is one on the wall: that of a change of clocks is longer, shorter or not there.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from statistics import fmean
from typing import Final, Literal
from zoneinfo import ZoneInfo

from sop.figures import intervals
from sop.figures.intervals import Interval
from sop.times import localtime

WEEKDAYS: Final = 7
HOURS: Final = 24

ENOUGH_WEEKS: Final = 4
"""Weeks from which an hour's figure is more than an impression."""

Confidence = Literal["sure", "likely", "thin"]


@dataclass(frozen=True, slots=True)
class Hour:
    """One local hour that was looked at: Monday is 0; from `since` to before `until` (ms)."""

    weekday: int
    hour: int
    since: int
    until: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Best:
    """An hour worth posting in: how many people speak in it on average.

    confidence: sure (it is above the group's average hour even as the best of all hours that
    were compared), likely (it is, as far as was seen), thin (seen in fewer than four weeks).
    """

    weekday: int
    hour: int
    mean: float
    interval: Interval | None
    weeks: int
    confidence: Confidence


Heat = tuple[tuple[float | None, ...], ...]
"""By weekday, then hour: the mean of that hour; None where no such hour was looked at."""


def within(since: int, until: int, zone: ZoneInfo) -> Iterator[Hour]:
    """Yield the whole local hours from `since` on and before `until`, in order."""
    day = localtime.local_date(since, zone)
    while (midnight := localtime.local_midnight(day, zone)) < until:
        yield from (
            each
            for each in _of_day(day, midnight, zone)
            if since <= each.since < each.until <= until
        )
        day += timedelta(days=1)


def _of_day(day: date, midnight: int, zone: ZoneInfo) -> Iterator[Hour]:
    starts = [midnight, *(localtime.instant(day, 60 * hour, zone) for hour in range(1, HOURS))]
    ends = [*starts[1:], localtime.local_midnight(day + timedelta(days=1), zone)]
    for hour, (start, end) in enumerate(zip(starts, ends, strict=True)):
        yield Hour(day.weekday(), hour, start, end)


def heat(seen: Sequence[tuple[Hour, float]]) -> Heat:
    """Return the mean of each hour of the week over what was seen in it."""
    found = _by_slot(seen)
    return tuple(
        tuple(
            fmean(values) if (values := found.get((weekday, hour))) else None
            for hour in range(HOURS)
        )
        for weekday in range(WEEKDAYS)
    )


def weeks(seen: Sequence[tuple[Hour, float]]) -> int:
    """Return in how many weeks the hour was looked at that was looked at most."""
    return max(map(len, _by_slot(seen).values()), default=0)


def best(
    seen: Sequence[tuple[Hour, float]], most: int, awake: Callable[[int], bool]
) -> tuple[Best, ...]:
    """Return the hours in which most people speak, the surest first, none beside another.

    They are ordered by the lower bound, so that one lucky evening makes no best time. `awake`
    tells for an hour (0 to 23) whether posts may go out then. Nothing where nobody spoke.
    """
    slots = {slot: each for slot, each in _by_slot(seen).items() if awake(slot[1])}
    values = [value for each in slots.values() for value in each]
    average = fmean(values) if values else 0.0
    ranked = sorted(
        (_judged(slot, each, average, len(slots)) for slot, each in slots.items()),
        key=lambda each: (-_low(each), -each.mean, each.weekday, each.hour),
    )
    chosen: list[Best] = []
    for each in ranked:
        beside = any(_beside(each, other) for other in chosen)
        if len(chosen) < most and each.mean > average and not beside:
            chosen.append(each)
    return tuple(chosen)


def _by_slot(seen: Sequence[tuple[Hour, float]]) -> dict[tuple[int, int], list[float]]:
    found: dict[tuple[int, int], list[float]] = {}
    for hour, value in seen:
        found.setdefault((hour.weekday, hour.hour), []).append(value)
    return found


def _judged(slot: tuple[int, int], values: Sequence[float], average: float, looks: int) -> Best:
    interval, strict = intervals.mean(values), intervals.mean(values, looks=looks)
    confidence: Confidence = "likely"
    if len(values) < ENOUGH_WEEKS or strict is None:
        confidence = "thin"
    elif strict.low > average:
        confidence = "sure"
    return Best(
        weekday=slot[0], hour=slot[1], mean=fmean(values), interval=interval,
        weeks=len(values), confidence=confidence,
    )  # fmt: skip


def _low(found: Best) -> float:
    return found.interval.low if found.interval is not None else 0.0


def _beside(one: Best, other: Best) -> bool:
    """Whether they are the same hour, or neighbours, whatever the weekday."""
    return apart(one.hour, other.hour) <= 1


def apart(one: int, other: int) -> int:
    """Return how many hours lie between two hours of the day, the shorter way round."""
    gap = abs(one - other)
    return min(gap, HOURS - gap)
