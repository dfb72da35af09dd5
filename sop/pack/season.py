"""Seasons: after which time the leaderboard begins anew. The ledger, balance and score go on.

A season's id is the kind of season and its first day (`quarter:2026-10-01`), so that ids of one
kind stand in the order of time.
"""

from datetime import date, timedelta
from functools import lru_cache
from typing import Final, Literal

from pydantic import model_validator

from sop.fields.pack_part import Part, problem
from sop.fields.pack_types import DateText, Items

QUARTER: Final = 3

MONTHS: Final = {"month": 1, "quarter": QUARTER, "year": 12}
"""How many months a season of each kind has."""

DATES: Final = "dates"
"""The kind of seasons that begin on the days the pack names."""


class Seasons(Part):
    """When a season begins: with every month, quarter or year, or on the days of `starts`.

    With `archive`, what everybody had at a season's end is kept for ever.
    """

    every: Literal["month", "quarter", "year"] | None = None
    starts: Items[DateText] = ()
    archive: bool = True

    @model_validator(mode="after")
    def _knows_when(self) -> "Seasons":
        if (self.every is None) == (not self.starts):
            raise problem("needs either every: month, quarter or year, or starts: a list of days")
        if list(self.starts) != sorted(set(self.starts)):
            raise problem("has days out of order or twice: write them from first to last")
        return self


@lru_cache(maxsize=256)
def season_of(seasons: Seasons | None, day: date) -> str:
    """Return the id of the season a local day is in; empty where it is in none."""
    if seasons is None:
        return ""
    if seasons.every is not None:
        length = MONTHS[seasons.every]
        month = (day.month - 1) // length * length + 1
        return f"{seasons.every}:{date(day.year, month, 1).isoformat()}"
    begun = [start for start in seasons.starts if start <= day]
    return f"{DATES}:{begun[-1].isoformat()}" if begun else ""


def kind_of(season: str) -> str:
    """Return what kind of season an id names: month, quarter, year or dates."""
    return season.partition(":")[0]


def first_day(season: str) -> date:
    """Return the first day of a season, from its id."""
    return date.fromisoformat(season.partition(":")[2])


def next_start(seasons: Seasons, day: date) -> date | None:
    """Return the first day after `day` on which a season begins; None where none does."""
    if seasons.every is None:
        return next((start for start in seasons.starts if start > day), None)
    months = first_day(season_of(seasons, day))
    for _ in range(MONTHS[seasons.every]):
        months = (months.replace(day=28) + timedelta(days=4)).replace(day=1)
    return months


def previous(seasons: Seasons, day: date) -> str:
    """Return the id of the season before the one the day is in; empty where there was none."""
    now = season_of(seasons, day)
    return season_of(seasons, first_day(now) - timedelta(days=1)) if now else ""
