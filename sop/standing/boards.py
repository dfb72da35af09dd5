"""What leaderboards rank: what a person won this week, month and season, and with which deeds.

Points count as standing; deeds are counted by the month. Kept beside the balance, as a mapping
from a board's name to (period, amount), so that ranking thousands reads no ledger. A board whose
period is over is begun anew by the next entry; one whose period is yet to come (a clock that was
put back) is left alone. What was reversed never stood.
"""

from collections.abc import Mapping
from datetime import date, timedelta
from functools import lru_cache
from typing import Final
from zoneinfo import ZoneInfo

from sop.pack import season
from sop.pack.season import Seasons
from sop.times import localtime

Boards = Mapping[str, tuple[str, int]]
Periods = tuple[str, str, str]
"""The week, the month and the season (or empty) that an instant is in."""

WEEK: Final = "week"
MONTH: Final = "month"
SEASON: Final = "season"

SUMS: Final = (WEEK, MONTH, SEASON)
"""Boards of points; every other is named like a deed and counts it."""

UNCOUNTED: Final = frozenset({"reversal", "redeem", "strike", "recompute"})
"""Deeds that are not a member's doing for the community: nobody is ranked by them."""

Bounds = tuple[int, int]

_NONE: Final = ("", 0)
_FOR_EVER: Final = 1 << 62


@lru_cache(maxsize=256)
def periods(seasons: Seasons | None, day: date) -> Periods:
    """Return the periods a local day is in."""
    year, week, _ = day.isocalendar()
    return f"{year}-W{week:02}", f"{day.year}-{day.month:02}", season.season_of(seasons, day)


def with_entry(boards: Boards, deed: str, points: int, now: Periods) -> dict[str, tuple[str, int]]:
    """Return the boards with an entry of `points` (standing) for a deed."""
    found = dict(boards)
    for name, current in zip(SUMS, now, strict=True):
        if current:
            _add(found, name, current, points)
    if deed not in UNCOUNTED:
        _add(found, deed, now[1], 1)
    return found


def without_entry(
    boards: Boards, deed: str, points: int, then: Periods
) -> dict[str, tuple[str, int]]:
    """Return the boards with a reversed entry, booked in the periods `then`, taken out."""
    found = dict(boards)
    for name, period in zip(SUMS, then, strict=True):
        _take(found, name, period, points)
    if deed not in UNCOUNTED:
        _take(found, deed, then[1], 1)
    return found


def amount(boards: Boards, name: str, period: str) -> int:
    """Return what stands on a board for that period."""
    known, value = boards.get(name, _NONE)
    return value if known == period else 0


def begins_otherwise(boards: Boards, current: str) -> bool:
    """Tell whether seasons are of another kind than those this person was counted in.

    Then what was won since the season's first day is only in the ledger.
    """
    known = boards.get(SEASON, _NONE)[0]
    return bool(current and boards) and _differ_in_kind(known, current)


def _differ_in_kind(known: str, current: str) -> bool:
    return season.kind_of(known) != season.kind_of(current)


def _add(found: dict[str, tuple[str, int]], name: str, current: str, points: int) -> None:
    known, value = found.get(name, _NONE)
    if known == current:
        found[name] = (current, value + points)
    elif known < current or (name == SEASON and _differ_in_kind(known, current)):
        found[name] = (current, points)


def _take(found: dict[str, tuple[str, int]], name: str, period: str, points: int) -> None:
    known, value = found.get(name, _NONE)
    if known and known == period:
        found[name] = (known, value - points)


@lru_cache(maxsize=256)
def bounds(seasons: Seasons | None, name: str, period: str, zone: ZoneInfo) -> Bounds | None:
    """Return the instants from which and before which a board's period lasts.

    None for a season of a kind the pack no longer has: nobody can say when that ended.
    """
    days = _days(seasons, name, period)
    if days is None:
        return None
    first, after = days
    ends = localtime.local_midnight(after, zone) if after else _FOR_EVER
    return localtime.local_midnight(first, zone), ends


def _days(seasons: Seasons | None, name: str, period: str) -> tuple[date, date | None] | None:
    if name == WEEK:
        year, _, week = period.partition("-W")
        monday = date.fromisocalendar(int(year), int(week), 1)
        return monday, monday + timedelta(days=7)
    if name == SEASON:
        first = season.first_day(period)
        if seasons is None or season.season_of(seasons, first) != period:
            return None
        return first, season.next_start(seasons, first)
    first = date.fromisoformat(f"{period}-01")
    return first, (first + timedelta(days=31)).replace(day=1)
