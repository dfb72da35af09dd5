"""The wall of stars: who did most of something in a month, fairly where several did as much."""

from collections.abc import Mapping
from datetime import date, timedelta
from functools import cache
from typing import Final

from sop.yaml import yaml_source

EARLY: Final = 7
"""Up to this day of the month the month before is looked back upon; later the present one."""

STARS: Final = 3
"""Stars of one kind, unless more have done just as much."""

NAMED: Final = 6
"""Names told of one kind at most; of more who did as much, the number."""


@cache
def kinds() -> Mapping[str, frozenset[str]]:
    """Return the kinds of stars in order, each with the deeds that count for it."""
    loaded: Mapping[str, list[str]] = yaml_source.load_packaged("stars.yaml")
    return {kind: frozenset(deeds) for kind, deeds in loaded.items()}


def month_of(day: date) -> tuple[date, date]:
    """Return the first day of the month a wall posted on that day is about, and the day after."""
    first = day.replace(day=1)
    if day.day <= EARLY:
        return (first - timedelta(days=1)).replace(day=1), first
    return first, (first + timedelta(days=31)).replace(day=1)


def best(counts: Mapping[int, int]) -> tuple[int, ...]:
    """Return who did most, by number: whole classes of equals, as long as there is room.

    The first class is always whole; a further one only where all of it fits among the stars.
    """
    found: list[int] = []
    for count in sorted({each for each in counts.values() if each > 0}, reverse=True):
        equals = sorted(person for person, each in counts.items() if each == count)
        if found and len(found) + len(equals) > STARS:
            break
        found.extend(equals)
    return tuple(found)
