"""Command words: which command a message is, by its first word.

The words are data (`command_words.yaml`), changeable per pack. Whether a member may give the
command, and whether it is meant for the bot, is decided elsewhere.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any, Final

from sop.text import simplify
from sop.yaml import yaml_source

LONGEST_WORD: Final = 20
"""No command word is longer than this many characters."""

MOST_LISTED: Final = 100
"""Numbers that one command may list."""

_LONGEST_LIST: Final = 500
_LISTED: Final = re.compile(r"[\s,、和]+")
_SPAN: Final = re.compile(r"#?(\d{1,15})(?:[-~到至]#?(\d{1,15}))?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """A command: its English name, what followed the word, and the word as it was typed."""

    name: str
    argument: str
    raw_word: str


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Words:
    """Command words in force. `by_first` maps a first character to (word, name), longest first.

    Compared by identity: a pack has one.
    """

    names: Mapping[str, tuple[str, ...]]
    staff: frozenset[str]
    thanks: tuple[str, ...]
    separators: str
    every: tuple[str, ...]
    by_first: Mapping[str, tuple[tuple[str, str], ...]]

    def shown(self, name: str) -> str:
        """Return the word to tell people for a command; empty when the pack has none for it."""
        return next(iter(self.names.get(name, ())), "")


def words_for(
    overrides: Mapping[str, tuple[str, ...]] | None = None, dailies: Iterable[str] = ()
) -> Words:
    """Return the packaged words, with those of the pack in their place.

    A command is named in `overrides` by its English name or by any of its packaged words.
    Names that are neither are passed over: `check` tells them. `dailies` are further words of
    a check-in, as far as they are no command's yet.
    """
    data = _packaged()
    names = {**data["members"], **data["staff"]}
    for written, words in (overrides or {}).items():
        name = command_name(written)
        if name:
            names[name] = words
    taken = {_folded(word) for words in names.values() for word in words}
    more = (word for word in dailies if _folded(word) not in taken)
    names["checkin"] = (*names["checkin"], *more)
    return Words(
        names={name: tuple(words) for name, words in names.items()},
        staff=frozenset(data["staff"]),
        thanks=tuple(data["thanks"]),
        separators=data["separators"],
        every=tuple(data["every"]),
        by_first=_by_first(names),
    )


def command_name(written: str) -> str:
    """Return the command a name or packaged word stands for, or an empty text."""
    return _known().get(_folded(written), "")


def known_names() -> tuple[str, ...]:
    """Return every name and packaged word of a command."""
    return tuple(_known())


@lru_cache(maxsize=128)
def parse_command(text: str, words: Words) -> Command | None:
    """Return the command that the first word of the text is, or None.

    The word must be followed by the end, a blank, punctuation, a digit or @. Several handlers
    ask it of every message.
    """
    said = text.strip()
    # Most messages are talk: their first character says so, which spares folding the others.
    candidates = words.by_first.get(_folded(said[:1]), ())
    folded = _folded(said[: LONGEST_WORD + 1]) if candidates else ""
    for word, name in candidates:
        if folded.startswith(word) and _ends(said, len(word)):
            argument = said[len(word) :].lstrip(words.separators).rstrip()
            return Command(name=name, argument=argument, raw_word=said[: len(word)])
    return None


def numbers_in(argument: str) -> tuple[int, ...]:
    """Return the numbers that an argument lists (`3 5、7-9`), each once; none if it says more."""
    found: dict[int, None] = {}
    for part in _LISTED.split(unicodedata.normalize("NFKC", argument[:_LONGEST_LIST]).strip()):
        span = _SPAN.fullmatch(part)
        if span is None:
            return ()
        first, last = int(span[1]), int(span[2] or span[1])
        if not 0 < first <= last < first + MOST_LISTED:
            return ()
        found.update(dict.fromkeys(range(first, last + 1)))
    return tuple(found)[:MOST_LISTED]


def is_thanks(text: str, words: Words) -> bool:
    """Tell whether the text of a message that quotes another is a like of it."""
    said = _folded(text.strip()[:LONGEST_WORD])
    return any(said.startswith(word) for word in words.thanks)


def _ends(said: str, length: int) -> bool:
    following = said[length : length + 1]
    if following.isdigit():
        return not said[length - 1].isdigit()
    if not following or following == "@":
        return True
    return unicodedata.category(following)[0] in "PSZC"


@lru_cache(maxsize=4_096)
def _folded(text: str) -> str:
    """Return the text in one width and case, simplified, as long as it was."""
    return "".join(_fold_one(char) for char in text)


def _fold_one(char: str) -> str:
    folded = simplify(unicodedata.normalize("NFKC", char).casefold())
    return folded if len(folded) == 1 else char


def _by_first(names: Mapping[str, Iterable[str]]) -> dict[str, tuple[tuple[str, str], ...]]:
    pairs = [(_folded(word.strip()), name) for name, words in names.items() for word in words]
    found: dict[str, tuple[tuple[str, str], ...]] = {}
    for pair in sorted(pairs, key=lambda pair: -len(pair[0])):
        found[pair[0][:1]] = (*found.get(pair[0][:1], ()), pair)
    return found


@cache
def _known() -> dict[str, str]:
    data = _packaged()
    names = {**data["members"], **data["staff"]}
    return {name: name for name in names} | {
        _folded(word): name for name, words in names.items() for word in words
    }


def _packaged() -> Mapping[str, Any]:
    data: Mapping[str, Any] = yaml_source.load_packaged("command_words.yaml")
    return data
