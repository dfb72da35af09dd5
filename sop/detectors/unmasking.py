"""What a message says under its disguise: one form for adverts, each sign with where it came from.

`sop.text.normalise` stays the form that packs' own words are matched in. This one goes further and
is for weighing adverts only: it joins what was split, reads signs as letters, merges what stands
apart, and hears what is written by its sound.
"""

import re
import unicodedata
from bisect import bisect_left
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, lru_cache
from typing import Final

from sop.detectors.spoken_words import Spoken, syllables
from sop.text import LIMIT, plain_signs, simplify
from sop.yaml import yaml_source

_HAN: Final = "\u3400-\u9fff"
_ONE_TO_ONE: Final = re.compile("[\n -~\u3001-\u3007\u3008-\u301f\u4e00-\u9fff\uff01-\uff5e]*")
"""Texts whose characters are each worth one, at the same place."""

_ODD: Final = r"·•・|_*^~`=#&…※★☆◆●○■□▲△→←↑↓♪♬/\\\-—+"
_ANY: Final = rf"{_ODD} ,.!?;:'\"。、"
_SPACED: Final = re.compile(
    rf"[{_HAN}a-z0-9](?:[{_ODD}]{{1,3}}[{_HAN}a-z0-9](?=[{_ODD}])){{1,}}[{_ODD}]{{1,3}}[{_HAN}a-z0-9]"
    rf"|[{_HAN}a-z0-9](?:[{_ANY}]{{1,3}}[{_HAN}a-z0-9](?=[{_ANY}])){{2,}}[{_ANY}]{{1,3}}[{_HAN}a-z0-9]"
)
_BETWEEN: Final = re.compile(rf"(?<=[{_HAN}])[·•・|_*^~`=#&※★☆◆●○■□]{{1,3}}(?=[{_HAN}])")
_BLANKS: Final = re.compile(r"[ \t]{2,}|[ \t]*\n\s*")
_SEPARATORS: Final = re.compile(rf"[{_ANY}]")
_SINGLE_DIGITS: Final = 7
_DENSE: Final = 8
_REPEATED: Final = re.compile(r"([^\w\s/])\1+|([^\W0-9w])\2{2,}|w{4,}|([^\W0-9]{2,6}?)\3{2,}")
_DOUBLED: Final = re.compile(rf"(?:([{_HAN}])\1){{4,}}")
_AGAIN: Final = re.compile(rf"([{_HAN}])(?<![哈啊呵嘿呜嗯])\1\1|(?:([{_HAN}])\2){{3}}")
_TWICE: Final = re.compile(rf"([{_HAN}])\1")
_STUTTERS: Final = 2
"""Characters said three times, from which those said twice are no words either."""

_OPEN: Final = re.compile(f"[{_HAN}0-9 \\n,.!?;:~、。《》“”()…%/@-]*")
_LONE: Final = re.compile(
    rf"[{_ODD}][{_HAN}a-z0-9][{_ODD}]|[{_ANY}][{_HAN}a-z0-9][{_ANY}]{{1,3}}[{_HAN}a-z0-9][{_ANY}]"
)
_NUMERALS: Final = re.compile("[一二三四五六七八九零0-9]{5,}")
_DIGIT: Final = str.maketrans("零一二三四五六七八九", "0123456789")
_LONG: Final = re.compile(rf"[{_HAN}]{{4,}}")
_SPELLED: Final = re.compile(rf"(?<=[{_HAN}])[a-z]{{2,6}}(?=[{_HAN}])")
_LATIN: Final = re.compile("[a-z]")
_SITE: Final = re.compile(
    r"(?<![a-z0-9-])(?:[a-z0-9-]{1,63}\.){1,5}(?:com|cn|net|org)(?![a-z0-9-])"
)


@dataclass(frozen=True, slots=True)
class Unmasked:
    """The plain form of a text; `origin[i]` is where its i-th character began as typed.

    `disguised` are the stretches of the plain form that were written so as not to be found.
    """

    typed: str = field(repr=False)
    text: str
    origin: Sequence[int] = field(repr=False)
    disguised: tuple[tuple[int, int], ...] = ()

    def as_typed(self, start: int, end: int) -> str:
        """Return what the member typed for a stretch of the plain form."""
        if start >= len(self.origin) or start >= end:
            return ""
        # Characters of one sign are that sign, however many of them are asked for.
        while end < len(self.origin) and self.origin[end] == self.origin[end - 1]:
            end += 1
        last = self.origin[end] if end < len(self.origin) else len(self.typed)
        return self.typed[self.origin[start] : last].strip()


def unmask(text: str) -> Unmasked:
    """Return the plain form of a text; ordinary writing stays as `normalise` would have it.

    Holds for every str: never raises, takes time linear in the first `LIMIT` characters.
    """
    work = _Work(text[:LIMIT])
    for step in _STEPS:
        step(work)
    return Unmasked(text, work.text, work.origin, tuple(work.where(at) for at in work.marks))


def is_open(normal: str) -> bool:
    """Tell whether a text, as `normalise` returns it, hides nothing: `unmask` is not worth it.

    Cheap, and careful: what holds a letter or an unusual sign is not called open. Other names of
    ways to reach somebody (`contacts` of the data) are for the caller to look for.
    """
    return (
        _OPEN.fullmatch(normal) is not None
        and (_LONE.search(normal) is None or _SPACED.search(normal) is None)
        and _AGAIN.search(normal) is None
        and all(one[0].isascii() for one in _NUMERALS.finditer(normal))
        and _parts()[0].search(normal) is None
        and not _spoken().heard(normal)
    )


class _Work:
    """A text on its way to its plain form; every change keeps the origins in step."""

    __slots__ = ("marks", "origin", "text")

    def __init__(self, typed: str) -> None:
        if _ONE_TO_ONE.fullmatch(typed):
            self.text = typed.translate(_table())
            self.origin: Sequence[int] = range(len(typed))
        else:
            signs = [(_plain_sign(sign), at) for at, sign in enumerate(typed)]
            self.text = "".join(plain for plain, _ in signs)[:LIMIT]
            self.origin = [at for plain, at in signs for _ in plain][:LIMIT]
        self.marks: list[tuple[int, int]] = []

    def replace(
        self, pattern: re.Pattern[str], becomes: Callable[[re.Match[str]], str], *, mark: bool
    ) -> None:
        """Put other words for each match; `mark` keeps where one was a disguise."""
        if pattern.search(self.text) is None:
            return
        parts: list[str] = []
        origin: list[int] = []
        done = 0
        for match in pattern.finditer(self.text):
            start, end = match.span()
            new = becomes(match)
            if new == match[0]:
                continue
            parts += (self.text[done:start], new)
            origin += self.origin[done:start]
            origin += self._spread(match, new)
            if mark and start < len(self.origin):
                self.mark(start, end)
            done = end
        self.text = "".join((*parts, self.text[done:]))
        self.origin = [*origin, *self.origin[done:]]

    def _spread(self, match: re.Match[str], new: str) -> list[int]:
        """Give each new character the place of the one it keeps, else of the one before."""
        kept: list[int] = []
        at = match.start()
        for sign in new:
            found = self.text.find(sign, at, match.end())
            at = found if found >= 0 else at
            kept.append(self.origin[min(at, match.end() - 1)])
        return kept

    def mark(self, start: int, end: int) -> None:
        """Keep that a stretch was disguised, by what was typed."""
        last = self.origin[end] if end < len(self.origin) else LIMIT
        self.marks.append((self.origin[start], last))

    def where(self, mark: tuple[int, int]) -> tuple[int, int]:
        """Return where a stretch as typed is in the plain form."""
        return bisect_left(self.origin, mark[0]), bisect_left(self.origin, mark[1])


@lru_cache(maxsize=8192)
def _plain_sign(sign: str) -> str:
    known = _signs().get(sign)
    if known is not None:
        return known
    if "\U0001f1e6" <= sign <= "\U0001f1ff":
        return chr(ord(sign) - 0x1F1E6 + ord("a"))
    for first in (0x1F130, 0x1F150, 0x1F170):
        if first <= ord(sign) < first + 26:
            return chr(ord(sign) - first + ord("a"))
    kind = unicodedata.category(sign)
    if sign in "\n\r\u2028\u2029":
        return "\n"
    if kind in {"Mn", "Me", "Cf", "Cc", "Cs", "Co", "Cn", "Sk", "Lm"} and sign != "\t":
        return ""
    if kind in {"So", "Zs"} or sign in "\t\u2800\u3164\u115f\u1160\uffa0":
        return _compatible(sign) if kind == "So" else " "
    return simplify(_letters(sign))


def _compatible(sign: str) -> str:
    plain = unicodedata.normalize("NFKC", sign)
    return simplify(plain.casefold()) if plain != sign else " "


def _letters(sign: str) -> str:
    parted = unicodedata.normalize("NFKD", sign)
    if parted[0].isascii() and len(parted) > 1:
        parted = "".join(one for one in parted if not unicodedata.combining(one))
        return parted.casefold()
    return unicodedata.normalize("NFKC", sign).casefold()


def _join_spaced(work: _Work) -> None:
    work.replace(_SPACED, _joined, mark=True)
    odd = len(_BETWEEN.findall(work.text))
    if odd > 1 and odd * _DENSE >= len(work.text):
        work.replace(_BETWEEN, lambda _: "", mark=True)


def _joined(match: re.Match[str]) -> str:
    solid = _SEPARATORS.sub("", match[0])
    if solid.isascii() and not (solid.isdigit() and len(solid) >= _SINGLE_DIGITS):
        return match[0]
    return solid


def _single_blanks(work: _Work) -> None:
    work.replace(_BLANKS, lambda match: "\n" if "\n" in match[0] else " ", mark=False)


def _join_parts(work: _Work) -> None:
    pattern, whole = _parts()
    work.replace(pattern, lambda match: whole[match[0]], mark=True)


def _fold_repeats(work: _Work) -> None:
    stutters = len(_AGAIN.findall(work.text))
    work.replace(_REPEATED, _once, mark=False)
    if stutters >= _STUTTERS:
        work.replace(_TWICE, lambda match: match[1], mark=True)
    work.replace(_DOUBLED, lambda match: match[0][::2], mark=True)


def _once(match: re.Match[str]) -> str:
    return match[3] or match[0][:1]


def _read_numerals(work: _Work) -> None:
    work.replace(_NUMERALS, lambda match: match[0].translate(_DIGIT), mark=True)


def _name_contacts(work: _Work) -> None:
    if _LATIN.search(work.text) or _CONTACT_HINT.search(work.text):
        for pattern, word in _contacts():
            work.replace(pattern, lambda _, word=word: word, mark=True)  # type: ignore[misc]


def _hear(work: _Work) -> None:
    heard = _spoken().heard(work.text)
    if heard:
        sites = [one.span() for one in _SITE.finditer(work.text)]
        heard = [one for one in heard if not any(s <= one[0] < e for s, e in sites)]
    if heard:
        spans = {start: (end, word) for start, end, word in heard}
        pattern = re.compile("|".join(re.escape(work.text[s:e]) for s, (e, _) in spans.items()))
        work.replace(pattern, lambda match: spans.get(match.start(), (0, match[0]))[1], mark=True)
    # Syllables in the midst of characters, more than one: written so as not to be found.
    spelled = [one for one in _SPELLED.finditer(work.text) if syllables(one[0])]
    for one in spelled if len(spelled) > 1 else ():
        work.mark(one.start(), one.end())


_CONTACT_HINT: Final = re.compile("[❤薇威维徽围卫裙扣抠蔻叩球企+家嘉佳伽茄咖加]")

_STEPS: Final = (
    _single_blanks,
    _join_spaced,
    _join_parts,
    _fold_repeats,
    _read_numerals,
    _name_contacts,
    _hear,
)


@cache
def _signs() -> Mapping[str, str]:
    data = yaml_source.load_packaged("disguises.yaml")
    alike: str = data["lookalikes"]
    return dict(zip(alike[::2], alike[1::2], strict=True)) | {
        sign: plain for sign, plain in data["signs"].items() if len(sign) == 1
    }


@cache
def _table() -> Mapping[int, str]:
    return dict(plain_signs()) | {ord(sign): plain for sign, plain in _signs().items()}


@cache
def _parts() -> tuple[re.Pattern[str], Mapping[str, str]]:
    data = yaml_source.load_packaged("disguises.yaml")
    whole: dict[str, str] = data["split"] | data["plain"]
    longest_first = sorted(whole, key=len, reverse=True)
    return re.compile("|".join(longest_first)), whole


@cache
def _contacts() -> tuple[tuple[re.Pattern[str], str], ...]:
    data = yaml_source.load_packaged("disguises.yaml")
    return tuple((re.compile(one["find"]), one["to"]) for one in data["contacts"])


@cache
def _spoken() -> Spoken:
    words: list[str] = yaml_source.load_packaged("disguises.yaml")["spoken"]
    weighed = yaml_source.load_packaged("detectors_data.yaml")["ads"]["signals"]
    long = (word for one in weighed if one["weight"] > 0 for word in one["words"])
    return Spoken.of([*words, *(word for word in long if _LONG.fullmatch(word))])
