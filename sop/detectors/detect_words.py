"""Detectors of words: listed ones, patterns, and what is off the topic."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final

import re2
from ahocorasick_rs import AhoCorasick

from sop.detectors.detector_params import Params
from sop.detectors.verdicts import CLEAR, Detector, Signal, Utterance, Verdict, certain, signal
from sop.text import normalise, simplify
from sop.times.durations import shown

OFF_TOPIC: Final = "off-topic"
"""The signal that is counted over a member's day."""

_PATTERN_MEMORY = 512 << 10
_LONGEST_PATTERN = 1_000
# Each takes a tenth of a millisecond to be read.
_MOST_CLASSES = 20


@dataclass(frozen=True, slots=True)
class WordList:
    """Words found in normalised text in one pass, however many there are.

    A word is found inside a longer text, since Han characters know no word boundary; but its
    first and last letter or digit may not continue a Latin word or a number (`ad` is not in
    `read`, nor 110 in 1100). Words that are empty after normalising are left out.
    """

    words: tuple[str, ...]
    _finder: AhoCorasick | None = field(repr=False, compare=False)

    @classmethod
    def of(cls, words: Sequence[str]) -> "WordList":
        """Return the list of these words, normalised, each once."""
        normal = tuple(dict.fromkeys(filter(None, map(normalise, words))))
        return cls(normal, AhoCorasick(normal) if normal else None)

    def found(self, normal: str) -> list[int]:
        """Return the places in `words` of those the text holds, each once, in order."""
        if self._finder is None or not normal:
            return []
        hits = self._finder.find_matches_as_indexes(normal, overlapping=True)
        if not hits:
            return []
        return list(
            dict.fromkeys(word for word, start, end in hits if _stands_alone(normal, start, end))
        )


def words(params: Params) -> Detector:
    """Find any word of `any`, every word of `all`, or a pattern of `regex` in the normalised text.

    Lists that are empty match nothing. A pattern is matched in linear time against the
    normal form; its own capitals, full-width signs and traditional characters are folded too.
    """
    params.only("any", "all", "regex")
    if not params.given:
        raise ValueError("words needs a list: any, all or regex")
    seekers = (
        _any_of(params.texts("any")),
        _all_of(params.texts("all")),
        _pattern_of(params.texts("regex")),
    )
    return _first_hit(tuple(seeker for seeker in seekers if seeker))


def topic(params: Params) -> Detector:
    """Find a word of `words` and none of `allow`: a breach once there were `per_day`.

    The signal `off-topic` is there also below `per_day`, so that it can be counted.
    """
    params.only("allow", "words", "per_day")
    off, on = WordList.of(params.texts("words")), WordList.of(params.texts("allow"))
    free = 0 if params.given.get("per_day") is None else params.whole("per_day", 1)

    def judge(said: Utterance) -> Verdict:
        strayed = off.found(said.normal)
        if not strayed or on.found(said.normal):
            return CLEAR
        broken = said.off_topic >= free
        hint = signal(OFF_TOPIC, 1.0, off.words[strayed[0]])
        return Verdict(violated=broken, confidence=0.7 if broken else 0.3, signals=(hint,))

    return judge


class PatternTooLargeError(ValueError):
    """A pattern that nothing is wrong with but its size."""


def compile_pattern(pattern: str) -> Callable[[str], object]:
    """Return the search of a pattern over normalised text, in linear time.

    Raises `ValueError` that names the place for a pattern RE2 refuses, for one that is too
    large, and for one that matches the empty text and so would match every message.
    """
    if len(pattern) > _LONGEST_PATTERN:
        raise PatternTooLargeError(f"the pattern is longer than {_LONGEST_PATTERN} characters")
    if pattern.casefold().count(r"\p") > _MOST_CLASSES:
        raise PatternTooLargeError(
            rf"the pattern {shown(pattern)} holds over {_MOST_CLASSES} classes such as \p{{Han}}: "
            "repeat one with {2,9} instead"
        )
    compiled = _compiled(pattern)
    if compiled.search("") is not None:
        raise ValueError(f"the pattern {shown(pattern)} matches every message, even an empty one")
    search: Callable[[str], object] = compiled.search
    return search


def pattern_size(pattern: str) -> int:
    """Return what a pattern costs per character of a text at worst, in steps of RE2.

    A long pattern counts at least its length, which takes its time to read. Raises as
    `compile_pattern` does.
    """
    compile_pattern(pattern)
    return max(int(_compiled(pattern).programsize), len(pattern))


def _folded(pattern: str) -> str:
    r"""Fold the literal characters of a pattern as `normalise` folds those of a text.

    ASCII is left alone (`\D` must not become `\d`); a full-width sign becomes its escaped twin.
    """
    return "".join(one if one.isascii() else _literal(simplify(one)) for one in pattern)


def _literal(folded: str) -> str:
    return str(re2.escape(folded)) if folded.isascii() else folded


@lru_cache(maxsize=256)
def _compiled(pattern: str) -> "re2._Regexp[str]":
    options = re2.Options()
    options.log_errors = False
    options.case_sensitive = False
    options.max_mem = _PATTERN_MEMORY
    try:
        return re2.compile(_folded(pattern), options)
    except (re2.error, UnicodeError) as error:
        raise _refusal(pattern, error) from None


def _refusal(pattern: str, error: Exception) -> ValueError:
    if isinstance(error, UnicodeError):
        return ValueError(f"the pattern {shown(pattern)} holds a character that is none")
    said = error.args[0].decode() if isinstance(error.args[0], bytes) else str(error.args[0])
    what, _, part = said.partition(": ")
    if what.startswith("pattern too large"):
        message = f"the pattern {shown(pattern)} is too large: repeat less in it, or use words"
        return PatternTooLargeError(message)
    # RE2 names no place, but the piece it stumbled over; an open end is missed at the end.
    at = len(pattern) if what.startswith("missing") else pattern.find(part) + 1
    return ValueError(f"the pattern {shown(pattern)} is wrong at character {max(at, 1)}: {said}")


def _stands_alone(text: str, start: int, end: int) -> bool:
    return not (
        (start and _continues(text[start - 1], text[start]))
        or (end < len(text) and _continues(text[end - 1], text[end]))
    )


def _continues(left: str, right: str) -> bool:
    if not (left.isascii() and right.isascii()):
        return False
    return (left.isalpha() and right.isalpha()) or (left.isdigit() and right.isdigit())


_Seeker = Callable[[str], Signal | None]


def _first_hit(seekers: Sequence[_Seeker]) -> Detector:
    def judge(said: Utterance) -> Verdict:
        for seek in seekers:
            hit = seek(said.normal)
            if hit is not None:
                return certain(hit)
        return CLEAR

    return judge


def _any_of(wanted: Sequence[str], name: str = "word") -> _Seeker | None:
    listed = WordList.of(wanted)
    if not listed.words:
        return None

    def seek(normal: str) -> Signal | None:
        found = listed.found(normal)
        return signal(name, 1.0, listed.words[found[0]]) if found else None

    return seek


def _all_of(wanted: Sequence[str]) -> _Seeker | None:
    listed = WordList.of(wanted)
    if not listed.words:
        return None

    def seek(normal: str) -> Signal | None:
        if len(listed.found(normal)) < len(listed.words):
            return None
        return signal("all-words", 1.0, ", ".join(listed.words))

    return seek


def _pattern_of(patterns: Sequence[str]) -> _Seeker | None:
    searches = [(text, compile_pattern(text)) for text in patterns if text]
    if not searches:
        return None

    def seek(normal: str) -> Signal | None:
        for text, search in searches:
            if search(normal) is not None:
                return signal("pattern", 1.0, text)
        return None

    return seek
