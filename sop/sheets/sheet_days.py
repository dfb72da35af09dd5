"""How tables write days: dates, days of the week, days counted from a start, and events.

What is read are *heads*: the English form of a trigger with `{time}` where its time of day goes,
or without one where the trigger takes none. Errors are `ValueError`s that say what would be right.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache

from sop.sheets.sheet import Cell
from sop.sheets.sheet_times import split_half, split_time
from sop.sheets.sheet_words import (
    counts_as_digits,
    key_text,
    listed_text,
    packaged,
    pattern,
    written,
)
from sop.times.durations import shown
from sop.triggers import triggers

AT_TIME = "{time}"

_LONGEST = 60
_DAY = timedelta(days=1)
_MOST_DAYS = 62
_EPOCH = date(1899, 12, 30)
_SERIALS = range(36_526, 73_051)
_EARLIEST = 2000
_EXAMPLE = "write 2026-12-01, a weekday, D1 or a word such as daily"


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """What a table leaves unsaid.

    `counted_from` is the trigger (`start`, `group.created`, `member.joined`) that D1 counts
    from, `first_day` the number of its day; dates without a year are the nearest to `near`.
    """

    counted_from: str = "start"
    first_day: int = 1
    near: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Days:
    """The heads of a cell; `time` and `half` are what it says of the time of day."""

    heads: tuple[str, ...]
    time: str = ""
    half: str = ""
    last: date | None = None


def read_days(cell: Cell, setting: Setting, *, counted: bool = False) -> Days:
    """Read a cell that says which days; `counted`: a bare number there counts days."""
    match cell:
        case datetime():
            at = "" if cell.hour == cell.minute == 0 else f"{cell:%H:%M}"
            return _dated([cell.date()], time=at)
        case date():
            return _dated([cell])
        case int() | float() if not isinstance(cell, bool) and int(cell) in _SERIALS:
            return _serial(float(cell))
        case float() if cell != int(cell):
            raise ValueError(f"{cell:g} is a number to Excel: write the day as 2026-12-01")
        case _:
            text = listed_text(cell)
            return _said(f"d{text}" if counted and text.isdecimal() else text, setting)


def first_day_of(texts: Iterator[Cell]) -> int:
    """Return the number of the first counted day: 0 in a table that has a day 0, else 1."""
    return 0 if any(map(is_day_nought, texts)) else 1


def is_day_nought(cell: Cell) -> bool:
    """Whether a cell says D0."""
    return key_text(cell) in {"d0", "day0", "d00"}


def has_day(cell: Cell) -> bool:
    """Whether a cell meant for a time says more than a time of day."""
    match cell:
        case datetime():
            return cell.year >= _EARLIEST
        case str():
            rest, time = split_time(listed_text(cell))
            rest = split_half(rest)[0]
            return bool(rest) and (bool(time) or not rest.isascii())
        case int() | float():
            return int(cell) in _SERIALS
        case _:
            return isinstance(cell, date)


def _serial(days: float) -> Days:
    minute = round(days % 1 * 1440)
    at = f"{minute // 60:02}:{minute % 60:02}" if 0 < minute < 1440 else ""  # noqa: PLR2004 - day
    return _dated([_EPOCH + timedelta(days=int(days))], time=at)


def _dated(days: list[date], time: str = "") -> Days:
    heads = tuple(f"{day.isoformat()} {AT_TIME}" for day in days)
    return Days(heads=heads, time=time, last=days[-1])


def _said(text: str, setting: Setting) -> Days:
    if len(text) > _LONGEST:
        raise ValueError(f"{shown(text)} is too long for a day: {_EXAMPLE}")
    rest, time = split_time(_rewritten(text))
    rest = rest.strip(written("comma"))
    rest, half = split_half(_without_brackets(rest)) if rest else ("", "")
    heads, last = _heads(rest, setting)
    return Days(heads=heads, time=time, half=half, last=last)


def _rewritten(text: str) -> str:
    for found, instead in packaged()["day_rewrites"]:
        text = re.sub(found, instead, text)
    return counts_as_digits(text)


def _without_brackets(text: str) -> str:
    """Leave out what brackets add, but for the weekday of a date."""
    inside = re.search(r"\(([^()]*)\)", text)
    bare = re.sub(r"\([^()]*\)", "", text)
    keep = inside and pattern("weekday_word").fullmatch(inside[1]) and _date_match(bare)
    return f"{bare}{inside[1]}" if inside and keep else bare


def _heads(text: str, setting: Setting) -> tuple[tuple[str, ...], date | None]:
    """Read the text as one, else each of its parts."""
    whole = _one(text, setting)
    if whole:
        return whole
    parts = [_one(part, setting) for part in pattern("between_times").split(text) if part]
    found = [part for part in parts if part]
    if len(found) < 2 or len(found) < len(parts):  # noqa: PLR2004 - several parts
        raise ValueError(f"{shown(text)} does not say which days: {_EXAMPLE}")
    return tuple(head for part in found for head in part[0]), found[-1][1]


def _one(text: str, setting: Setting) -> tuple[tuple[str, ...], date | None] | None:
    counted = _counted(text, setting)
    if counted:
        return counted, None
    days = _dates(text, setting.near)
    if days:
        read = _dated(days)
        return read.heads, read.last
    known = next(
        (
            head
            for head in (f"{text} {AT_TIME}", text)
            if _is_trigger(head.replace(AT_TIME, "00:00"))
        ),
        "",
    )
    return ((known,), None) if known else None


def _is_trigger(text: str) -> bool:
    try:
        triggers.parse_trigger(text)
    except ValueError:
        return False
    return True


# --- days counted from a start ------------------------------------------------------------------


def _counted(text: str, setting: Setting) -> tuple[str, ...]:
    match = next((found for each in _patterns() if (found := each.fullmatch(text))), None)
    if match is None:
        return ()
    groups = {name: value for name, value in match.groupdict().items() if value}
    anchor = _anchors().get(groups.pop("anchor", ""), "")
    first = 1 if anchor else setting.first_day
    anchor = anchor or setting.counted_from
    offsets = _offsets(groups, first)
    if len(offsets) > _MOST_DAYS:
        raise ValueError(f"{shown(text)} is more than {_MOST_DAYS} days: write fewer days a row")
    return tuple(_head(anchor, days, text) for days in offsets)


def _offsets(said: Mapping[str, str], first: int) -> range:
    number = {
        key: int(value) for key, value in said.items() if value.isascii() and value.isdecimal()
    }
    if "from" in number:
        return range(number["from"] - first, number["to"] - first + 1)
    if "week" in number:
        day = number.get("nth") or packaged()["weekday_numbers"][said["weekday"]]
        return _just((number["week"] - 1) * 7 + day - 1)
    if "nth" in number:
        return _just(number["nth"] - first)
    later = 1 if "next" in said else number.get("after", 0)
    return _just(later - number.get("before", 0))


def _just(days: int) -> range:
    return range(days, days + 1)


def _head(anchor: str, days: int, text: str) -> str:
    if anchor == "start":
        sign = "-" if days < 0 else "+"
        return f"start {sign} {abs(days)}d at {AT_TIME}" if days else f"start at {AT_TIME}"
    if days < 0:
        raise ValueError(f"{shown(text)}: nothing runs before {anchor}: write a day from then on")
    return f"{anchor} + {days}d at {AT_TIME}" if days else anchor


@cache
def _anchors() -> Mapping[str, str]:
    return {word: name for name, words in packaged()["anchors"].items() for word in words}


@cache
def _patterns() -> tuple[re.Pattern[str], ...]:
    anchors = "|".join(sorted(map(re.escape, _anchors()), key=len, reverse=True))
    return tuple(re.compile(each.replace("ANCHOR", anchors)) for each in packaged()["counted"])


# --- dates --------------------------------------------------------------------------------------


def _date_match(text: str) -> re.Match[str] | None:
    return next(
        (found for each in packaged()["dates"] if (found := re.fullmatch(each, text))), None
    )


def _dates(text: str, near: date) -> list[date]:
    weekday = pattern("weekday_word").search(text)
    bare = pattern("weekday_word").sub("", text) if weekday else text
    match = _date_match(bare)
    if match:
        return [_date(match, near, weekday[1] if weekday else "")]
    signs = pattern("span").finditer(bare)
    spans = (_span(bare[: sign.start()], bare[sign.end() :], near) for sign in signs)
    return next(filter(None, spans), [])


def _span(begins: str, ends: str, near: date) -> list[date]:
    first = _date_match(begins)
    if first is None:
        return []
    start = _date(first, near, "")
    last = _date_match(ends) or _date_match(f"{start.month}-{_number(ends)}")
    if last is None:
        return []
    end = _date(last, start, "")
    days = (end - start).days + 1
    if not 0 < days <= _MOST_DAYS:
        raise ValueError(f"{start}..{end} are {days} days: write 1 to {_MOST_DAYS} days a row")
    return [start + n * _DAY for n in range(days)]


def _number(text: str) -> str:
    return text.rstrip(packaged()["day_signs"])


def _date(match: re.Match[str], near: date, weekday: str) -> date:
    """Make a date, without a year the nearest; it must fall on the weekday, if one is said."""
    said = match.groupdict()
    years = (int(said["year"]),) if said.get("year") else range(near.year - 1, near.year + 2)
    found = [day for year in years if (day := _day(year, said)) is not None]
    if not found:
        raise ValueError(f"{shown(match[0])} is not a day of the calendar: {_EXAMPLE}")
    day = min(found, key=lambda each: abs(each - near))
    if weekday and packaged()["weekday_numbers"][weekday] != day.isoweekday():
        raise ValueError(f"{day} is a {day:%A}: correct the date or the day of the week")
    return day


def _day(year: int, said: Mapping[str, str | None]) -> date | None:
    try:
        return date(year, int(said["month"] or 0), int(said["day"] or 0))
    except ValueError:
        return None
