"""What staff write to have a short link made: an address, and in any order what holds for it.

`短链 https://… 春季书单 7天 100次 仅微信`
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

from sop.times.durations import DAY_MS, HOUR_MS
from sop.yaml import yaml_source

LONGEST_TITLE: Final = 60
MOST_DAYS: Final = 3_650
MOST_CLICKS: Final = 1_000_000

_UNITS: Final = ("days", "hours", "clicks")

_ADDRESS: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]{0,20}:\S*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """A link as it is wished for; `for_ms` and `clicks` are 0 without a limit.

    `unclear` is a word that says a limit which cannot be one, such as 0天.
    """

    url: str = ""
    title: str = ""
    for_ms: int = 0
    clicks: int = 0
    platforms: tuple[str, ...] = ()
    unclear: str = ""


@cache
def _words() -> Mapping[str, Any]:
    found: Mapping[str, Any] = yaml_source.load_packaged("link_words.yaml")
    return found


def read_wish(words: str) -> Wish:
    """Read what was written; a word that says no address and no limit belongs to the title.

    The first address is the one that is meant; without any, `url` is empty.
    """
    url, title, for_ms, clicks, unclear = "", [], 0, 0, ""
    platforms: list[str] = []
    for word in words[:5_000].split():
        if not url and _ADDRESS.fullmatch(word):
            url = word
        elif platform := _words()["platforms"].get(word.casefold()):
            platforms.append(platform)
        elif amount := _amount(word, "days", MOST_DAYS):
            for_ms = amount * DAY_MS
        elif amount := _amount(word, "hours", 24 * MOST_DAYS):
            for_ms = amount * HOUR_MS
        elif amount := _amount(word, "clicks", MOST_CLICKS):
            clicks = amount
        elif any(_said(word, unit) is not None for unit in _UNITS):
            unclear = unclear or word
        else:
            title.append(word)
    return Wish(
        url=url, title=" ".join(title)[:LONGEST_TITLE], for_ms=for_ms, clicks=clicks,
        platforms=tuple(dict.fromkeys(platforms)), unclear=unclear,
    )  # fmt: skip


def _amount(word: str, unit: str, most: int) -> int:
    """Return how many of a unit a word says, 0 where it says none or too many."""
    number = _said(word, unit)
    if number is None:
        return 0
    return int(number) if len(number) <= len(str(most)) and int(number) <= most else 0


def _said(word: str, unit: str) -> str | None:
    """Return the number that a word says of a unit, as it is written."""
    for ending in _words()[unit]:
        number = word.casefold().removesuffix(ending)
        if number != word.casefold() and number.isascii() and number.isdecimal():
            return number
    return None
