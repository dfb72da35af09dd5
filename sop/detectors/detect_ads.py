"""Detectors of adverts, by weighted signals that are all shown, and of contact details."""

import math
import re
from collections.abc import Sequence

from sop.detectors import wording
from sop.detectors.ad_evidence import Evidence, contacts, own_words, squeezed, typed_beside
from sop.detectors.detector_data import AdsData, Packaged
from sop.detectors.detector_params import Params
from sop.detectors.known_texts import KnownText, KnownTexts
from sop.detectors.telling import may_score, respelt
from sop.detectors.unmasking import Unmasked, unmask
from sop.detectors.verdicts import CLEAR, Detector, Signal, Utterance, Verdict, certain, signal
from sop.links.hosts import domain
from sop.text import normalise

_STEEPNESS = 1.0
_SAID = 5
_MORE = 0.01


def contact(params: Params, packaged: Packaged) -> Detector:
    """Find a phone number, messenger id, group number or mail address not in `allow`."""
    params.only("allow")
    allowed = tuple(map(squeezed, params.texts("allow")))

    def judge(said: Utterance) -> Verdict:
        hits = contacts(said.normal, packaged.contacts)
        strange = [hit for hit in hits if not _is_allowed(hit.evidence, allowed)]
        return certain(*strange) if strange else CLEAR

    return judge


def ads(params: Params, packaged: Packaged) -> Detector:
    """Find a message whose signals of advertising add up to the threshold of `sensitivity`.

    `allow_domains` may be linked to; phrases of `allow` are cut out before anything is weighed.
    Below the threshold, from the one for asking on, the verdict is doubtful. What staff have said
    about nearly the same words before decides alone.
    """
    params.only("allow_domains", "allow", "sensitivity")
    data = packaged.ads
    threshold = params.choice("sensitivity", data.thresholds, "normal")
    asking = params.choice("sensitivity", data.asking, "normal")
    domains = data.known | {*map(domain, params.texts("allow_domains"))}
    evidence = Evidence(packaged, domains)
    allowed = _phrases(params.texts("allow"))

    def judge(said: Utterance) -> Verdict:
        # Most of what is said holds no evidence at all, and is not worded like an advert.
        if (
            evidence.is_silent(said.normal)
            and not may_score(said.normal, asking)
            and not any(each.find(wording.bare(said.normal)) for each in _taught(said))
        ):
            return CLEAR
        plain = unmask(said.text)
        own, others, around = own_words(plain.text, data)
        text = allowed.sub(" ", own)
        own_typed = typed_beside(plain, others) if others else said.text
        spared = (*others, *(one.span() for one in allowed.finditer(plain.text)))
        around += [
            *evidence.linked(own_typed, said.known),
            *evidence.disguises(plain, spared),
            *evidence.quoted(plain, others, said.known),
        ]
        signals = [*around, *read(text, said)]
        meant, words = respelt(text)
        if words:
            heard = signal("homophones", data.homophones, " ".join(words))
            signals = max(signals, [*around, heard, *read(meant, said)], key=_sum)
        words_alone = wording.bare(text)
        recalled = said.known.find(words_alone) or said.known.page(own_typed, domains)
        if recalled is not None:
            return _recalled(recalled, data.learned, signals, plain)
        if said.confirmed.find(words_alone):
            # What other people decided is for staff here to look at, not to be acted on.
            lacking = max(asking - _sum(signals), 0) + _MORE
            signals.append(signal("confirmed", round(lacking, 2), words_alone.strip()))
        return _weighed(signals, threshold, asking, plain) if signals else CLEAR

    def read(text: str, said: Utterance) -> list[Signal]:
        worded, piece = _worded(text, data)
        found = evidence.found(text, has_image=said.has_image)
        # What speaks for a message must stand where it is most like an advert.
        return [*found, *evidence.against(piece), *worded]

    return judge


def _worded(text: str, data: AdsData) -> tuple[list[Signal], str]:
    """Return the signal of how a text is worded, and the piece that is most like an advert."""
    words = wording.phrased(text)
    if len(words) < _SAID:
        return [], words
    score, piece = wording.packaged().score(words)
    limits = data.wording
    weight = min(max(score, limits["least"]), limits["most"])
    return [signal("wording", round(weight, 2), piece)], piece


def _sum(signals: Sequence[Signal]) -> float:
    return sum(one.weight for one in signals)


def _weighed(
    signals: Sequence[Signal], threshold: float, asking: float, plain: Unmasked
) -> Verdict:
    score = _sum(signals)
    return Verdict(
        violated=score >= threshold,
        doubtful=asking <= score < threshold,
        confidence=round(1 / (1 + math.exp(_STEEPNESS * (threshold - score))), 3),
        signals=tuple(signals),
        plain=plain.text,
    )


def _taught(said: Utterance) -> list[KnownTexts]:
    return [each for each in (said.known, said.confirmed) if each]


def _recalled(
    text: KnownText, weight: float, signals: Sequence[Signal], plain: Unmasked
) -> Verdict:
    said = signal("learned", weight if text.is_advert else -weight, f"#{text.id}")
    return Verdict(
        violated=text.is_advert,
        confidence=float(text.is_advert),
        signals=(said, *signals),
        plain=plain.text,
    )


def _is_allowed(evidence: str, allowed: Sequence[str]) -> bool:
    words = squeezed(evidence)
    return any(one and one in words for one in allowed)


def _phrases(allowed: Sequence[str]) -> re.Pattern[str]:
    """Return what finds phrases; they are read as messages are, disguises and all."""
    plain = {form for one in allowed for form in (normalise(one), unmask(one).text.strip())} - {""}
    longest_first = sorted(plain, key=len, reverse=True)
    return re.compile("|".join(map(re.escape, longest_first)) or "(?!)")
