"""Owns how spans of time, times of day, rates and caps are written in a pack.

Every function takes the text an operator wrote and either gives plain numbers or raises
`ValueError` with a sentence that says what would be right.
"""

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

MINUTE_MS = 60_000
HOUR_MS = 60 * MINUTE_MS
DAY_MS = 24 * HOUR_MS
DAY_MINUTES = 24 * 60

UNITS_MS = {"w": 7 * DAY_MS, "d": DAY_MS, "h": HOUR_MS, "m": MINUTE_MS, "s": 1_000}

# Ten years: longer is a typing mistake, and sums with it must stay valid dates.
LONGEST_MS = 3_660 * DAY_MS

# A count above this is a typing mistake; it also bounds what int() is given.
LARGEST_COUNT = 1_000_000

_SHOWN = 60

Period = Literal["day", "week"]

_DURATION = re.compile("".join(f"(?:([0-9]{{1,9}}){unit})?" for unit in UNITS_MS))
_TIME = re.compile(r"([0-9]{1,2}):([0-9]{2})")
_RATE = re.compile(r"([0-9]{1,7})\s*/\s*([0-9a-z]+)")
_CAP = re.compile(r"([0-9]{1,7})\s*/\s*(day|week)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """Local time from start to before end, minutes of the day; past midnight if end < start."""

    start_minute: int
    end_minute: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Cap:
    """At most `n` in one local calendar day or ISO week."""

    n: int
    period: Period


def shown(value: object) -> str:
    """Quote the operator's own words in an error sentence: one line, at most 60 characters."""
    text = repr(value[:_SHOWN] if isinstance(value, str) else value)
    return text if len(text) <= _SHOWN else text[: _SHOWN - 3] + "..."


def parse_duration(value: object) -> int:
    """Read `90s`, `30m`, `1h30m`, `2d`, `1w` as milliseconds, 0 to ten years."""
    text = value.strip().casefold() if isinstance(value, str) else ""
    match = _DURATION.fullmatch(text)
    if not text or match is None:
        raise ValueError(
            f"{shown(value)} is not a length of time: write a number with s, m, h, d or w, "
            "like 90s, 30m, 1h30m or 7d"
        )

    counts = (int(count or 0) for count in match.groups())
    total = sum(count * unit for count, unit in zip(counts, UNITS_MS.values(), strict=True))
    if total > LONGEST_MS:
        raise ValueError(f"{shown(value)} is too long: the longest length of time is 3660d")
    return total


@lru_cache(maxsize=256)
def format_duration(ms: int) -> str:
    """Write what `parse_duration` reads, like `1d12h`; parts of a second are dropped."""
    parts = []
    rest = max(ms, 0)
    for unit in ("d", "h", "m", "s"):
        count, rest = divmod(rest, UNITS_MS[unit])
        if count:
            parts.append(f"{count}{unit}")
    return "".join(parts) or "0s"


def parse_time_of_day(value: object) -> int:
    """Read `08:30` (or `8:30`, or the pair 8, 30) as minutes since midnight, 0 to 1439."""
    hour, minute = _hour_and_minute(value)
    if not (0 <= hour < 24 and 0 <= minute < 60):  # noqa: PLR2004 - the clock's own bounds
        raise ValueError(f"{shown(value)} is not a time of day: write 00:00 to 23:59, like 08:30")
    return hour * 60 + minute


def format_time_of_day(minute: int) -> str:
    """Write minutes since midnight as `HH:MM`."""
    return f"{minute // 60:02}:{minute % 60:02}"


def parse_span(value: object) -> Span:
    """Read `22:30-07:30` as a daily span; `24:00` may end one and is midnight."""
    ends = [part.strip() for part in value.split("-")] if isinstance(value, str) else []
    if len(ends) != 2:  # noqa: PLR2004 - a start and an end
        raise ValueError(
            f"{shown(value)} is not a span of the day: write two times, like 22:30-07:30"
        )

    start = parse_time_of_day(ends[0])
    end = 0 if ends[1] == "24:00" else parse_time_of_day(ends[1])
    if start == end:
        raise ValueError(
            f"{shown(value)} starts and ends at the same time: write two different times, "
            "like 22:30-07:30"
        )
    return Span(start_minute=start, end_minute=end)


def parse_rate(value: object) -> tuple[int, int]:
    """Read `1/7d` as (how many, in how many milliseconds); a rolling window."""
    text = value.strip().casefold() if isinstance(value, str) else ""
    match = _RATE.fullmatch(text)
    if match is None or match[2] in {"day", "week"}:
        raise ValueError(
            f"{shown(value)} is not a rate: write a number and a rolling length of time, "
            "like 1/7d or 3/12h"
        )

    window = parse_duration(match[2])
    if window == 0:
        raise ValueError(f"{shown(value)} has an empty window: write a length of time, like 1/7d")
    return _count(match[1], value), window


def parse_cap(value: object) -> Cap:
    """Read `10/day` or `1/week`: calendar days and ISO weeks, not rolling windows."""
    text = value.strip().casefold() if isinstance(value, str) else ""
    match = _CAP.fullmatch(text)
    if match is None:
        raise ValueError(f"{shown(value)} is not a cap: write a number a day or week, like 10/day")
    return Cap(n=_count(match[1], value), period="day" if match[2] == "day" else "week")


def _hour_and_minute(value: object) -> tuple[int, int]:
    match value:
        case str():
            found = _TIME.fullmatch(value.strip())
            return (int(found[1]), int(found[2])) if found else (-1, -1)
        case (int(hour), int(minute)) if not (isinstance(hour, bool) or isinstance(minute, bool)):
            return hour, minute
        case _:
            return -1, -1


def _count(digits: str, value: object) -> int:
    count = int(digits)
    if not 1 <= count <= LARGEST_COUNT:
        raise ValueError(f"{shown(value)} must count from 1 to {LARGEST_COUNT:,}, like 1/7d")
    return count
