"""The idioms a chain is made of: which there are, and which may follow which.

They are the words tagged as idioms in the dictionary of jieba (MIT), of which only that file is
read, when the first chain begins: importing the package would cost a hundred megabytes.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from hashlib import blake2b
from importlib import metadata
from pathlib import Path
from typing import Final

from sop.games import sounds

_TAGGED: Final = " i\n"
"""The end of an idiom's line in the dictionary."""

_LENGTH: Final = 4
"""Characters of an idiom, at least; the bot itself begins with one of as many."""

_COMMON: Final = 30
"""How often an idiom occurs that everybody knows."""

_WAYS_ON: Final = 10
"""Idioms that must be able to follow one with which a chain begins."""


@dataclass(frozen=True, slots=True)
class Idioms:
    """Idioms by their first character, the best known first; `openers` are easy to follow."""

    by_first: Mapping[str, tuple[str, ...]]
    openers: tuple[str, ...]

    def __contains__(self, word: object) -> bool:
        return isinstance(word, str) and word in self.by_first.get(word[:1], ())

    def following(self, word: str, used: Collection[str], *, sound: bool = False) -> Iterator[str]:
        """Yield what may follow the word and was not used, the best known first.

        With `sound`, those that begin with the very character come before the others.
        """
        firsts = [word[-1], *self._alike(word[-1])] if sound else [word[-1]]
        for first in firsts:
            yield from (each for each in self.by_first.get(first, ()) if each not in used)

    def _alike(self, last: str) -> list[str]:
        return [first for first in self.by_first if first != last and sounds.alike(last, first)]

    def opener(self, seed: str, used: Collection[str] = ()) -> str:
        """Return an idiom to begin with, the same for the same seed and the same used ones."""
        free = [each for each in self.openers if each not in used] or list(self.openers)
        mark = int.from_bytes(blake2b(seed.encode(), digest_size=8).digest(), "big")
        return free[mark % len(free)]


def links(word: str, following: str, *, sound: bool = False) -> bool:
    """Tell whether one begins as the other ends: with its character, or with its sound."""
    last, first = word[-1:], following[:1]
    return bool(last) and (last == first or (sound and sounds.alike(last, first)))


def parse(lines: Iterable[str]) -> Idioms:
    """Read the idioms from a dictionary with a line `word frequency tag` for each word."""
    split = (line.split(" ") for line in lines if line.endswith(_TAGGED))
    found = [(int(often), word) for word, often, _ in split if len(word) >= _LENGTH]
    found.sort(key=lambda pair: (-pair[0], pair[1]))
    by_first: dict[str, list[str]] = {}
    for _, word in found:
        by_first.setdefault(word[0], []).append(word)
    return Idioms(
        by_first={first: tuple(words) for first, words in by_first.items()},
        openers=tuple(
            word
            for often, word in found
            if often >= _COMMON
            and len(word) == _LENGTH
            and len(by_first.get(word[-1], ())) >= _WAYS_ON
        ),
    )


@cache
def packaged() -> Idioms:
    """Return the idioms of jieba's dictionary; the first call reads it."""
    file = metadata.distribution("jieba").locate_file("jieba/dict.txt")
    # Line by line: the whole of it would stay with the process as memory it has once used.
    with Path(str(file)).open(encoding="utf-8") as lines:
        return parse(lines)
