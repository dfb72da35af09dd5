"""Whether conditions can hold at all, and whether some always hold where others do.

Works on what a pack says, never on facts: every way in which conditions can hold is a case,
and a case says for every fact what it may be.
"""

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import product
from typing import Any, Final, get_args

from sop.fields.comparison import Comparison
from sop.pack.pack_conditions import Conditions, Layer, LikedIn, Role
from sop.times.durations import DAY_MS

Key = tuple[str, ...]
Allowed = frozenset[object] | tuple[float, float]
"""What a fact may be: one of some values, or a number from a least to a greatest."""

Case = Mapping[Key, Allowed]

MOST_CASES: Final = 32
"""More ways to hold than this are not looked into: then nothing is said of them."""

# Segments defined by segments: nobody needs longer chains, and each is a call deeper.
_LONGEST_CHAIN: Final = 20

_COUNTED: Final = frozenset(
    {"active_days", "strikes", "value_posts", "deeds", "liked_in", "tenure", "last_seen"}
)
_MAYBE: Final[frozenset[object]] = frozenset({True, False})
_ALL: Final[Mapping[str, frozenset[object]]] = {
    "layer": frozenset(get_args(Layer)),
    "role": frozenset(get_args(Role)),
    "paid": _MAYBE,
    "introduced": _MAYBE,
}
_ASKED: Final = "asked"


@dataclass(frozen=True, slots=True, kw_only=True)
class Meaning:
    """What names in conditions stand for: segments, and the score at which levels begin."""

    segments: Mapping[str, Conditions]
    levels: Mapping[str, int]
    known: dict[str, tuple[Case, ...] | None] = field(default_factory=dict, repr=False)


def cases(conditions: Conditions, meaning: Meaning) -> tuple[Case, ...] | None:
    """Return the cases in which the conditions hold, none where they never do.

    None: there are too many to tell.
    """
    return _cases(conditions, meaning, frozenset())


def both(one: Case, other: Case) -> Case | None:
    """Return the case in which two cases hold; None: they contradict each other."""
    merged = dict(one)
    for key, allowed in other.items():
        merged[key] = _common(merged.get(key, _everything(key)), allowed)
    return None if any(_is_empty(allowed) for allowed in merged.values()) else merged


def implies(case: Case, conditions: Conditions, meaning: Meaning) -> bool:
    """Tell whether the conditions hold wherever the case does."""
    wanted = cases(conditions, meaning)
    return any(_inside(case, each) for each in wanted or ())


def gapless(entering: Case, leaving: Case) -> Iterator[Key]:
    """Yield the numbers with no room between what one case wants and what the other does.

    Where the cases exclude each other by something else there is room enough.
    """
    for key in entering.keys() & leaving.keys():
        rest = both(_without(entering, key), _without(leaving, key))
        if rest is not None and _meet(key, entering[key], leaving[key]):
            yield key


def _without(case: Case, key: Key) -> Case:
    return {each: allowed for each, allowed in case.items() if each != key}


def _meet(key: Key, enter: Allowed, leave: Allowed) -> bool:
    whole = _everything(key)
    if (
        isinstance(enter, frozenset)
        or isinstance(leave, frozenset)
        or isinstance(whole, frozenset)
    ):
        return False
    rising = enter[0] > whole[0] and leave[1] < whole[1]
    falling = enter[1] < whole[1] and leave[0] > whole[0]
    return (rising and leave[1] >= enter[0] - 1) or (falling and leave[0] <= enter[1] + 1)


def _cases(
    conditions: Conditions, meaning: Meaning, passed: frozenset[str]
) -> tuple[Case, ...] | None:
    ways: list[tuple[Case, ...]] = [(_own(conditions, meaning),)]
    if conditions.segment in meaning.segments:
        inner = _segment(str(conditions.segment), meaning, passed)
        if inner is None:
            return None
        ways.append(inner)
    if conditions.any:
        found = [_cases(each, meaning, passed) for each in conditions.any[: MOST_CASES + 1]]
        if any(each is None for each in found):
            return None
        ways.append(tuple(case for each in found if each for case in each))
    if math.prod(map(len, ways)) > MOST_CASES:
        return None
    whole = (_merged(parts) for parts in product(*ways))
    return tuple(case for case in whole if case is not None)


def _segment(name: str, meaning: Meaning, passed: frozenset[str]) -> tuple[Case, ...] | None:
    """Return the cases of a segment, found once; of one that is defined by itself, none."""
    if name in passed or len(passed) >= _LONGEST_CHAIN:
        return None
    if name not in meaning.known:
        meaning.known[name] = _cases(meaning.segments[name], meaning, passed | {name})
    return meaning.known[name]


def _merged(parts: tuple[Case, ...]) -> Case | None:
    whole: Case | None = {}
    for part in parts:
        whole = both(whole, part) if whole is not None else None
    return whole


def _own(conditions: Conditions, meaning: Meaning) -> Case:
    """Return what the conditions ask directly; `any` and known segments are looked into apart."""
    found: dict[Key, Allowed] = {}
    for name in conditions.model_fields_set - {"any"}:
        value = getattr(conditions, name)
        if value is not None and not (name == "segment" and value in meaning.segments):
            for key, allowed in _facts(name, value, meaning):
                found[key] = _common(found.get(key, _everything(key)), allowed)
    return found


def _facts(name: str, value: Any, meaning: Meaning) -> Iterator[tuple[Key, Allowed]]:
    if isinstance(value, LikedIn):
        yield _compared((name, value.tag), value.count)
    elif name == "deeds":
        for deed, comparison in value.items():
            yield _compared((name, deed), comparison)
    elif isinstance(value, Comparison):
        yield _compared((name,), value)
    elif name == "level" and value in meaning.levels:
        yield ("score",), (meaning.levels[value], math.inf)
    elif name in _ALL:
        yield (name,), frozenset({value})
    else:
        yield _so(name, value)


def _so(name: str, value: object) -> tuple[Key, Allowed]:
    """Return a fact of which nothing is known but that it is asked for, such as a tag."""
    return (_ASKED, name, repr(value)), frozenset({True})


def _compared(key: Key, comparison: Comparison) -> tuple[Key, Allowed]:
    if comparison.op == "!=":
        return _so(" ".join(key), comparison)
    window = () if comparison.within_ms is None else (str(comparison.within_ms),)
    least, most = math.ceil(comparison.value), math.floor(comparison.value)
    spans: dict[str, tuple[float, float]] = {
        ">=": (least, math.inf),
        ">": (most + 1, math.inf),
        "<=": (-math.inf, most),
        "<": (-math.inf, least - 1),
        "==": (least, most),
    }
    return (*key, *window), spans[comparison.op]


def _everything(key: Key) -> Allowed:
    """Return what a fact can be at all: counts have bounds, days with a message even two."""
    name = key[0]
    if name == "active_days" and len(key) > 1:
        return 0, math.ceil(int(key[-1]) / DAY_MS) + 1
    if name in _COUNTED:
        return 0, math.inf
    if name == _ASKED:
        return _MAYBE
    return _ALL.get(name, (-math.inf, math.inf))


def _common(one: Allowed, other: Allowed) -> Allowed:
    if isinstance(one, tuple) and isinstance(other, tuple):
        return max(one[0], other[0]), min(one[1], other[1])
    return frozenset(one) & frozenset(other)


def _is_empty(allowed: Allowed) -> bool:
    return not allowed if isinstance(allowed, frozenset) else allowed[0] > allowed[1]


def _inside(case: Case, wanted: Case) -> bool:
    """Tell whether the case leaves no way in which `wanted` does not hold."""
    found = ((case.get(key, _everything(key)), allowed) for key, allowed in wanted.items())
    return all(_common(own, allowed) == own for own, allowed in found)
