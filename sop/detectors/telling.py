"""The pieces of the adverts' model that tell most: found as they are written, and by their sound.

Found as written they show cheaply which texts are worth weighing; most are not. Found by sound,
in other characters, they show what is meant where an advert is written in homophones.
"""

import re
from collections.abc import Sequence
from functools import cache
from math import sqrt
from typing import Final

from ahocorasick_rs import AhoCorasick

from sop.detectors.detector_data import packaged as packaged_data
from sop.detectors.spoken_words import codes, sound
from sop.detectors.wording import SHORT, WINDOW, packaged, phrased

_WORD: Final = re.compile("[\u3400-\u9fff]{2,}")
_TELLS: Final = 0.5
_ENOUGH: Final = 0.6
"""What telling pieces must add up to, as a score, before a text is worth weighing."""

_HEARD: Final = 0.25
_LEAST_HEARD: Final = 3
_SHARE_HEARD: Final = 0.2
"""Different words that must be heard in other characters, and how much of a text they must be."""


def may_score(normal: str, least: float) -> bool:
    """Tell whether a text without a disguise scores so much by how it is worded.

    Most texts are found not to without being weighed.
    """
    if is_telling(normal) and _score(normal) >= least:
        return True
    meant, words = respelt(normal)
    return bool(words) and _score(meant) >= least


def _score(normal: str) -> float:
    return packaged().score(phrased(normal))[0]


def is_telling(normal: str) -> bool:
    """Tell, cheaply and rather too often, whether a text could be worded like an advert."""
    finder, worth = _telling()
    hits = finder.find_matches_as_indexes(normal, overlapping=True)
    enough = _ENOUGH * sqrt(min(max(len(normal), SHORT), WINDOW))
    total, first = 0.0, 0
    for piece, start, _ in hits:
        total += worth[piece]
        while hits[first][1] < start - WINDOW:
            total -= worth[hits[first][0]]
            first += 1
        if total >= enough:
            return True
    return False


def respelt(text: str) -> tuple[str, Sequence[str]]:
    """Return a text with the words it sounds like, and these; as it is where they are too few.

    A word counts where its sound is written in characters that are no piece of the model, since
    what is often written like that means itself.
    """
    found = _otherwise(text)
    if len(found) < _LEAST_HEARD:
        return text, ()
    free = bytearray(b"\1") * len(text)
    heard: dict[int, tuple[int, str]] = {}
    # The longest and most telling words come first.
    for place, first, last in sorted(found):
        if all(free[first:last]):
            heard[first] = last, _by_sound()[1][place]
            free[first:last] = bytes(last - first)
    spoken = [word for _, (_, word) in sorted(heard.items())]
    if len({*spoken}) < _LEAST_HEARD or sum(map(len, spoken)) < _SHARE_HEARD * len(sound(text)[0]):
        return text, ()
    parts, done = [], 0
    for first, (last, word) in sorted(heard.items()):
        parts += [text[done:first], word]
        done = last
    return "".join((*parts, text[done:])), spoken


def _otherwise(text: str) -> list[tuple[int, int, int]]:
    """Return the places of words in their list, and where each is heard in other characters."""
    signs, places = sound(text)
    finder, words = _by_sound()
    known = packaged().weights
    found = []
    for place, start, end in finder.find_matches_as_indexes(signs, overlapping=True):
        first, last = (places[start], places[end]) if places else (start, end)
        written = text[first:last]
        if written != words[place] and written not in known:
            found.append((place, first, last))
    return found


@cache
def _telling() -> tuple[AhoCorasick, Sequence[float]]:
    found = {piece: worth for piece, worth in _worths().items() if worth >= _TELLS}
    return AhoCorasick([*found]), [*found.values()]


@cache
def _by_sound() -> tuple[AhoCorasick, Sequence[str]]:
    signals = (one for one in packaged_data().ads.signals if one.weight > 0)
    weighed = {word: 1.0 for one in signals for word in one.words if _WORD.fullmatch(word)}
    told = {piece: worth for piece, worth in _worths().items() if worth >= _HEARD}
    ranked = sorted((-len(word), -worth, word) for word, worth in (told | weighed).items())
    by_sound: dict[str, str] = {}
    for _, _, word in ranked:
        by_sound.setdefault(word.translate(codes()), word)
    return AhoCorasick([*by_sound]), [*by_sound.values()]


@cache
def _worths() -> dict[str, float]:
    model = packaged()
    return {
        piece: weight * model.scale
        for piece, weight in model.weights.items()
        if weight > 0 and _WORD.fullmatch(piece)
    }
