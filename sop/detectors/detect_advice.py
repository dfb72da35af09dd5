"""Detectors that only advise: whether it was a rumour or an insult, people decide.

The phrases a pack lists itself are its own rule, and a breach like any other.
"""

from collections.abc import Sequence
from functools import cache
from typing import Any

from sop.detectors.detect_words import WordList
from sop.detectors.detector_params import Params
from sop.detectors.verdicts import CLEAR, Detector, Signal, Utterance, Verdict, certain, signal
from sop.yaml import yaml_source

_CONFIDENCE = 0.4


def advice(*signals: Signal) -> Verdict:
    """Return the verdict that only people may decide about, with its evidence."""
    return Verdict(violated=False, doubtful=True, confidence=_CONFIDENCE, signals=signals)


def rumours(params: Params, packaged: Sequence[str]) -> Detector:
    """Find a phrase of `any`, or (advice) a packaged one by which rumours spread."""
    params.only("any")
    return _advising(params.texts("any"), packaged, "rumour")


def abuse(params: Params) -> Detector:
    """Find a phrase of `any`, or (advice) a packaged insult or threat."""
    params.only("any")
    return _advising(params.texts("any"), _insults(), "abuse")


@cache
def _insults() -> tuple[str, ...]:
    data: Any = yaml_source.load_packaged("policy_words.yaml")
    return tuple(data["abuse"])


def _advising(own: Sequence[str], others: Sequence[str], name: str) -> Detector:
    listed, known = WordList.of(own), WordList.of(others)

    def judge(said: Utterance) -> Verdict:
        if found := listed.found(said.normal):
            return certain(signal(name, 1.0, listed.words[found[0]]))
        if found := known.found(said.normal):
            return advice(signal(name, 1.0, known.words[found[0]]))
        return CLEAR

    return judge
