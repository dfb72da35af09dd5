"""How much a text is worded like an advert: a linear model over its characters, in windows.

The weights are a plain file, made by `benchmarks/train_adverts.py` from `sop/corpus` alone. Who is
to be reached, and where, is left out of what is weighed here: a number makes no advert. How a text
is pointed is kept: a question, a quotation and a row of exclamations each sound like something.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import resources
from itertools import accumulate
from math import sqrt
from typing import Final

LONGEST: Final = 3
"""Characters of the longest piece that has a weight."""

GAP: Final = "_"
"""Stands for any sign between two in a piece; no text that is weighed holds it."""

WINDOW: Final = 30
_STEP: Final = 10
_LEAST: Final = 10
_OPENING: Final = 8
_PAUSES: Final = frozenset(" ,!?:")
_MOST_PAUSES: Final = 20
SHORT: Final = 20
"""A text shorter than this weighs as if it were that long: a word alone proves little."""

_NEAR: Final = 30
"""A piece that stood within so many characters before counts once."""

_LATIN: Final = re.compile("[0-9a-z]")
_REACH: Final = re.compile(
    r"(?:https?:/+|www\.)[!-~]+"
    r"|(?<![a-z0-9-])[a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63}){0,4}\.(?:com|cn|net|org|top|xyz|vip|shop|club|site|cc|tv|me|io|ltd"
    r"|app|pro)(?![a-z])[!-~]*"
    r"|(?=[a-z_-]{0,24}[0-9])(?=[0-9_-]{0,24}[a-z])[a-z0-9_-]{5,24}"
    r"|[a-z][a-z_-]{6,}|[0-9]{7,}|[0-9]{3,4}(?:[- ][0-9]{3,8}){1,2}"
    r"|(?<![a-z])[qvw]q?(?![a-z])"
)
_NUMBER: Final = re.compile("[0-9]+")
_NO_WORD: Final = re.compile(r"(?:[^\u3400-\u9fffa-z0-9+]|微信号?|群号)+")
_POINTED: Final = re.compile(r"[^\u3400-\u9fffa-z0-9+]+")
_SIGNS: Final = (
    ("?", "?"),
    ("!", "!~"),
    ('"', '“”"「」『』《》'),
    (":", ":"),
    ("/", "/"),
    ("(", "()【】[]"),
    ("¥", "¥￥$"),
    ("%", "%"),
    ("-", "-—"),
    ("、", "、"),
)
"""What a run of signs stands for: the first of these it holds one of, else a comma or a blank."""


@dataclass(frozen=True, slots=True)
class Wording:
    """Weights of pieces of text; `score` is above 0 for what is more likely an advert.

    source: the fingerprint of the lines it was made from.
    """

    weights: Mapping[str, int]
    scale: float
    bias: float
    source: str = ""

    def score(self, words: str) -> tuple[float, str]:
        """Return the highest score of the text as a whole and of its windows, and that window.

        `words` is what `phrased` returns. A text without any is neither: 0.
        """
        length = len(words)
        if length <= 2:  # noqa: PLR2004 - the signs around it
            return 0.0, ""
        sums = [*accumulate(self.worth(words), initial=0)]
        best, start, end = max(
            (
                (sums[end] - sums[start] + self._begun(words, start, end))
                / sqrt(max(end - start, SHORT)),
                start,
                end,
            )
            for start, end in windows(words)
        )
        return best * self.scale + self.bias, words[start:end].strip("^$ ")

    def worth(self, words: str) -> list[int]:
        """Return what the pieces that begin at each place weigh."""
        weight = self.weights.get
        # Behind the end stand signs of no weight, so that no piece is counted twice.
        text = words + "\0\0"
        worth = [
            weight(one, 0)
            + weight(one + two, 0)
            + weight(one + two + three, 0)
            + weight(one + GAP + three, 0)
            for one, two, three in zip(words, text[1:], text[2:], strict=False)
        ]
        for at, sign in enumerate(words):
            if sign in words[max(at - _NEAR, 0) : at]:
                again = range(1, repeated(words, at) + 1)
                worth[at] -= sum(weight(text[at : at + size], 0) for size in again)
        return worth

    def _begun(self, words: str, start: int, end: int) -> int:
        """Return what is to be added to a window that begins like a text of its own."""
        if not begins(words, start, end):
            return 0
        first = "^" + words[start : start + 2]
        return sum(self.weights.get(first[:size], 0) for size in range(1, LONGEST + 1))


def begins(words: str, start: int, end: int) -> bool:
    """Tell whether a window stands behind a pause and is long enough for a text of its own."""
    return start > 0 and end == len(words) and end - start >= SHORT and words[start - 1] in _PAUSES


def repeated(words: str, at: int) -> int:
    """Return the length of the longest piece that begins here and stood near before."""
    size, since = 0, max(at - _NEAR, 0)
    while size < LONGEST and words.find(words[at : at + size + 1], since, at + size) >= 0:
        size += 1
    return size


def pieces(words: str) -> Iterator[str]:
    """Yield the pieces that count: each once, unless it comes again much later.

    Two signs with any one between them count as often as they come.
    """
    for at in range(len(words)):
        for size in range(repeated(words, at) + 1, min(LONGEST, len(words) - at) + 1):
            yield words[at : at + size]
    for first, last in zip(words, words[2:], strict=False):
        yield f"{first}{GAP}{last}"


def windows(words: str) -> Iterator[tuple[int, int]]:
    """Yield the whole and, of what is longer than one, the windows it is judged by as well.

    They are stretches of one length, what stands before and behind a pause, and what stands before
    the text begins again.
    """
    length = len(words)
    yield 0, length
    again = words.find(words[1 : 1 + _OPENING], 1 + _OPENING) if length > 2 * _OPENING else 0
    if again > 0:
        yield 0, again
    if length > WINDOW + _STEP:
        yield length - WINDOW, length
        for start in range(0, length - WINDOW, _STEP):
            yield start, start + WINDOW
    pauses = [at for at in range(_LEAST, length - _LEAST) if words[at] in _PAUSES]
    for at in pauses[:_MOST_PAUSES]:
        yield 0, at + 1
        yield at + 1, length


def bare(plain: str) -> str:
    """Return the words of an unmasked text alone: no ids, numbers, links, or signs."""
    if _LATIN.search(plain):
        plain = _NUMBER.sub(_digits, _REACH.sub(" ", plain))
    return f" {_NO_WORD.sub(' ', plain).strip()} "


def phrased(plain: str) -> str:
    """Return the words of an unmasked text as they are pointed, between `^` and `$`."""
    if _LATIN.search(plain):
        plain = _NUMBER.sub(_digits, _REACH.sub(" ", plain))
    return f"^{_POINTED.sub(_sign, plain).strip(' ,')}$"


def _sign(match: re.Match[str]) -> str:
    return _sign_of(match[0])


@lru_cache(maxsize=4096)
def _sign_of(run: str) -> str:
    known = (sign for sign, alike in _SIGNS if any(one in alike for one in run))
    return next(known, "," if run.strip(" ") else " ")


def _digits(match: re.Match[str]) -> str:
    return "0" * min((len(match[0]) + 1) // 2, 3)


@cache
def packaged() -> Wording:
    """Return the shipped model."""
    return read(
        resources.files("sop.detectors").joinpath("adverts.model").read_text(encoding="utf-8")
    )


def read(text: str) -> Wording:
    """Return the model of a file: its scale, bias and source, then weights with their pieces."""
    first, *lines = text.splitlines()
    scale, bias, source = first.split("\t")
    weights: dict[str, int] = {}
    for line in lines:
        weight, *pieces = line.split("\t")
        weights.update(dict.fromkeys(pieces, int(weight)))
    return Wording(weights, float(scale), float(bias), source)


def write(model: Wording) -> str:
    """Return the file of a model."""
    by_weight: dict[int, list[str]] = {}
    for piece, weight in model.weights.items():
        by_weight.setdefault(weight, []).append(piece)
    lines = ("\t".join((str(one), *sorted(by_weight[one]))) for one in sorted(by_weight))
    return "\n".join((f"{model.scale!r}\t{model.bias!r}\t{model.source}", *lines)) + "\n"
