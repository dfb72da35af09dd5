"""What the packaged detectors look for, read once from `detectors_data.yaml`."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from sop.yaml import yaml_source

_PATTERNS = ("asks", "price", "handle", "bare", "warns", "introduces", "quotes", "passes")


@dataclass(frozen=True, slots=True, kw_only=True)
class Reasons:
    """The words people read when a check found something, and when it did not."""

    found: str
    clear: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedPattern:
    """A pattern over normalised text and the name its hits are shown under."""

    name: str
    pattern: re.Pattern[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class WordSignal:
    """Words that together weigh `weight`, and `more` for a second and a third different one."""

    name: str
    weight: float
    more: float
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class AdsData:
    """Signals of adverts with their weights; `thresholds` and `asking` by sensitivity."""

    thresholds: Mapping[str, float]
    asking: Mapping[str, float]
    contact: Mapping[str, float]
    link: float
    prices: float
    number: float
    poster: float
    disguise: float
    homophones: float
    warning: float
    learned: float
    wording: Mapping[str, float]
    known: frozenset[str]
    solicit: float
    hints: tuple[str, ...]
    reach: tuple[str, ...]
    asks: re.Pattern[str]
    price: re.Pattern[str]
    handle: re.Pattern[str]
    bare: re.Pattern[str]
    warns: re.Pattern[str]
    introduces: re.Pattern[str]
    quotes: re.Pattern[str]
    passes: re.Pattern[str]
    signals: tuple[WordSignal, ...]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Packaged:
    """The whole data file, typed; equal to itself alone, so that it can be a key."""

    reasons: Mapping[str, Reasons]
    endings: frozenset[str]
    rumours: tuple[str, ...]
    contacts: tuple[NamedPattern, ...]
    ads: AdsData


@cache
def packaged() -> Packaged:
    """Return the packaged data; the file is read at the first call."""
    data: Any = yaml_source.load_packaged("detectors_data.yaml")
    return Packaged(
        reasons={kind: Reasons(**texts) for kind, texts in data["reasons"].items()},
        endings=frozenset(data["endings"]),
        rumours=tuple(data["rumours"]),
        contacts=tuple(
            NamedPattern(name=one["name"], pattern=re.compile(one["pattern"]))
            for one in data["contacts"]
        ),
        ads=_ads(data["ads"]),
    )


def _ads(data: Any) -> AdsData:
    signals = (WordSignal(**one | {"words": tuple(one["words"])}) for one in data["signals"])
    patterns = {name: re.compile(data[name]) for name in _PATTERNS}
    lists = {
        "signals": tuple(signals),
        "known": frozenset(data["known"]),
        "hints": tuple(data["hints"]),
        "reach": tuple(data["reach"]),
    }
    return AdsData(**data | patterns | lists)
