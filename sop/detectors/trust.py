"""What is known of who said it: newcomers are looked at more closely, known members less.

It is weighed with the signals of a possible advert, and shown with them. Alone it is nothing: a
text without any evidence is not looked at twice, whoever sent it.
"""

import math
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

from sop.detectors.ad_evidence import QUOTED
from sop.detectors.detect_behaviour import REPETITION
from sop.detectors.detect_policy import is_known
from sop.detectors.detector_data import packaged as packaged_data
from sop.detectors.detectors import Check
from sop.detectors.verdicts import Signal, Verdict, signal
from sop.frozen import replace
from sop.text import visible_length
from sop.times.durations import DAY_MS, MINUTE_MS
from sop.yaml import yaml_source

ENOUGH: Final = 100
"""Messages of substance counted at most."""

LENIENT: Final = REPETITION | {"length"}
"""Detectors that spare leaders and the core layer where the pack exempts them: none that looks at
what is said, such as adverts and rumours."""

SPARED: Final = ", ".join(sorted(LENIENT))
"""The same in words."""

_STEEPNESS = 1.0
_NEW: Final = frozenset({"first-message", "newcomer"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Who said it, as far as the group's channels can know.

    tenure_ms: since they were seen to join, None where nobody saw it. substance: see
    `sop.model.Member`. trusted: a leader, or of the core layer. recent: instants of the member's
    earlier messages. others: other members who said the same lately. elsewhere: other groups in
    which the member did. raid: they came with a mass of others (see `sop.raids`).
    """

    at: int
    tenure_ms: int | None = None
    substance: int = 0
    trusted: bool = False
    recent: tuple[int, ...] = ()
    others: int = 0
    elsewhere: int = 0
    raid: bool = False


NEW: Final = Standing(at=0, tenure_ms=0)
"""A newcomer with their first message."""

KNOWN: Final = Standing(at=0, tenure_ms=366 * DAY_MS, substance=ENOUGH)
"""A member of long standing."""


@cache
def _limits() -> Mapping[str, Any]:
    found: Mapping[str, Any] = yaml_source.load_packaged("trust.yaml")
    return found


def has_substance(text: str, fingerprint: str, recent: Sequence[tuple[int, str]]) -> bool:
    """Tell whether a message earns trust: of some length, and not what was said just before."""
    least = int(_limits()["substance"])
    if len(text) < least or any(mark == fingerprint for _, mark in recent):
        return False
    return visible_length(text) >= least


def signals_of(who: Standing) -> Iterator[Signal]:
    """Yield what speaks for or against a sender, each with its weight."""
    limits, weights = _limits(), _limits()["weights"]
    for name, evidence in _found(who, limits):
        yield signal(name, float(weights[name]), evidence)


def _found(who: Standing, limits: Mapping[str, Any]) -> Iterator[tuple[str, object]]:
    days = None if who.tenure_ms is None else who.tenure_ms // DAY_MS
    if days is not None and days < limits["newcomer"]:
        yield ("newcomer", f"{days}d") if who.recent else ("first-message", f"{days}d")
    if who.raid:
        yield "raid", ""
    if sum(who.at - MINUTE_MS <= at <= who.at for at in who.recent) >= limits["burst"]:
        yield "burst", len(who.recent)
    if who.others:
        yield "same-text-by-others", who.others
    if who.elsewhere:
        yield "copied", who.elsewhere
    if who.trusted:
        yield "standing", ""
    if who.substance >= limits["enough"] and (days is None or days >= limits["tenure"]):
        yield "known-member", who.substance


def unlooked(role: str, layer: str, exempt: Collection[str]) -> frozenset[str] | None:
    """Return the kinds of detectors that pass somebody over; None: all of them do.

    Owner and staff are never looked at; leaders and the core, where `exempt` names them, are
    passed over by `LENIENT` alone.
    """
    if role in ("owner", "staff"):
        return None
    return frozenset() if {role, layer}.isdisjoint(exempt) else LENIENT


def with_sender(
    verdicts: tuple[Verdict, ...], who: Callable[[], Standing], checks: Iterable[Check]
) -> tuple[Verdict, ...]:
    """Return the verdicts, breaches first, with what is known of the sender where it matters.

    It is asked for only there: where something is weighed, and not of a post that the group
    knows how to deal with.
    """
    if not any(map(is_weighed, verdicts)) or any(map(is_known, verdicts)):
        return verdicts
    signals = tuple(signals_of(who()))
    if not signals:
        return verdicts
    told = {each.id: str(each.params.get("sensitivity", "normal")) for each in checks}
    found = (
        weighed(each, signals, told.get(each.rule, "normal")) if is_weighed(each) else each
        for each in verdicts
    )
    return tuple(sorted(found, key=lambda each: not each.violated))


def is_weighed(verdict: Verdict) -> bool:
    """Tell whether a verdict weighs evidence of an advert, to which the sender may be added.

    What staff have said of it decides alone.
    """
    if verdict.signals and verdict.signals[0].name == "learned":
        return False
    telling = (one.weight > 0 or one.name == QUOTED for one in verdict.signals)
    return bool(verdict.plain) and any(telling)


def weighed(verdict: Verdict, who: Sequence[Signal], sensitivity: str) -> Verdict:
    """Return the verdict with what is known of the sender among its signals.

    Who has just come and quotes how somebody is reached may warn, or advertise: people look.
    """
    data = packaged_data().ads
    threshold, asking = data.thresholds[sensitivity], data.asking[sensitivity]
    signals = (*verdict.signals, *who)
    score = sum(one.weight for one in signals)
    names = {one.name for one in signals}
    unsure = QUOTED in names and not _NEW.isdisjoint(names)
    return replace(
        verdict,
        violated=score >= threshold,
        doubtful=score < threshold and (unsure or score >= asking),
        confidence=round(1 / (1 + math.exp(_STEEPNESS * (threshold - score))), 3),
        signals=signals,
    )
