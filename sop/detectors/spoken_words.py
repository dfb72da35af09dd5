"""Words found by how they sound: written with other characters, or in Latin letters."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, lru_cache
from typing import Final

from ahocorasick_rs import AhoCorasick

from sop.games.sounds import first_readings

_LETTERS: Final = re.compile("[a-z]{2,60}")
_FIRST: Final = 0xE000
_END: Final = 0x10000
_CERTAIN: Final = 3
"""Syllables from which a word is heard in other characters alone: two sound like too much."""


@dataclass(frozen=True, slots=True)
class Spoken:
    """Words by their syllables, whatever the tone."""

    words: tuple[str, ...]
    _finder: AhoCorasick = field(repr=False, compare=False)

    @classmethod
    def of(cls, words: Sequence[str]) -> "Spoken":
        """Return the finder of these words, each at least two Han characters."""
        # The longest is asked for at a place, so the order does not matter.
        return cls(tuple(words), AhoCorasick([word.translate(codes()) for word in words]))

    def heard(self, text: str) -> list[tuple[int, int, str]]:
        """Return (start, end, word) of what is meant by its sound and written otherwise.

        They do not overlap and are in order; a word that is written as it is, is not told.
        """
        signs, places = sound(text)
        found: dict[int, tuple[int, int, int]] = {}
        for place, start, end in self._finder.find_matches_as_indexes(signs, overlapping=True):
            if start not in found or end > found[start][1]:
                found[start] = (start, end, place)
        heard: list[tuple[int, int, str]] = []
        for start, end, place in sorted(found.values()):
            first, last = (places[start], places[end]) if places else (start, end)
            word = self.words[place]
            if not (heard and first < heard[-1][1]) and _is_otherwise(text[first:last], word):
                heard.append((first, last, word))
        return heard


def _is_otherwise(written: str, word: str) -> bool:
    if written == word:
        return False
    return len(word) >= _CERTAIN or _LETTERS.search(written) is not None


@lru_cache(maxsize=4)
@lru_cache(maxsize=64)
def sound(text: str) -> tuple[str, Sequence[int]]:
    """Return a text's syllables, and the place of each; no places where they are the text's.

    A syllable is one sign, whether it was written as a character or in letters. A message is
    asked for its sound more than once.
    """
    if not _LETTERS.search(text):
        return text.translate(codes()), ()
    signs: list[str] = []
    places: list[int] = []
    done = 0
    for match in _LETTERS.finditer(text):
        read = syllables(match[0])
        if not read:
            continue
        signs += text[done : match.start()].translate(codes())
        places += range(done, match.start())
        at = match.start()
        for one in read:
            signs.append(_table()[1][one])
            places.append(at)
            at += len(one)
        done = match.end()
    signs += text[done:].translate(codes())
    places += range(done, len(text) + 1)
    return "".join(signs), tuple(places)


@lru_cache(maxsize=1024)
def syllables(letters: str) -> tuple[str, ...]:
    """Return letters as syllables, the fewest; none where something is left over."""
    known = _table()[1]
    best: list[tuple[str, ...] | None] = [(), *[None] * len(letters)]
    for end in range(1, len(letters) + 1):
        for start in range(max(0, end - 6), end):
            before = best[start]
            if before is None or letters[start:end] not in known:
                continue
            here = best[end]
            if here is None or len(before) + 1 < len(here):
                best[end] = (*before, letters[start:end])
    return best[-1] or ()


def codes() -> str:
    """Return what `str.translate` needs to make each Han character its most common syllable.

    A syllable is one sign of its own. At each place stands what becomes of the character with
    that number: as a dict the table would be two megabytes, too much for a processor to keep near.
    """
    return _table()[0]


@cache
def _table() -> tuple[str, Mapping[str, str]]:
    """Return what becomes of each character, and the sign of each syllable."""
    readings = first_readings()
    signs = {read: chr(_FIRST + at) for at, read in enumerate(sorted({*readings.values()}))}
    table = [chr(code) for code in range(_END)]
    for han, read in readings.items():
        table[ord(han)] = signs[read]
    return "".join(table), signs
