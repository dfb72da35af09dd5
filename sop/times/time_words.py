"""Owns the reading of time said in Chinese: it becomes the English form, or stays as it is.

The patterns are data (`time_words.yaml`); what is right English is decided in `triggers`.
"""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

from sop.yaml import yaml_source

_TEN: Final = 10
_HOUR: Final = 60
_START: Final = "start"
_WHOLE_DAY: Final[Mapping[str, Any]] = {"same": (0, 23)}


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeWords:
    """The packaged patterns, compiled; `festivals` holds the plain rows of the data file."""

    signs: Mapping[int, str]
    numerals: re.Pattern[str]
    digits: Mapping[str, int]
    clock: re.Pattern[str]
    quarters: Mapping[str, int]
    parts: Mapping[str, Mapping[str, Any]]
    nth: re.Pattern[str]
    rewrites: tuple[tuple[re.Pattern[str], str], ...]
    week: re.Pattern[str]
    weekdays: Mapping[str, str]
    through: frozenset[str]
    festivals: tuple[Mapping[str, Any], ...]


@cache
def packaged() -> TimeWords:
    """Return the words of `time_words.yaml`, read once."""
    data: Any = yaml_source.load_packaged("time_words.yaml")
    parts = {word: part for part in data["parts"] for word in part["words"]}
    clock = data["clock"].replace("QUARTERS", "|".join(data["quarters"]))
    return TimeWords(
        signs=str.maketrans(data["signs"]),
        numerals=re.compile(data["numerals"]),
        digits=data["digits"],
        clock=re.compile(clock.replace("PARTS", "|".join(sorted(parts, key=len, reverse=True)))),
        quarters=data["quarters"],
        parts=parts,
        nth=re.compile(data["nth"]),
        rewrites=tuple((re.compile(pattern), to) for pattern, to in data["rewrites"]),
        week=re.compile(data["week"]),
        weekdays=data["weekdays"],
        through=frozenset(data["through"]),
        festivals=tuple(data["festivals"]),
    )


def canonical(text: str) -> str:
    """Put a trigger said in Chinese into the English form; English only gets its blanks tidied."""
    tidy = " ".join(text.split()).casefold()
    if tidy.isascii():
        return tidy

    words = packaged()
    said = unicodedata.normalize("NFKC", tidy).translate(words.signs)
    said = words.week.sub(lambda match: _weekdays(match[1], words), said)
    said = words.numerals.sub(lambda match: str(_number(match[0], words)), said)
    said = " ".join(words.clock.sub(lambda match: _clock(match, words), said).split())
    for pattern, to in words.rewrites:
        said = pattern.sub(to, said)
    return words.nth.sub(_nth, " ".join(said.split()))


def _number(said: str, words: TimeWords) -> int:
    """Read a number below a hundred that is written in words."""
    total, after_ten = 0, False
    for digit in (words.digits[sign] for sign in said):
        if digit == _TEN:
            total, after_ten = max(total, 1) * _TEN, True
        else:
            total = total + digit if after_ten else total * _TEN + digit
    return total


def _clock(match: re.Match[str], words: TimeWords) -> str:
    """Write a time of day in words as HH:MM; what no clock shows stays as it was said."""
    hour = int(match["said"] or match["hour"])
    minute = words.quarters.get(
        match["quarter"] or "", int(match["minutes"] or match["minute"] or 0)
    )
    part = words.parts.get(match["part"] or match["part2"] or "", _WHOLE_DAY)
    if minute >= _HOUR:
        return match[0]
    for hours, later in ((part["same"], 0), (part.get("later", ()), 12)):
        if hours and hours[0] <= hour <= hours[1]:
            return f" {hour + later:02}:{minute:02} "
    return match[0]


def _nth(match: re.Match[str]) -> str:
    """Say the nth day as days after the first; there is no day nought."""
    event, days, at = match[1], int(match[2]) - 1, match[3]
    if days < 0 or (days == 0 and event != _START):
        return match[0]
    return f"{event} + {days}d at {at}" if days else f"{event} at {at}"


def _weekdays(run: str, words: TimeWords) -> str:
    """Make `mon,thu` or `mon-fri` from the characters after the week's prefix."""
    names = ("-" if sign in words.through else f" {words.weekdays.get(sign, '')} " for sign in run)
    return ",".join(re.sub(r"\s*-\s*", "-", "".join(names)).split())
