"""Which texts fit a question or a few words best: one ranking for whatever a database fetched.

Databases only fetch candidates. What a question asks for (how, when, who, …) and the numbers
in it tell questions apart; politeness does not. The words are data (`question_words.yaml`).
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any, Final, TypeVar

from sop.finding.ngrams import grams, is_close, runs, terms
from sop.text import normalise
from sop.yaml import yaml_source

K = TypeVar("K")

ALIKE: Final = 0.55
"""Likeness from which an earlier answer is offered to who asks."""

ACCEPTED: Final = "accepted"
"""The scope of the questions whose answer was accepted; others are found by their kind."""

LONGEST: Final = 500
"""Characters of a text by which it is found and compared: what matters is put first."""

OTHER_WAY: Final = 0.3
"""What is left of the likeness where one asks how and the other when."""

ONE_WAY: Final = 0.85
"""The same where only one of them says what it asks for."""

TURNED: Final = 0.4
"""The same where one would do it and the other undo it, or cannot do it."""

ONE_NUMBER: Final = 0.7
"""The same where only one of them has a number."""


@dataclass(frozen=True, slots=True)
class Gist:
    """What is left of a question: its characters and words, what it asks for, and of what.

    `turns` say that something failed or is to be undone, `names` the signs before titles in it.
    """

    singles: Counter[str]
    pairs: Counter[str]
    ways: frozenset[str]
    turns: frozenset[str]
    numbers: frozenset[str]
    names: frozenset[str]


def likeness(a: str, b: str) -> float:
    """Return how surely two questions ask the same, from 0.0 to 1.0 (the same words).

    It is the same both ways round. What one adds costs little; where each has what the other
    lacks (two names, two things) they are hardly the same.
    """
    one, other = gist(a), gist(b)
    if _differ(one.numbers, other.numbers) or _differ(one.names, other.names):
        return 0.0
    if not one.singles or not other.singles:
        return 1.0 if _spoken(a) == _spoken(b) != "" else 0.0
    return _overlap(one, other) * _agreement(one, other)


def _differ(one: frozenset[str], other: frozenset[str]) -> bool:
    return bool(one and other and one != other)


def _overlap(one: Gist, other: Gist) -> float:
    both = (one.singles & other.singles).total()
    sizes = one.singles.total(), other.singles.total()
    paired = (one.pairs & other.pairs).total()
    pairs = one.pairs.total() + other.pairs.total()
    dice = 2 * (both + paired) / (sum(sizes) + pairs)
    contained = both / min(sizes)
    exchanged = (min(sizes) - both) / min(sizes)
    return (dice + contained) / 2 * (1 - exchanged)


def _agreement(one: Gist, other: Gist) -> float:
    factor = 1.0
    if one.ways != other.ways:
        factor = ONE_WAY if not one.ways or not other.ways else OTHER_WAY
    if one.turns != other.turns:
        factor *= TURNED
    if one.numbers != other.numbers:
        factor *= ONE_NUMBER
    return factor


def rank(said: str, candidates: Iterable[tuple[K, str]]) -> list[tuple[float, K]]:
    """Return the candidates with their likeness to a question, the likest first.

    Of equals the first of the candidates stays first.
    """
    found = [(likeness(said, text), key) for key, text in candidates]
    return sorted(found, key=lambda pair: -pair[0])


def relevance(words: str, text: str) -> float:
    """Return how much of what is looked for a text holds, from 0.0 to 1.0 (all of it).

    A word of Han characters counts wholly only where it stands together.
    """
    wanted, normal = set(runs(words[:LONGEST])), normalise(text)
    if not wanted:
        return 0.0
    have = set(runs(text))
    return sum(_held(run, normal, have) for run in wanted) / len(wanted)


def _held(run: str, normal: str, have: set[str]) -> float:
    if not is_close(run):
        return float(run in have)
    if run in normal:
        return 1.0
    pairs = [run[i : i + 2] for i in range(len(run) - 1)]
    return sum(pair in normal for pair in pairs) / len(pairs) if pairs else 0.0


def scope_of(kind: str, status: str) -> str:
    """Return the scope an item is found in: accepted questions have one of their own."""
    return ACCEPTED if (kind, status) == ("question", "accepted") else kind


def kept(text: str) -> tuple[str, ...]:
    """Return the terms under which a text is kept: its own, and those of its gist."""
    return terms(f"{text[:LONGEST]} {_stripped(text).left}")


def sought(text: str) -> tuple[str, ...]:
    """Return the terms to look for: pairs and words of the gist, where it has any.

    What every question says is not among them: it would fetch every question.
    """
    found = terms(_stripped(text).left) or terms(text[:LONGEST])
    return tuple(term for term in found if len(term) > 1) or found


@lru_cache(maxsize=512)
def gist(text: str) -> Gist:
    """Return what a question is about, without how it is put."""
    bare = _stripped(text)
    left = bare.left.split()
    singles = Counter(part for run in left for part in (run if is_close(run) else [run]))
    pairs = Counter(term for run in left if is_close(run) for term in grams(run) if term[1:])
    return Gist(
        singles=singles, pairs=pairs, ways=bare.ways, turns=bare.turns, numbers=bare.numbers,
        names=bare.names,
    )  # fmt: skip


def _spoken(text: str) -> str:
    return "".join(runs(text))


@dataclass(frozen=True, slots=True)
class _Bare:
    left: str
    ways: frozenset[str]
    turns: frozenset[str]
    numbers: frozenset[str]
    names: frozenset[str]


@lru_cache(maxsize=512)
def _stripped(text: str) -> _Bare:
    words = _words()
    numbers, said = words.numbered(words.same(" ".join(runs(text[:LONGEST]))))
    ways, said = _taken(words.way, words.ways, said)
    turns, said = _taken(words.turn, words.turns, said)
    left = words.fillers.sub(" ", said)
    return _Bare(left, ways, turns, numbers, frozenset(words.name.findall(left)))


def _taken(
    pattern: re.Pattern[str], known: Mapping[str, str], said: str
) -> tuple[frozenset[str], str]:
    """Take words out of what was said; returns what they stand for, and the rest."""
    return frozenset(known[found[0]] for found in pattern.finditer(said)), pattern.sub(" ", said)


@dataclass(frozen=True, slots=True)
class _Words:
    """The packaged words, as patterns that find the longest first."""

    ways: dict[str, str]
    way: re.Pattern[str]
    turns: dict[str, str]
    turn: re.Pattern[str]
    name: re.Pattern[str]
    fillers: re.Pattern[str]
    others: dict[str, str]
    other: re.Pattern[str]
    numerals: dict[str, str]
    number: re.Pattern[str]

    def same(self, said: str) -> str:
        """Put one word for all that mean it."""
        return self.other.sub(lambda found: self.others[found[0]], said)

    def numbered(self, said: str) -> tuple[frozenset[str], str]:
        """Take out the numbers: digits, and numerals that count something."""
        found = (match[1] or match[2] or match[0] for match in self.number.finditer(said))
        numbers = frozenset(self.numerals.get(each, each.lstrip("0") or "0") for each in found)
        return numbers, self.number.sub(" ", said)


@cache
def _words() -> _Words:
    data: Any = yaml_source.load_packaged("question_words.yaml")
    ways, others, turns = (_by_word(data[name]) for name in ("ways", "same", "turns"))
    numeral = f"[{''.join(data['numerals'])}]"
    counted = f"{data['ordinal']}({numeral})|({numeral})(?=[{''.join(data['counted'])}])"
    return _Words(
        ways=ways,
        way=_any_of(ways),
        turns=turns,
        turn=_any_of(turns),
        name=re.compile(rf"\S(?=(?:{_any_of(data['titles']).pattern}))"),
        fillers=_any_of(data["fillers"]),
        others=others,
        other=_any_of(others),
        numerals=dict(data["numerals"]),
        number=re.compile(rf"{counted}|\d+"),
    )


def _by_word(groups: Mapping[str, Iterable[str]]) -> dict[str, str]:
    return {word: one for one, words in groups.items() for word in words}


def _any_of(words: Iterable[str]) -> re.Pattern[str]:
    return re.compile("|".join(map(re.escape, sorted(words, key=len, reverse=True))))
