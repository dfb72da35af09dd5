"""What a detector is shown and what it answers."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

from sop.detectors.known_texts import NOTHING_KNOWN, KnownTexts
from sop.frozen import quick

_EVIDENCE_LENGTH = 40


class Recent(NamedTuple):
    """An earlier message of the same member in the same group."""

    at: int
    fingerprint: str


@quick
@dataclass(frozen=True, slots=True, kw_only=True)
class Utterance:
    """One message as the detectors see it.

    text: as the member typed it. normal: `sop.text.normalise(text)`. at: ms UTC.
    mentions: ids or shown names. recent: this member's earlier messages in this group, each as a
    `Recent`, newest last, at most 20, without this one and without what never counts for flood
    and repeats (commands, moves in a game, entries of a collection).
    fingerprint: `sop.text.hash_normal(normal)`, worked out by whoever needs it when empty.
    off_topic: how many of the member's earlier messages of this local day carry the signal
    `off-topic` in a verdict; only `topic` with `per_day` asks for it.
    known: the texts about which staff have said that they are adverts, or that they are fine.
    confirmed: adverts that staff anywhere have told of: to be asked about where `known` has none.
    clock: minutes since local midnight, -1 where nobody asks; only `hours` does.
    codes: what QR codes in the message's pictures say, as far as these could be read.
    elsewhere: when this member last said the same in each other group, one instant a group;
    only `copies` asks for it.
    """

    text: str
    normal: str
    at: int
    mentions: tuple[str, ...] = ()
    has_image: bool = False
    recent: tuple[tuple[int, str], ...] = ()
    fingerprint: str = ""
    off_topic: int = 0
    known: KnownTexts = NOTHING_KNOWN
    confirmed: KnownTexts = NOTHING_KNOWN
    clock: int = -1
    elsewhere: tuple[int, ...] = ()
    codes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Signal:
    """One observation that speaks for (weight above 0) or against a breach.

    `evidence` is at most 40 characters, taken from the normalised text where it quotes it.
    """

    name: str
    weight: float
    evidence: str


@quick
@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What a check found, and why, also when it found nothing.

    rule: the id of the check. confidence: how likely the rule is broken, 0.0 to 1.0; at least
    0.5 exactly when `violated`. reason: the words for people. observed: only told to staff,
    since the check is in mode `observe`. doubtful: not enough to act on, but people should look.
    plain: how an advert detector read the text, without disguises.
    """

    rule: str = ""
    violated: bool
    confidence: float
    reason: str = ""
    signals: tuple[Signal, ...] = ()
    observed: bool = False
    doubtful: bool = False
    plain: str = ""


Detector = Callable[[Utterance], Verdict | None]
"""Judges one utterance; None says that the detector has nothing to go by."""

CLEAR = Verdict(violated=False, confidence=0.0)
"""Looked at, and nothing was found."""


def signal(name: str, weight: float, evidence: object) -> Signal:
    """Return a signal with its evidence cut to length."""
    return Signal(name, weight, str(evidence)[:_EVIDENCE_LENGTH])


def certain(*signals: Signal) -> Verdict:
    """Return the verdict of a detector that knows no doubt: broken if a signal speaks for it."""
    violated = any(one.weight > 0 for one in signals)
    return Verdict(violated=violated, confidence=float(violated), signals=signals)
