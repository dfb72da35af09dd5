"""How tables write the time of day: `8:00`, a part of the day and an hour, Excel's own numbers.

Minutes count from midnight. Errors are `ValueError`s whose text says what would be right.
"""

import re
from collections.abc import Mapping
from datetime import datetime, time, timedelta
from functools import cache
from typing import Any

from sop.sheets.sheet import Cell
from sop.sheets.sheet_words import digits, listed_text, packaged, pattern
from sop.times.durations import DAY_MINUTES, format_time_of_day, shown

_LONGEST = 60
_EXAMPLE = "write it as 08:00"
_HOURS = 24


def read_times(cell: Cell, half: str = "") -> tuple[tuple[int, ...], str]:
    """Return the times a cell names, in its order, and the end of a span (`8:00-9:00`) as HH:MM.

    `half` is the part of the day said elsewhere in the row; it holds where the cell says none.
    """
    match cell:
        case datetime() | time():
            return (cell.hour * 60 + cell.minute,), ""
        case timedelta():
            return (_of_days(cell / timedelta(days=1), cell),), ""
        case bool():
            raise ValueError(f"{cell} is not a time of day: {_EXAMPLE}")
        case float() if cell != int(cell) or cell == 0:
            return (_of_days(cell, cell),), ""
        case _:
            return _said(digits(listed_text(cell)), half)


def _of_days(days: float, cell: Cell) -> int:
    """Read Excel's number: days, of which the fraction is the time."""
    if 1 <= days < 1000:  # noqa: PLR2004 - no day since 1902: hours with a lost zero, such as 8.3
        raise ValueError(f"{cell} may be 8:03 or 8:30 in Excel's eyes: {_EXAMPLE}")
    return round(days % 1 * DAY_MINUTES) % DAY_MINUTES


def _said(text: str, half: str) -> tuple[tuple[int, ...], str]:
    if len(text) > _LONGEST:
        raise ValueError(f"{shown(text)} is too long for a time of day: {_EXAMPLE}")
    parts = [part for part in pattern("between_times").split(text) if part]
    spans = [pattern("span").split(part, maxsplit=1) for part in parts]
    ends = [span[1] for span in spans if len(span) > 1]
    minutes = tuple(dict.fromkeys(read_time(span[0], half) for span in spans))
    if not minutes:
        raise ValueError(f"there is no time of day: {_EXAMPLE}")
    until = format_time_of_day(read_time(ends[0], _half(spans[0][0]) or half)) if ends else ""
    return minutes, until


def read_time(text: str, half: str = "") -> int:
    """Return the one time a text names, half-width and without blanks."""
    bare = pattern("after_time").sub("", text)
    alone = _halves().get(bare, {}).get("alone")
    if alone is not None:
        return int(alone)
    match = _clock().fullmatch(bare)
    if match is None:
        raise ValueError(f"{shown(text)} is not a time of day: {_EXAMPLE}")
    hour = _hour(int(match["hour"]), match["half"] or match["pm"] or half, text)
    return hour * 60 + _minute(match)


def split_time(text: str) -> tuple[str, str]:
    """Return a text without the time of day inside it, and that time; empty if there is none."""
    match = _inside().search(text)
    if match is None:
        return text, ""
    rest = text[: match.start()] + text[match.end() :]
    return rest, match[0]


def split_half(text: str) -> tuple[str, str]:
    """Return a text without the part of the day at its end, and that part."""
    half = next((half for half in _longest_first() if text.endswith(half)), "")
    return text.removesuffix(half), half


def _hour(hour: int, half: str, text: str) -> int:
    said = _halves().get(half, {"same": (0, _HOURS - 1)})
    if hour == said.get("zero"):
        return 0
    if _within(hour, said.get("same")):
        return hour
    if _within(hour, said.get("later")):
        return hour + 12
    raise ValueError(f"{shown(text)} is not a time of day: write 00:00 to 23:59, like 08:30")


def _within(hour: int, bounds: Any) -> bool:
    return bool(bounds) and bounds[0] <= hour <= bounds[1]


def _minute(match: re.Match[str]) -> int:
    if match["quarter"]:
        return int(packaged()["quarters"][match["quarter"]])
    return int(match["minutes"] or match["minute"] or 0)


def _half(text: str) -> str:
    return next((half for half in _longest_first() if text.startswith(half)), "")


@cache
def _halves() -> Mapping[str, Mapping[str, Any]]:
    return {word: half for half in packaged()["halves"] for word in half["words"]}


@cache
def _longest_first() -> tuple[str, ...]:
    return tuple(sorted(_halves(), key=len, reverse=True))


def _filled(name: str) -> re.Pattern[str]:
    text = str(packaged()[name]).replace("HALF", "|".join(_longest_first()))
    return re.compile(text.replace("QUARTER", "|".join(packaged()["quarters"])))


@cache
def _clock() -> re.Pattern[str]:
    return _filled("clock")


@cache
def _inside() -> re.Pattern[str]:
    return _filled("clock_inside")
