"""Layers, decided: who qualifies for the core or for leaving it, in which order, on what figures.

Nothing is proposed on an unknown: in a group whose channels do not hear everything, a score may
have fallen only because nobody could hear the member.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from sop.fields.comparison import Comparison
from sop.pack import conditions
from sop.pack.conditions import Facts, Ruling
from sop.pack.pack_conditions import Conditions
from sop.times.durations import DAY_MS

CHEAP: Final = frozenset(
    {
        "layer", "role", "tag", "paid", "balance", "active_days", "introduced", "tenure",
        "last_seen",
    }
)  # fmt: skip
"""Conditions that member and person records answer, without a query."""

FADING: Final = frozenset({"score", "level"})
"""Conditions that a member may fail only for want of hearing."""

UNHEARD_DEEDS: Final = frozenset({"message", "introduce", "reply"})
"""Deeds that need no word to the bot: where it hears mentions only, most of them pass it by."""

SIGNS: Final[Mapping[str, str]] = {
    ">=": "≥", "<=": "≤", "==": "=", "!=": "≠", ">": ">", "<": "<",
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """Somebody who qualifies for the core; `joined_at` is their earliest membership."""

    person: int
    score: int
    joined_at: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """What was found about one condition; lengths of time are whole days, windows too."""

    name: str
    found: int = 0
    wanted: str = ""
    days: int = 0
    detail: str = ""


def chosen(candidates: Iterable[Candidate], free: int | None) -> tuple[Candidate, ...]:
    """Return who gets the free places (None: as many as qualify).

    The highest score first, then whoever joined earlier.
    """
    ranked = sorted(candidates, key=lambda each: (-each.score, each.joined_at, each.person))
    return tuple(ranked if free is None else ranked[: max(free, 0)])


def rested(since: int, now: int, min_stay_ms: int) -> bool:
    """Tell whether the layer may change again; `since` 0 means that it never has."""
    return not since or now - since >= min_stay_ms


def score_floor(wanted: Conditions, levels: Mapping[str, int]) -> float | None:
    """Return the score below which the conditions cannot hold, or None where there is no such.

    `levels` maps a level's id to the score it begins at.
    """
    floors: list[float] = []
    if wanted.score is not None and wanted.score.op in (">=", ">", "=="):
        floors.append(wanted.score.value)
    if wanted.level is not None and wanted.level in levels:
        floors.append(levels[wanted.level])
    entries = [score_floor(each, levels) for each in wanted.any]
    known = [each for each in entries if each is not None]
    if entries and len(known) == len(entries):
        floors.append(min(known))
    return max(floors, default=None)


def cheap_part(wanted: Conditions) -> Conditions:
    """Return those of the conditions that need no query; what fails them fails the whole."""
    return _only(wanted, CHEAP)


def leaving(wanted: Conditions, facts: Facts, *, hears_all: bool) -> Ruling:
    """Decide whether somebody should leave; unknown where a figure may be low for want of hearing.

    `hears_all` says whether every message of every group the member is in reaches us.
    """
    if hears_all:
        return conditions.ruling(wanted, facts)
    parts = [conditions.ruling(_certain(wanted), facts).holds]
    if _fades(wanted):
        parts.append(None)
    if wanted.segment is not None:
        parts.append(leaving(facts.segment(wanted.segment), facts, hears_all=False).holds)
    if wanted.any:
        entries = [leaving(each, facts, hears_all=False).holds for each in wanted.any]
        parts.append(_either(entries))
    return Ruling(_both(parts))


def figures(wanted: Conditions, facts: Facts) -> tuple[Figure, ...]:
    """Return what stands behind conditions that hold, in the order they are asked."""
    found: list[Figure] = []
    for name, read in _FIGURES.items():
        value = getattr(wanted, name)
        if value not in (None, {}, ()):
            found.extend(read(facts, value))
    return tuple(found)


def missing(wanted: Conditions, facts: Facts) -> tuple[Figure, ...]:
    """Return what stands behind those of the conditions that do not hold."""
    parts = (_only(wanted, (name,)) for name, _ in wanted.asked)
    failing = (each for each in parts if conditions.ruling(each, facts).holds is False)
    return tuple(figure for each in failing for figure in figures(each, facts))


def _only(wanted: Conditions, names: Iterable[str]) -> Conditions:
    kept = set(names)
    rest = {
        name: field.get_default(call_default_factory=True)
        for name, field in Conditions.model_fields.items()
        if name not in kept
    }
    kept_only = wanted.model_copy(update=rest)
    # A copy brings along what its original has remembered of itself.
    kept_only.__dict__.pop("asked", None)
    return kept_only


def _certain(wanted: Conditions) -> Conditions:
    """Keep the conditions that hearing too little cannot turn."""
    names = set(Conditions.model_fields) - FADING - {"segment", "any"}
    if UNHEARD_DEEDS & set(wanted.deeds):
        names.remove("deeds")
    return _only(wanted, names)


def _fades(wanted: Conditions) -> bool:
    asked = any(getattr(wanted, name) is not None for name in FADING)
    return asked or bool(UNHEARD_DEEDS & set(wanted.deeds))


def _both(parts: Iterable[bool | None]) -> bool | None:
    found = list(parts)
    if False in found:
        return False
    return None if None in found else True


def _either(parts: Iterable[bool | None]) -> bool | None:
    found = list(parts)
    if True in found:
        return True
    return None if None in found else False


def _number(name: str, found: int | None, test: Comparison, detail: str = "") -> Figure:
    days = (test.within_ms or 0) // DAY_MS
    wanted = f"{SIGNS[test.op]}{test.value:g}"
    return Figure(name=name, found=found or 0, wanted=wanted, days=days, detail=detail)


def _length(name: str, found: int | None, test: Comparison) -> Figure:
    wanted = f"{SIGNS[test.op]}{test.value / DAY_MS:g}"
    return Figure(name=name, found=(found or 0) // DAY_MS, wanted=wanted)


def _entry(facts: Facts, entries: Iterable[Conditions]) -> tuple[Figure, ...]:
    holding = (each for each in entries if conditions.ruling(each, facts).holds)
    first = next(holding, None)
    return figures(first, facts) if first is not None else ()


Read = Callable[[Facts, Any], Iterable[Figure]]
_FIGURES: Final[Mapping[str, Read]] = {
    "segment": lambda facts, name: figures(facts.segment(name), facts),
    "level": lambda _facts, level: (Figure(name="level", detail=level),),
    "tag": lambda _facts, tag: (Figure(name="tag", detail=tag),),
    "paid": lambda _facts, paid: (Figure(name="paid" if paid else "unpaid"),),
    "score": lambda facts, test: (_number("score", facts.score(), test),),
    "balance": lambda facts, test: (_number("balance", facts.balance(), test),),
    "active_days": lambda facts, test: (
        _number("active-days", facts.active_days(test.within_ms), test),
    ),
    "strikes": lambda facts, test: (_number("strikes", facts.strikes(test.within_ms), test),),
    "tenure": lambda facts, test: (_length("tenure", facts.tenure(), test),),
    "last_seen": lambda facts, test: (_length("last-seen", facts.last_seen(), test),),
    "deeds": lambda facts, wanted: (
        _number("deeds", facts.deeds(deed, test.within_ms), test, deed)
        for deed, test in wanted.items()
    ),
    "liked_in": lambda facts, wanted: (
        _number("likes", facts.liked_in(wanted.tag, wanted.count.within_ms), wanted.count),
    ),
    "any": _entry,
}
