"""Owns the reading of time said in Chinese: it becomes the English form, or stays as it is.

The patterns are data (`time_words.yaml`); what is right English is decided in `triggers`.
"""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from sop import yaml_source


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeWords:
    """The packaged patterns, compiled; `festivals` holds the plain rows of the data file."""

    signs: Mapping[int, str]
    rewrites: tuple[tuple[re.Pattern[str], str], ...]
    week: re.Pattern[str]
    weekdays: Mapping[str, str]
    through: frozenset[str]
    festivals: tuple[Mapping[str, Any], ...]


@cache
def packaged() -> TimeWords:
    """Return the words of `time_words.yaml`, read once."""
    data: Any = yaml_source.load_packaged("time_words.yaml")
    return TimeWords(
        signs=str.maketrans(data["signs"]),
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
    for pattern, to in words.rewrites:
        said = pattern.sub(to, said)
    return " ".join(said.split())


def _weekdays(run: str, words: TimeWords) -> str:
    """Make `mon,thu` or `mon-fri` from the characters after the week's prefix."""
    names = ("-" if sign in words.through else f" {words.weekdays.get(sign, '')} " for sign in run)
    return ",".join(re.sub(r"\s*-\s*", "-", "".join(names)).split())
