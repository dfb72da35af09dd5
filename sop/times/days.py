"""Owns which local dates a repeated step falls on: daily, workdays, days of the week or month."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal, get_args

from sop import suggestions
from sop.times.calendars import Calendar
from sop.times.durations import shown

Kind = Literal["daily", "workdays", "holidays", "weekdays", "month-days", "last-day"]

_DAY = timedelta(days=1)
_NAMES = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_LONG_NAMES = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_NUMBERS = {name: n for names in (_NAMES, _LONG_NAMES) for n, name in enumerate(names, 1)}
_LAST_OF_LONG_MONTHS = 31
_FORMS = "write daily, workdays, holidays, wed, mon,thu, day 1, last day or a date"


@dataclass(frozen=True, slots=True, kw_only=True)
class Days:
    """`numbers` are 1 Monday to 7 Sunday for weekdays, 1 to 31 for month-days, else empty."""

    kind: Kind
    numbers: frozenset[int] = frozenset()

    def include(self, day: date, calendar: Calendar) -> bool:
        """Whether that local date is one of these days."""
        return _INCLUDES[self.kind](self.numbers, day, calendar)


def parse_days(text: str) -> Days:
    """Read `daily`, `workdays`, `holidays`, `wed`, `mon,thu`, `mon-fri`, `day 1`, `last day`."""
    if text in _WHOLE:
        return Days(kind=_WHOLE[text])
    if text.startswith("day "):
        return Days(kind="month-days", numbers=_month_days(text))
    numbers = [_weekdays(part, text) for part in re.split(r"\s*,\s*", text)]
    return Days(kind="weekdays", numbers=frozenset().union(*numbers))


def are_days(text: str) -> bool:
    """Whether `parse_days` can read that text."""
    try:
        parse_days(text)
    except ValueError:
        return False
    return True


_WHOLE: Mapping[str, Kind] = {
    "daily": "daily",
    "workdays": "workdays",
    "holidays": "holidays",
    "last day": "last-day",
}

_INCLUDES: Mapping[Kind, Callable[[frozenset[int], date, Calendar], bool]] = {
    "daily": lambda _numbers, _day, _calendar: True,
    "workdays": lambda _numbers, day, calendar: calendar.is_workday(day),
    "holidays": lambda _numbers, day, calendar: not calendar.is_workday(day),
    "weekdays": lambda numbers, day, _calendar: day.isoweekday() in numbers,
    "month-days": lambda numbers, day, _calendar: day.day in numbers,
    "last-day": lambda _numbers, day, _calendar: (day + _DAY).day == 1,
}
assert set(_INCLUDES) == set(get_args(Kind))


def _month_days(text: str) -> frozenset[int]:
    parts = [part.strip() for part in text.removeprefix("day ").split(",")]
    numbers = {int(part) for part in parts if re.fullmatch("[0-9]{1,2}", part)}
    if len(numbers) != len(parts) or not numbers <= set(range(1, _LAST_OF_LONG_MONTHS + 1)):
        raise ValueError(
            f"{shown(text)} is not a day of the month: write day 1 to day 31, or last day"
        )
    return frozenset(numbers)


def _weekdays(part: str, text: str) -> frozenset[int]:
    """Read `wed` or `mon-fri`; a range may run over Sunday."""
    first, _, last = (end.strip() for end in part.partition("-"))
    start, end = _NUMBERS.get(first), _NUMBERS.get(last or first)
    if start is None or end is None:
        hint = suggestions.did_you_mean(text, (*_WHOLE, *_NUMBERS), _FORMS)
        raise ValueError(f"{shown(text)} does not say which days: {hint}")
    return frozenset((start - 1 + n) % 7 + 1 for n in range((end - start) % 7 + 1))
