"""Owns which days are workdays or holidays in China, and on which dates its festivals fall.

Official holidays and make-up days come from the package `chinese_calendar`, lunar dates and
solar terms from `lunar_python`. What a pack corrects wins over both.
"""

import importlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache, lru_cache
from typing import Any, Literal, Protocol

import chinese_calendar

from sop import suggestions
from sop.times import localtime, time_words
from sop.times.durations import shown

_DAY = timedelta(days=1)
_OFFICIAL_YEARS = frozenset(day.year for day in chinese_calendar.constants.holidays)
_SATURDAY = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Calendar:
    """Workdays by the official Chinese calendar (`cn`) or by the week alone (`none`), corrected.

    Days in `off` are no workdays and days in `on` are, whatever the base says.
    """

    base: Literal["cn", "none"] = "cn"
    off: frozenset[date] = frozenset()
    on: frozenset[date] = frozenset()

    def is_workday(self, day: date) -> bool:
        """Whether people work that day; every day that is no workday is a holiday."""
        if day in self.on:
            return True
        if day in self.off:
            return False
        return _official(day) if self.base == "cn" else day.weekday() < _SATURDAY

    def holiday(self, day: date) -> str:
        """The name of the official holiday the day is off for; empty on every other day.

        A plain weekend has no name, and neither has a day that only the pack made free.
        """
        if self.base != "cn" or self.is_workday(day):
            return ""
        return _official_name(day)

    def is_made_up(self, day: date) -> bool:
        """Whether people work although it is a Saturday or Sunday."""
        return day.weekday() >= _SATURDAY and self.is_workday(day)

    def knows(self, year: int) -> bool:
        """Tell False where holidays are not published: only Saturday and Sunday are off."""
        return self.base == "none" or year in _OFFICIAL_YEARS


class Corrections(Protocol):
    """What a pack says about its calendar."""

    @property
    def base(self) -> Literal["cn", "none"]:
        """The calendar that is corrected."""

    @property
    def off(self) -> Iterable[date]:
        """Days that are free."""

    @property
    def on(self) -> Iterable[date]:
        """Days that are worked."""


def calendar_for(corrections: Corrections) -> Calendar:
    """Return the calendar that a pack's `calendar:` means."""
    off, on = frozenset(corrections.off), frozenset(corrections.on)
    return Calendar(base=corrections.base, off=off, on=on)


def parse_festival(text: str) -> str:
    """Return the first name of a festival known by any of its names, else `ValueError`."""
    names = _festival_names()
    said = " ".join(text.split()).casefold()
    if said in names:
        return names[said]
    hint = suggestions.did_you_mean(said, names, f"known are {_some_names()}")
    raise ValueError(f"{shown(text)} is not a festival with a known date: {hint}")


def is_festival(text: str) -> bool:
    """Whether `parse_festival` knows that name."""
    return " ".join(text.split()).casefold() in _festival_names()


def festival_dates(name: str, from_year: int) -> Iterator[date]:
    """Yield the dates of a festival (by its first name), ascending, to the end of `LAST_YEAR`.

    The first lies before the end of `from_year`; it may lie up to two years before it.
    """
    for year in range(from_year - 1, localtime.LAST_YEAR + 1):
        yield _festival_date(name, year)


def festivals_on(day: date) -> tuple[str, ...]:
    """Return the first names of the festivals that fall on a date, in the order of the data."""
    return _festivals_of(day.year).get(day, ())


@lru_cache(maxsize=64)
def _festivals_of(year: int) -> Mapping[date, tuple[str, ...]]:
    found: dict[date, tuple[str, ...]] = {}
    for name in _festival_rows():
        # A lunar year's last festivals fall into the next solar year, its first term before it.
        near = range(year - 1, year + 2)
        for day in dict.fromkeys(_festival_date(name, each) for each in near):
            if day.year == year:
                found[day] = (*found.get(day, ()), name)
    return found


@cache
def _holiday_names() -> Mapping[str, str]:
    return {each.value: each.chinese for each in chinese_calendar.Holiday}


@lru_cache(maxsize=4096)
def _official_name(day: date) -> str:
    if day.year not in _OFFICIAL_YEARS:
        return ""
    return _holiday_names().get(chinese_calendar.get_holiday_detail(day)[1] or "", "")


@lru_cache(maxsize=4096)
def _official(day: date) -> bool:
    if day.year not in _OFFICIAL_YEARS:
        return day.weekday() < _SATURDAY
    return bool(chinese_calendar.is_workday(day))


@cache
def _festival_rows() -> dict[str, Mapping[str, Any]]:
    return {row["names"][0]: row for row in time_words.packaged().festivals}


@cache
def _festival_names() -> dict[str, str]:
    rows = _festival_rows()
    return {name: first for first, row in rows.items() for name in row["names"]}


def _some_names() -> str:
    return ", ".join(list(_festival_rows())[:8]) + " and others"


@lru_cache(maxsize=1024)
def _festival_date(name: str, year: int) -> date:
    """Return the date in that solar year, or in the lunar year that begins in it."""
    row = _festival_rows()[name]
    if "solar" in row:
        return date(year, *row["solar"])
    if "nth" in row:
        first = date(year, row["month"], 1)
        ahead: int = (row["weekday"] - first.isoweekday()) % 7 + 7 * (row["nth"] - 1)
        return first + ahead * _DAY
    return _lunar_date(row, year)


def _lunar_date(row: Mapping[str, Any], year: int) -> date:
    # Loaded at the first lunar festival only: most packs name none.
    lunar = importlib.import_module("lunar_python").Lunar
    if "term" in row:
        solar = lunar.fromYmd(year, 1, 1).getJieQiTable()[row["term"]]
    else:
        solar = lunar.fromYmd(year, *row["lunar"]).getSolar()
    shift: int = row.get("shift", 0)
    return date(solar.getYear(), solar.getMonth(), solar.getDay()) + shift * _DAY
