"""Detectors of adverts, by weighted signals that are all shown, and of contact details."""

import math
import re
from collections.abc import Callable, Iterator, Sequence

from sop.detect_links import domain, hosts, within
from sop.detect_words import WordList
from sop.detector_data import NamedPattern, Packaged, WordSignal
from sop.detector_params import Params
from sop.text import normalise
from sop.verdicts import CLEAR, Detector, Signal, Utterance, Verdict, certain, signal

_NOISE = re.compile(r"[^\w+]+")
_LATIN = re.compile("[0-9a-z]")
_STEEPNESS = 1.5
_MOST_MORE = 2
_PRICES = 2


def contact(params: Params, packaged: Packaged) -> Detector:
    """Find a phone number, messenger id, group number or mail address not in `allow`."""
    params.only("allow")
    allowed = tuple(map(_squeezed, params.texts("allow")))

    def judge(said: Utterance) -> Verdict:
        hits = _contacts(said.normal, packaged.contacts)
        strange = [hit for hit in hits if not _is_allowed(hit.evidence, allowed)]
        return certain(*strange) if strange else CLEAR

    return judge


def ads(params: Params, packaged: Packaged) -> Detector:
    """Find a message whose signals of advertising add up to the threshold of `sensitivity`.

    `allow_domains` may be linked to; phrases of `allow` are cut out before anything is weighed.
    """
    params.only("allow_domains", "allow", "sensitivity")
    data = packaged.ads
    threshold = params.choice("sensitivity", data.thresholds, "normal")
    domains = frozenset(map(domain, params.texts("allow_domains")))
    cleaned = _without(params.texts("allow"))
    weigh_words = _word_scale(data.signals)

    def judge(said: Utterance) -> Verdict:
        normal = cleaned(said.normal)
        signals = [*weigh_words(_NOISE.sub("", normal))]
        if _LATIN.search(normal):
            signals += _written(normal)
        signals += _linked(said.text)
        if said.has_image and any(one.name in {"call", "invite"} for one in signals):
            signals.append(signal("poster", data.poster, "image"))
        return _weighed(signals, threshold) if signals else CLEAR

    def _written(normal: str) -> Iterator[Signal]:
        reached = _contacts(normal, packaged.contacts)
        yield from (signal(one.name, data.contact, one.evidence) for one in reached[:1])
        number = None if reached else data.bare.search(normal)
        if number:
            yield signal("number", data.number, number[0])
        prices = data.price.findall(normal)
        if len(prices) >= _PRICES:
            yield signal("prices", data.prices, " ".join(prices))

    def _linked(text: str) -> Iterator[Signal]:
        strange = (host for host in hosts(text, packaged.endings) if not within(host, domains))
        yield from (signal("link", data.link, host) for host in [*strange][:1])

    return judge


def _weighed(signals: Sequence[Signal], threshold: float) -> Verdict:
    score = sum(one.weight for one in signals)
    return Verdict(
        violated=score >= threshold,
        confidence=round(1 / (1 + math.exp(_STEEPNESS * (threshold - score))), 3),
        signals=tuple(signals),
    )


def _word_scale(signals: Sequence[WordSignal]) -> Callable[[str], Iterator[Signal]]:
    owner = {word: one for one in signals for word in map(_squeezed, one.words)}
    listed = WordList.of([*owner])
    owners = [owner[word] for word in listed.words]

    def weigh(squeezed: str) -> Iterator[Signal]:
        hits: dict[str, list[str]] = {}
        for place in listed.found(squeezed):
            hits.setdefault(owners[place].name, []).append(listed.words[place])
        for one in signals if hits else ():
            found = hits.get(one.name)
            if found:
                extra = one.more * min(len(found) - 1, _MOST_MORE)
                yield signal(one.name, one.weight + extra, " ".join(found))

    return weigh


def _contacts(normal: str, patterns: Sequence[NamedPattern]) -> list[Signal]:
    if not _LATIN.search(normal):
        return []
    hits = ((one.name, match[0]) for one in patterns for match in one.pattern.finditer(normal))
    return [signal(name, 1.0, text) for name, text in dict.fromkeys(hits)]


def _is_allowed(evidence: str, allowed: Sequence[str]) -> bool:
    squeezed = _squeezed(evidence)
    return any(one and one in squeezed for one in allowed)


def _squeezed(text: str) -> str:
    return _NOISE.sub("", normalise(text))


def _without(phrases: Sequence[str]) -> Callable[[str], str]:
    normal = [re.escape(one) for one in map(normalise, phrases) if one]
    if not normal:
        return lambda text: text
    pattern = re.compile("|".join(sorted(normal, key=len, reverse=True)))
    return lambda text: pattern.sub(" ", text)
