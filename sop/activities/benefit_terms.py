"""On what terms a benefit can be had: its days, a budget's period, and how long stock lasts."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from sop.fields.pack_types import DateRange, parse_date
from sop.times import days
from sop.times.calendars import Calendar

MONTH_DAYS: Final = 30
"""Days of the month that a pace is told for: the last ones, so that it can be told every day."""

LOOKED_AHEAD: Final = 400
"""Days in which the next day of a benefit is looked for."""

OPEN: Final = ("given", "waiting")
"""The states of a claim that counts for the person: they have it, or will."""

GONE: Final = (*OPEN, "spoiled")
"""The states of a claim that counts for stock and budget: nobody else can have it."""

_DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Opening:
    """The days on which a benefit can be had: kinds of days, or spans of dates."""

    kind: days.Days | None = None
    spans: tuple[DateRange, ...] = ()

    def includes(self, day: date, calendar: Calendar) -> bool:
        """Tell whether the benefit can be had on that local date."""
        if self.kind is not None:
            return self.kind.include(day, calendar)
        return any(day in span for span in self.spans)

    def following(self, day: date, calendar: Calendar) -> date | None:
        """Return the first such date after that one, None where there is none any more."""
        if self.spans:
            starts = (max(span.first, day + _DAY) for span in self.spans if span.last > day)
            return min(starts, default=None)
        ahead = (day + each * _DAY for each in range(1, LOOKED_AHEAD))
        return next((each for each in ahead if self.includes(each, calendar)), None)


def opening(written: str | None) -> Opening | None:
    """Read `sat,sun`, `workdays`, `day 1`, `2027-02-01..2027-02-10, 2027-03-08`.

    None: at any time, or words for people alone.
    """
    text = (written or "").strip().casefold()
    if not text:
        return None
    if days.are_days(text):
        return Opening(kind=days.parse_days(text))
    try:
        return Opening(spans=tuple(_span(part.strip()) for part in text.split(",")))
    except ValueError:
        return None


def _span(text: str) -> DateRange:
    first, _, last = text.partition("..")
    span = DateRange(parse_date(first.strip()), parse_date(last.strip() or first.strip()))
    if span.last < span.first:
        raise ValueError(f"{span.last} is before {span.first}")
    return span


def period_of(per: str, day: date) -> tuple[date, date]:
    """Return the first date of the day, week or month that holds a date, and of the next one."""
    return _PERIODS[per](day)


def _month(day: date) -> tuple[date, date]:
    first = day.replace(day=1)
    return first, (first + 31 * _DAY).replace(day=1)


def _week(day: date) -> tuple[date, date]:
    monday = day - day.weekday() * _DAY
    return monday, monday + 7 * _DAY


_PERIODS: Final[Mapping[str, Callable[[date], tuple[date, date]]]] = {
    "day": lambda day: (day, day + _DAY),
    "week": _week,
    "month": _month,
}


def months_left(left: int | None, lately: int) -> float | None:
    """Return for how many months the stock lasts if people go on taking `lately` a month.

    None: for ever, as far as one can tell.
    """
    if left is None or (lately <= 0 < left):
        return None
    return round(left / lately, 1) if lately > 0 else 0.0


def runs_low(left: int | None, lately: int) -> bool:
    """Tell whether stock that people do take lasts for less than another month.

    One that was taken is no pace yet.
    """
    return left is not None and lately > 1 and left < lately


@dataclass(frozen=True, slots=True, kw_only=True)
class Offered:
    """One benefit as it stands: `left` None is without bound, `lately` are the last 30 days."""

    id: str
    title: str
    price: int
    cost: int
    left: int | None
    lately: int
    monthly: Mapping[str, int]
    withdrawn: bool = False

    @property
    def months_left(self) -> float | None:
        """For how many months it lasts; None: for ever."""
        return months_left(self.left, self.lately)

    @property
    def low(self) -> bool:
        """Whether it lasts for less than a month."""
        return not self.withdrawn and runs_low(self.left, self.lately)


@dataclass(frozen=True, slots=True, kw_only=True)
class Forecast:
    """What members hold and could ask for, against what there is.

    `outstanding` are the points in members' hands, `earned` and `spent` those of the last 30
    days. `budget` None: the pack states none; `spent_budget` is what the period has cost so far.
    """

    offered: tuple[Offered, ...]
    outstanding: int
    earned: int
    spent: int
    budget: int | None = None
    spent_budget: int = 0

    @property
    def covered(self) -> int | None:
        """Points that all priced stock would take in; None: something priced is without bound."""
        priced = [each for each in self.offered if each.price and not each.withdrawn]
        if any(each.left is None for each in priced):
            return None
        return sum(each.price * (each.left or 0) for each in priced)

    @property
    def uncovered(self) -> int:
        """Points for which nothing is left to be had."""
        covered = self.covered
        return 0 if covered is None else max(0, self.outstanding - covered)

    @property
    def promises_too_much(self) -> bool:
        """Whether members hold more points than there is to spend them on, if on anything."""
        return self.uncovered > 0 and any(each.price for each in self.offered)
