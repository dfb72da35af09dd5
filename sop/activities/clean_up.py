"""Cleaning up: how long a silence is asked for, and how long people have to say anything."""

import re
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

from sop.text import normalise
from sop.times.durations import DAY_MS, MINUTE_MS
from sop.yaml import yaml_source

USUAL_DAYS: Final = 90
SHORTEST_DAYS: Final = 30
LONGEST_DAYS: Final = 999
"""Days of silence: what is meant without a number, and what may be asked for."""

SHOWN: Final = 20
"""Members told by name in a preview."""

MOST: Final = 200
"""Members of one clean-up, the longest silent."""

GOOD_FOR_MS: Final = 30 * MINUTE_MS
"""How long a preview may be confirmed: who has spoken since is left out anyway."""

AHEAD_MS: Final = 7 * DAY_MS
"""Everybody is told so long ahead."""

LATE_MS: Final = 60 * MINUTE_MS
"""A bot that comes so late to the end was down: what was said meanwhile it has not heard."""

_DAYS: Final = re.compile(r"(\d{1,3})(\D*)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What is asked for: a list of who was silent for so many days, or to stop."""

    days: int = USUAL_DAYS
    stop: bool = False


@cache
def _words() -> dict[str, frozenset[str]]:
    data: Any = yaml_source.load_packaged("clean_up_words.yaml")
    return {name: frozenset(map(normalise, words)) for name, words in data.items()}


def parse(said: str) -> Asked | None:
    """Return what is asked with the words behind the command; None: something else.

    Fewer days than `SHORTEST_DAYS` are something else, too: that is no long silence.
    """
    words = normalise(said).replace(" ", "")
    if not words:
        return Asked()
    if words in _words()["stop"]:
        return Asked(stop=True)
    found = _DAYS.fullmatch(words)
    if found is None or (found[2] and found[2] not in _words()["day"]):
        return None
    days = int(found[1])
    return Asked(days=days) if SHORTEST_DAYS <= days <= LONGEST_DAYS else None
