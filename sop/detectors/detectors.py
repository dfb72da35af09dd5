"""The rule book: the checks of a pack compiled once, and their verdicts on one utterance."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from sop.detectors.detect_ads import ads, contact
from sop.detectors.detect_advice import abuse, rumours
from sop.detectors.detect_behaviour import copies, flood, length, mentions, repeats
from sop.detectors.detect_links import links
from sop.detectors.detect_policy import (
    WELCOME,
    competitors,
    hours,
    is_known,
    language,
    posts_of,
    spared,
)
from sop.detectors.detect_qr import qr
from sop.detectors.detect_words import topic, words
from sop.detectors.detector_data import Packaged, Reasons
from sop.detectors.detector_data import packaged as packaged_data
from sop.detectors.detector_params import Params
from sop.detectors.verdicts import CLEAR, Detector, Recent, Signal, Utterance, Verdict

__all__ = [
    "CheckSpec",
    "Detector",
    "Recent",
    "RuleBook",
    "Signal",
    "Utterance",
    "Verdict",
    "build",
]

_Factory = Callable[[Params, Packaged], Detector]

_FACTORIES: Mapping[str, _Factory] = {
    "ads": ads,
    "words": lambda params, _: words(params),
    "rumours": lambda params, data: rumours(params, data.rumours),
    "abuse": lambda params, _: abuse(params),
    "links": lambda params, data: links(params, data.endings),
    "contact": contact,
    "mentions": lambda params, _: mentions(params),
    "length": lambda params, _: length(params),
    "flood": lambda params, _: flood(params),
    "repeats": lambda params, _: repeats(params),
    "qr": qr,
    "copies": lambda params, _: copies(params),
    "topic": lambda params, _: topic(params),
    "recruiting": lambda params, _: posts_of("recruiting", params),
    "second-hand": lambda params, _: posts_of("second-hand", params),
    "competitors": lambda params, _: competitors(params),
    "language": lambda params, _: language(params),
    "hours": lambda params, _: hours(params),
}

_OBSERVING = frozenset({"topic"})


class Check(Protocol):
    """What a pack says of one check; `params` holds only what was stated, durations in ms."""

    @property
    def id(self) -> str:
        """Name the check in verdicts."""

    @property
    def detect(self) -> str:
        """Name the kind of detector."""

    @property
    def params(self) -> Mapping[str, object]:
        """Tell the detector what to look for."""

    @property
    def reason(self) -> str:
        """Say it in the pack's own words; empty for the packaged ones."""

    @property
    def mode(self) -> str:
        """Be `enforce`, `observe` or `off`; empty for the detector's own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckSpec:
    """A check as plain values (see `Check`)."""

    id: str
    detect: str
    params: Mapping[str, object] = field(default_factory=dict)
    reason: str = ""
    mode: str = ""


def build(kind: str, params: Mapping[str, object], packaged: Packaged | None = None) -> Detector:
    """Return the detector of one kind; its verdicts name the kind as their rule.

    Raises `ValueError` with a plain sentence for an unknown kind or a wrong parameter; where a
    pattern is wrong, with the place. `packaged` replaces the packaged words.
    """
    return _labelled(CheckSpec(id=kind, detect=kind, params=params), packaged or packaged_data())


class RuleBook:
    """The checks of one pack, compiled; safe to share, since nothing in it changes.

    Raises `ValueError` (with the check's id) when a check cannot be built.
    """

    __slots__ = ("_checks", "kinds")

    def __init__(self, checks: Sequence[Check], packaged: Packaged | None = None) -> None:
        data = packaged or packaged_data()
        self._checks = tuple(
            (check.detect, _built(check, data)) for check in checks if check.mode != "off"
        )
        self.kinds: frozenset[str] = frozenset(kind for kind, _ in self._checks)

    def judge(self, said: Utterance, skip: frozenset[str] = frozenset()) -> tuple[Verdict, ...]:
        """Return what the checks say, breaches first, each part in file order.

        `skip` names kinds of detectors to leave out. A message gives at most one strike: for
        the first verdict that is violated and not observed. A post that the group knows how to
        deal with (see `detect_policy`) is not taken for an advert by being one.
        """
        verdicts, broken, known = [], False, False
        for kind, detect in self._checks:
            verdict = None if kind in skip else detect(said)
            if verdict is not None:
                verdicts.append(verdict)
                broken = broken or verdict.violated
                known = known or is_known(verdict)
        if known:
            welcome = any(one.name == WELCOME for each in verdicts for one in each.signals)
            verdicts = [spared(each, welcome=welcome) if each.plain else each for each in verdicts]
        if broken:
            verdicts.sort(key=_is_clear)
        return tuple(verdicts)


def _is_clear(verdict: Verdict) -> bool:
    return not verdict.violated


def _built(check: Check, data: Packaged) -> Detector:
    try:
        return _labelled(check, data)
    except ValueError as error:
        raise ValueError(f"{check.id}: {error}") from error


def _labelled(check: Check, data: Packaged) -> Detector:
    factory = _FACTORIES.get(check.detect)
    if factory is None:
        known = ", ".join(_FACTORIES)
        raise ValueError(f"there is no detector {check.detect!r}: choose one of {known}")
    detect = factory(Params(check.detect, check.params), data)
    label = _Label.of(check, data.reasons[check.detect])

    def judge(said: Utterance) -> Verdict | None:
        found = detect(said)
        if found is CLEAR:
            return label.nothing
        return found and label.put_on(found)

    return judge


@dataclass(frozen=True, slots=True, kw_only=True)
class _Label:
    rule: str
    reasons: Reasons
    observed: bool
    nothing: Verdict

    @classmethod
    def of(cls, check: Check, packaged: Reasons) -> "_Label":
        reasons = Reasons(found=check.reason or packaged.found, clear=packaged.clear)
        mode = check.mode or ("observe" if check.detect in _OBSERVING else "enforce")
        observed = mode == "observe"
        nothing = Verdict(
            rule=check.id, violated=False, confidence=0.0, reason=reasons.clear, observed=observed
        )
        return cls(rule=check.id, reasons=reasons, observed=observed, nothing=nothing)

    def put_on(self, found: Verdict) -> Verdict:
        return Verdict(
            rule=self.rule,
            violated=found.violated,
            confidence=found.confidence,
            reason=self.reasons.found if found.violated else self.reasons.clear,
            signals=found.signals,
            observed=self.observed,
            doubtful=found.doubtful,
            plain=found.plain,
        )
