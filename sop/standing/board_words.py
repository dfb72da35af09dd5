"""Which leaderboard is asked for: the words behind the command, in any order."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Any, Final

from sop.standing import boards
from sop.text import normalise
from sop.yaml import yaml_source

SCORE: Final = "score"
"""The board of standing as it is now; the default where a pack has no seasons."""

LAST: Final = "last"
"""The final standings of the season before."""

MOST_WORDS: Final = 6
"""Words looked at; a longer argument is talk."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A board (score, week, month, season, last, or a deed), of one group or of all.

    `around` asks for the neighbours of whoever asks; `unknown` holds words that ask for nothing.
    """

    board: str = ""
    in_group: bool = False
    around: bool = False
    unknown: tuple[str, ...] = ()


def parse(argument: str, deeds: Mapping[str, str], separators: str) -> Asked:
    """Return what an argument asks for. `deeds` maps each deed to its name for people."""
    blank = argument.translate({ord(mark): " " for mark in separators})
    found = Asked()
    for word in blank.split()[:MOST_WORDS]:
        found = _taken(found, word, deeds)
    return found


def _taken(found: Asked, word: str, deeds: Mapping[str, str]) -> Asked:
    normal = normalise(word)
    words = _words()
    if normal in words["group"]:
        return replace(found, in_group=True)
    if normal in words["around"]:
        return replace(found, around=True)
    named = (name for name, known in words["boards"].items() if normal in known)
    ranked = (
        deed for deed, name in deeds.items()
        if deed not in boards.UNCOUNTED and normal in (normalise(deed), normalise(name))
    )  # fmt: skip
    board = next(named, "") or next(ranked, "")
    return replace(found, board=board) if board else replace(found, unknown=(*found.unknown, word))


@cache
def _words() -> Mapping[str, Any]:
    data: Any = yaml_source.load_packaged("board_words.yaml")
    return {
        "group": _folded(data["group"]),
        "around": _folded(data["around"]),
        "boards": {name: _folded(words) for name, words in data["board"].items()},
    }


def _folded(words: Sequence[str]) -> frozenset[str]:
    return frozenset(map(normalise, words))
