"""What speaks for an advert in a text, and against, apart from how it is worded."""

import re
from collections.abc import Callable, Collection, Iterator, Sequence
from functools import lru_cache
from typing import Final

from sop.detectors.detect_words import WordList
from sop.detectors.detector_data import AdsData, NamedPattern, Packaged, WordSignal
from sop.detectors.known_texts import NOTHING_KNOWN, KnownTexts
from sop.detectors.unmasking import Unmasked, is_open
from sop.detectors.verdicts import Signal, signal
from sop.links.hosts import hosts, within
from sop.text import normalise

_NOISE = re.compile(r"[^\w+]+")
_LATIN = re.compile("[0-9a-z]")
_RUN = re.compile("[0-9][0-9 -]{5}")
_NAMED = 6
_CURRENCY = re.compile("[元块]")
_NUMBERS = frozenset({"phone", "hotline", "group"})
_MOST_MORE = 2
# So many signs of somebody's own say more than that something follows.
_OWN = 8
_PRICES = 2
_CALLS = frozenset({"call", "invite"})

QUOTED: Final = "quoted-contact"
"""The signal that what is somebody else's names a way to reach them."""

Spans = Sequence[tuple[int, int]]
"""Stretches of a plain form, each from its start up to its end."""


class Evidence:
    """Finds signals of advertising; to `domains` anybody may link."""

    def __init__(self, packaged: Packaged, domains: Collection[str]) -> None:
        self._data, self._packaged, self._domains = packaged.ads, packaged, domains
        self._for, self._against, self._hints, self.is_silent = _listed(packaged)

    def found(self, text: str, *, has_image: bool = False) -> list[Signal]:
        """Return what speaks for an advert in the plain form of somebody's own words."""
        data = self._data
        signals = [*self._for(_NOISE.sub("", text))]
        if self._hints.found(text) and (asked := data.asks.search(text)):
            signals.append(signal("solicit", data.solicit, asked[0]))
        if _LATIN.search(text):
            signals += _written(text, data, self._packaged.contacts)
        if has_image and any(one.name in _CALLS for one in signals):
            signals.append(signal("poster", data.poster, "image"))
        return signals

    def against(self, piece: str) -> list[Signal]:
        """Return what speaks against it in a piece of a text."""
        return [*self._against(_NOISE.sub("", piece))]

    def linked(self, typed: str, known: KnownTexts = NOTHING_KNOWN) -> Iterator[Signal]:
        """Find a text's first link to a site that nobody knows."""
        for host in hosts(typed, self._packaged.endings):
            if not within(host, self._domains) and not known.is_fine(host):
                yield signal("link", self._data.link, host)
                return

    def quoted(self, plain: Unmasked, others: Spans, known: KnownTexts) -> list[Signal]:
        """Return how what is somebody else's can be reached, if it can: weighed of newcomers."""
        for start, end in others:
            hits = contacts(plain.text[start:end], self._packaged.contacts)
            hits += self.linked(plain.as_typed(start, end), known)
            if hits:
                return [signal(QUOTED, 0.0, hits[0].evidence)]
        return []

    def disguises(self, plain: Unmasked, spared: Spans) -> Iterator[Signal]:
        """Find what was written so as not to be found, beside what is spared."""
        spans = [
            one
            for one in plain.disguised
            if not any(start <= one[0] < end for start, end in spared)
        ]
        if spans:
            weight = self._data.disguise
            more = weight / 2 * min(len(spans) - 1, _MOST_MORE)
            typed = " ".join(plain.as_typed(start, end) for start, end in spans)
            yield signal("disguise", weight + more, typed)


def own_words(text: str, data: AdsData) -> tuple[str, Spans, list[Signal]]:
    """Leave out what is somebody else's: quoted, or passed on, to warn of it; tell where it is.

    Who warns does so in words of their own: what stands in quotation marks warns of nothing.
    """
    if data.warns.search(text) is None:
        return text, (), []
    own = data.quotes.sub(" ", text)
    warning = data.warns.search(own)
    # What only introduces something does not warn of it.
    rest = data.introduces.sub(" ", own)
    warned = data.warns.search(rest)
    if warning is None or (warned is None and len(_NOISE.sub("", rest)) < _OWN):
        return text, (), []
    others = [one.span() for one in data.quotes.finditer(text)]
    passed = data.passes.search(own)
    if passed and warned:
        own = own[: passed.start()]
        # Each quotation before it has become one blank.
        start = passed.start()
        for begin, end in others:
            start += end - begin - 1 if begin < start else 0
        others = [*(one for one in others if one[0] < start), (start, len(text))]
    found = [signal("warning", data.warning, warning[0])] if others else []
    return own, others, found


def typed_beside(plain: Unmasked, others: Spans) -> str:
    """Return what was typed outside of those stretches of the plain form."""
    ends = (0, *(end for _, end in others))
    starts = (*(start for start, _ in others), len(plain.text))
    return " ".join(map(plain.as_typed, ends, starts))


def contacts(normal: str, patterns: Sequence[NamedPattern]) -> list[Signal]:
    """Return each way to reach somebody that stands in a normalised text."""
    if not _LATIN.search(normal):
        return []
    hits = ((one.name, match[0]) for one in patterns for match in one.pattern.finditer(normal))
    return [signal(name, 1.0, text) for name, text in dict.fromkeys(hits)]


def squeezed(text: str) -> str:
    """Return a text's words alone, without blanks and signs."""
    return _NOISE.sub("", normalise(text))


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
    to reach somebody by, and not two prices.
    """
    data = packaged.ads
    words = (one.words for one in data.signals if one.weight > 0)
    weighed = (squeezed(word) for each in words for word in each)
    speaks = WordList.of([*data.hints, *data.reach, *weighed])
    numbers = [one.pattern for one in packaged.contacts if one.name in _NUMBERS] + [data.bare]

    def is_silent(normal: str) -> bool:
        if not is_open(normal) or speaks.found(_NOISE.sub("", normal)):
            return False
        run = _RUN.search(normal)
        if run and any(one.search(normal, max(run.start() - _NAMED, 0)) for one in numbers):
            return False
        return not _CURRENCY.search(normal) or len(data.price.findall(normal)) < _PRICES

    return is_silent


def _written(text: str, data: AdsData, patterns: Sequence[NamedPattern]) -> Iterator[Signal]:
    reached = contacts(text, patterns)
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


_Scale = Callable[[str], Iterator[Signal]]


def _word_scale(signals: Sequence[WordSignal]) -> _Scale:
    owner = {word: one for one in signals for word in map(squeezed, one.words)}
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
