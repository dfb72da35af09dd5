"""Detectors of adverts, by weighted signals that are all shown, and of contact details."""

import math
import re
from collections.abc import Callable, Collection, Iterator, Sequence
from functools import lru_cache

from sop.detectors import wording
from sop.detectors.detect_words import WordList
from sop.detectors.detector_data import AdsData, NamedPattern, Packaged, WordSignal
from sop.detectors.detector_params import Params
from sop.detectors.known_texts import KnownText, KnownTexts
from sop.detectors.unmasking import Unmasked, is_open, unmask
from sop.detectors.verdicts import CLEAR, Detector, Signal, Utterance, Verdict, certain, signal
from sop.links.hosts import domain, hosts, within
from sop.text import normalise

_NOISE = re.compile(r"[^\w+]+")
_LATIN = re.compile("[0-9a-z]")
_RUN = re.compile("[0-9][0-9 -]{5}")
_NAMED = 6
_CURRENCY = re.compile("[元块]")
_NUMBERS = frozenset({"phone", "hotline", "group"})
_STEEPNESS = 1.0
_MOST_MORE = 2
_PRICES = 2
_SAID = 5
_CALLS = frozenset({"call", "invite"})


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
    Below the threshold, from the one for asking on, the verdict is doubtful. What staff have said
    about nearly the same words before decides alone.
    """
    params.only("allow_domains", "allow", "sensitivity")
    data = packaged.ads
    threshold = params.choice("sensitivity", data.thresholds, "normal")
    asking = params.choice("sensitivity", data.asking, "normal")
    domains = data.known | {*map(domain, params.texts("allow_domains"))}
    allowed = _phrases(params.texts("allow"))
    weigh_for, weigh_against, hints, is_silent = _listed(packaged)
    linked = _link_scale(packaged, domains)

    def judge(said: Utterance) -> Verdict:
        # Most of what is said holds no evidence at all.
        if is_silent(said.normal) and not (
            said.known and said.known.find(wording.bare(said.normal))
        ):
            return CLEAR
        plain = unmask(said.text)
        own, others, signals = _own_words(plain.text, data)
        text = allowed.sub(" ", own)
        worded, piece = _worded(text, data)
        signals += weigh_for(_NOISE.sub("", text))
        # What speaks for a message must stand where it is most like an advert.
        signals += weigh_against(_NOISE.sub("", piece))
        if hints.found(text) and (asked := data.asks.search(text)):
            signals.append(signal("solicit", data.solicit, asked[0]))
        if _LATIN.search(text):
            signals += _written(text, data, packaged.contacts)
        own_typed = _typed_beside(plain, others) if others else said.text
        signals += linked(own_typed, said.known)
        if said.has_image and any(one.name in _CALLS for one in signals):
            signals.append(signal("poster", data.poster, "image"))
        spared = (*others, *(one.span() for one in allowed.finditer(plain.text)))
        signals += _disguises(plain, spared, data.disguise)
        signals += worded
        recalled = said.known.find(wording.bare(text)) or said.known.page(own_typed, domains)
        if recalled is not None:
            return _recalled(recalled, data.learned, signals, plain)
        return _weighed(signals, threshold, asking, plain) if signals else CLEAR

    return judge


@lru_cache(4)
def _listed(packaged: Packaged) -> tuple["_Scale", "_Scale", WordList, Callable[[str], bool]]:
    """Return what every pack looks for alike: what speaks for an advert and against, and hints."""
    data = packaged.ads
    return (
        _word_scale([one for one in data.signals if one.weight > 0]),
        _word_scale([one for one in data.signals if one.weight < 0]),
        WordList.of(data.hints),
        _silence(packaged),
    )


def _silence(packaged: Packaged) -> Callable[[str], bool]:
    """Return what tells, cheaply, that a text certainly holds no evidence.

    It is open, has none of the words that are evidence or name a way to reach somebody, no number
    to reach somebody by, not two prices, and hardly a turn of phrase that adverts have.
    """
    data = packaged.ads
    words = (one.words for one in data.signals if one.weight > 0)
    weighed = (_squeezed(word) for each in words for word in each)
    speaks = WordList.of([*data.hints, *data.reach, *weighed])
    numbers = [one.pattern for one in packaged.contacts if one.name in _NUMBERS] + [data.bare]

    def is_silent(normal: str) -> bool:
        if not is_open(normal) or speaks.found(_NOISE.sub("", normal)):
            return False
        run = _RUN.search(normal)
        if run and any(one.search(normal, max(run.start() - _NAMED, 0)) for one in numbers):
            return False
        if _CURRENCY.search(normal) and len(data.price.findall(normal)) >= _PRICES:
            return False
        return not wording.is_telling(normal)

    return is_silent


_Spans = Sequence[tuple[int, int]]


def _own_words(text: str, data: AdsData) -> tuple[str, _Spans, list[Signal]]:
    """Leave out what is somebody else's: quoted, or passed on, to warn of it; tell where it is."""
    warning = data.warns.search(text)
    if warning is None:
        return text, (), []
    others = [one.span() for one in data.quotes.finditer(text)]
    own = data.quotes.sub(" ", text)
    passed = data.passes.search(own)
    # What only introduces something does not warn of it.
    if passed and data.warns.search(data.introduces.sub(" ", text)):
        own = own[: passed.start()]
        # Each quotation before it has become one blank.
        start = passed.start()
        for begin, end in others:
            start += end - begin - 1 if begin < start else 0
        others = [*(one for one in others if one[0] < start), (start, len(text))]
    found = [signal("warning", data.warning, warning[0])] if others else []
    return own, others, found


def _typed_beside(plain: Unmasked, others: _Spans) -> str:
    """Return what was typed outside of those stretches of the plain form."""
    ends = (0, *(end for _, end in others))
    starts = (*(start for start, _ in others), len(plain.text))
    return " ".join(map(plain.as_typed, ends, starts))


def _written(text: str, data: AdsData, patterns: Sequence[NamedPattern]) -> Iterator[Signal]:
    reached = _contacts(text, patterns)
    if reached:
        first = max(reached, key=lambda one: data.contact[one.name])
        yield signal(first.name, data.contact[first.name], first.evidence)
    elif handle := data.handle.search(text):
        yield signal("handle", data.contact["handle"], handle[0])
    elif number := data.bare.search(text):
        yield signal("number", data.number, number[0])
    prices = data.price.findall(text)
    if len(prices) >= _PRICES:
        yield signal("prices", data.prices, " ".join(prices))


def _disguises(plain: Unmasked, spared: _Spans, weight: float) -> Iterator[Signal]:
    spans = [
        one for one in plain.disguised if not any(start <= one[0] < end for start, end in spared)
    ]
    if spans:
        more = weight / 2 * min(len(spans) - 1, _MOST_MORE)
        typed = " ".join(plain.as_typed(start, end) for start, end in spans)
        yield signal("disguise", weight + more, typed)


def _worded(text: str, data: AdsData) -> tuple[list[Signal], str]:
    """Return the signal of how a text is worded, and the piece that is most like an advert."""
    words = wording.phrased(text)
    if len(words) < _SAID:
        return [], words
    score, piece = wording.packaged().score(words)
    limits = data.wording
    weight = min(max(score, limits["least"]), limits["most"])
    return [signal("wording", round(weight, 2), piece)], piece


def _weighed(
    signals: Sequence[Signal], threshold: float, asking: float, plain: Unmasked
) -> Verdict:
    score = sum(one.weight for one in signals)
    return Verdict(
        violated=score >= threshold,
        doubtful=asking <= score < threshold,
        confidence=round(1 / (1 + math.exp(_STEEPNESS * (threshold - score))), 3),
        signals=tuple(signals),
        plain=plain.text,
    )


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


_Scale = Callable[[str], Iterator[Signal]]


def _word_scale(signals: Sequence[WordSignal]) -> _Scale:
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


def _link_scale(
    packaged: Packaged, allowed: Collection[str]
) -> Callable[[str, KnownTexts], Iterator[Signal]]:
    """Return what weighs a text's first link to a site that nobody knows."""

    def weigh(text: str, known: KnownTexts) -> Iterator[Signal]:
        for host in hosts(text, packaged.endings):
            if not within(host, allowed) and not known.is_fine(host):
                yield signal("link", packaged.ads.link, host)
                return

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


def _phrases(allowed: Sequence[str]) -> re.Pattern[str]:
    """Return what finds phrases; they are read as messages are, disguises and all."""
    plain = {form for one in allowed for form in (normalise(one), unmask(one).text.strip())} - {""}
    longest_first = sorted(plain, key=len, reverse=True)
    return re.compile("|".join(map(re.escape, longest_first)) or "(?!)")
