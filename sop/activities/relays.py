"""Lists that people sign one after the other (接龙), as text: their title and their entries.

The messenger writes them, people correct them by hand, and relays lose line breaks: what is odd
is told, so that a person can look at it. Words and signs are in `relay_words.yaml`.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from typing import Any, Final, Literal

from sop.text import fingerprint, normalise
from sop.yaml import yaml_source

LONGEST: Final = 20_000
"""Characters of a list that are read."""

MOST: Final = 200
"""Entries of a list that are read."""

LONGEST_ENTRY: Final = 500

LONGEST_TITLE: Final = 60
"""Characters of a title that are shown and remembered."""

LONGEST_NAME: Final = 6
"""Words a nickname may have."""

WIDEST_GAP: Final = 5
"""Numbers that may be missing between two entries: people delete lines."""

_BREAKS: Final = re.compile("\r\n?|[\u2028\u2029\x0b\x0c\x85]")
_BLANKS: Final = re.compile("[\xa0\u2000-\u200a\u202f\u205f\u3000\t]")
_UNSEEN: Final = re.compile("[\u200b\u2060\ufeff\u202a-\u202e\u2066-\u2069]")
_DASHES: Final = re.compile("(?:[-\u2013\u2014]\\s*){4,}")

Why = Literal["gap", "again", "long", "many"]


@dataclass(frozen=True, slots=True)
class Entry:
    """What one person signed: its number in the list, and all of its text in one line."""

    number: int
    text: str


@dataclass(frozen=True, slots=True)
class Odd:
    """An entry somebody should look at.

    gap: numbers before it are missing. again: its number was there already. long: it was cut.
    many: it and what follows was not read.
    """

    number: int
    why: Why


@dataclass(frozen=True, slots=True, kw_only=True)
class Signed:
    """A list as it was read; entries without a text are left out."""

    title: str
    entries: tuple[Entry, ...]
    odd: tuple[Odd, ...] = ()

    @property
    def mark(self) -> str:
        """The fingerprint of the title."""
        return fingerprint(self.title)

    @property
    def last(self) -> int:
        """The number of the last entry, 0 where there is none."""
        return self.entries[-1].number if self.entries else 0


def may_begin(said: str) -> bool:
    """Tell whether a text may hold a list's header near its beginning; cheap, for any message."""
    head = normalise(said)[:LONGEST_TITLE]
    return any(header in head for header in _data()["headers"])


def begins(said: str) -> tuple[str, str] | None:
    """Return what stands before a list's header, and the list; None where there is no list.

    At most one line may stand before it: the group, or what the list is for.
    """
    lines = "\n".join(_lines(said)).strip().split("\n")
    for place, line in enumerate(lines[:2]):
        if _header(line) is not None:
            return "\n".join(lines[:place]).strip(), "\n".join(lines[place:])
    return None


def read(said: str) -> Signed | None:
    """Return the list that a text is; None where it is none, or only quotes one."""
    lines = _lines(said)
    place = next((each for each, line in enumerate(lines) if line.strip()), None)
    topic = _header(lines[place]) if place is not None else None
    if place is None or topic is None or any(_DASHES.fullmatch(x.strip()) for x in lines):
        return None
    rest = [topic, *lines[place + 1 :]]
    if sum(1 for line in rest if line.strip()) == 1:
        rest = _parted(next(line for line in rest if line.strip()))
    start = _first(rest)
    if start is None:
        return Signed(title=_title(rest), entries=())
    entries, odd = _entries(rest[start:])
    return Signed(title=_title(rest[:start]), entries=entries, odd=odd)


def is_headless(said: str) -> bool:
    """Tell whether a text looks like a list of which the first line was not copied."""
    first, *rest = [line for line in _lines(said) if line.strip()] or [""]
    numbers = [found[0] for found in map(_numbered, (first, *rest)) if found is not None]
    return _header(first) is None and len(numbers) > 1 and numbers == sorted(numbers)


def goes_on(said: str, last: int) -> bool:
    """Tell whether a text is the next part of a list whose last entry has that number.

    A part may repeat some entries, and begin with the end of a line that was cut.
    """
    numbers = [found[0] for found in map(_numbered, _lines(said)) if found is not None]
    if not last or not numbers or min(numbers) <= 1:
        return False
    return min(numbers) <= last + WIDEST_GAP and max(numbers) > last


def extends(new: Sequence[Entry], old: Sequence[Entry]) -> bool:
    """Tell whether a list begins with all of another, unchanged."""
    texts = [normalise(each.text) for each in new]
    return bool(old) and texts[: len(old)] == [normalise(each.text) for each in old]


def names_in(said: str) -> Iterator[tuple[str, str]]:
    """Yield what may be the nickname at the beginning of an entry, with the rest; longest first.

    The last one is the nickname where nobody is known: the first word, without what is added
    to it in brackets.
    """
    words = said.split()
    for length in range(min(LONGEST_NAME, len(words)), 0, -1):
        yield " ".join(words[:length]), " ".join(words[length:])
    first = words[0] if words else ""
    cut = next((place for place, sign in enumerate(first) if sign in _data()["ends"]), 0)
    if cut:
        yield first[:cut], said[cut:].strip()


def name_key(name: str) -> str:
    """Return the form nicknames are compared in: no blanks, pictures, brackets, case or width.

    A nickname of pictures alone is compared as it is.
    """
    normal = normalise(name.removeprefix("@"))
    bare = "".join(
        sign for sign in normal if unicodedata.category(sign) not in ("So", "Sk", "Ps", "Pe", "Zs")
    )
    return bare or normal


def kinds_named(words: str) -> frozenset[str]:
    """Return what a title says the list is for: checkin, signup, collect."""
    normal = normalise(words)
    found = _data()["kinds"].items()
    return frozenset(kind for kind, said in found if any(each in normal for each in said))


def _lines(said: str) -> list[str]:
    text = _UNSEEN.sub("", _BLANKS.sub(" ", _BREAKS.sub("\n", said[:LONGEST])))
    if text.count("\n") < 2 <= text.count("\\n"):  # noqa: PLR2004 - a list has several lines
        text = text.replace("\\n", "\n")
    return text.split("\n")


def _header(line: str) -> str | None:
    """Return what follows the header in its line; None where the line is no header."""
    said = line.strip()
    for header in _data()["headers"]:
        longest = range(1, min(len(said), len(header) + 2) + 1)
        length = next((each for each in longest if normalise(said[:each]) == header), 0)
        rest = said[length:]
        if length and (not rest or unicodedata.category(rest[0])[0] in "PSZN"):
            return rest.strip(_data()["stops"])
    return None


def _numbered(line: str) -> tuple[int, str, str] | None:
    """Return an entry's number, the sign after it and its text; None for any other line."""
    match = _pattern().fullmatch(line.strip())
    return (int(match[1]), match[2], match[3]) if match else None


@cache
def _pattern() -> re.Pattern[str]:
    """A number, the sign after it and a text; a time or a decimal (9:30, 2.5) is none of it."""
    marks, parts = re.escape(_data()["marks"]), re.escape(_data()["decimals"])
    return re.compile(
        rf"(\d{{1,4}})\ufe0f?\s*([{marks}])(?!(?<=[{parts}])\d\d?(?:\D|$))\s*(.*)", re.DOTALL
    )


def _is_example(text: str) -> bool:
    normal = normalise(text)
    return any(
        normal.startswith(word) and not normal[len(word) :][:1].isalpha()
        for word in _data()["examples"]
    )


def _first(lines: Sequence[str]) -> int | None:
    """Return where the first entry stands: the last line numbered 1 that begins something."""
    ones = [place for place, line in enumerate(lines) if (_numbered(line) or (0,))[0] == 1]
    begun = [
        place
        for place in ones
        if place <= 1 or not lines[place - 1].strip() or _is_example(lines[place - 1])
    ]
    return next(reversed(begun or ones), None)


def _title(lines: Sequence[str]) -> str:
    topic = (line.strip() for line in lines if not _is_example(line))
    return " ".join(" ".join(topic).split())[:LONGEST_TITLE].rstrip()


def _entries(lines: Sequence[str]) -> tuple[tuple[Entry, ...], tuple[Odd, ...]]:
    """Take each line with the next number for an entry; any other one goes on with the last."""
    mark = (_numbered(lines[0]) or (1, "", ""))[1]
    found: list[tuple[int, list[str]]] = []
    odd: list[Odd] = []
    for line in lines:
        number, sign, text = _numbered(line) or (0, "", "")
        last = found[-1][0] if found else 0
        step = number - last
        listed = number > 0 and sign == mark
        if listed and _repeats(found, number, text):
            continue
        if step == 1 or (listed and 0 <= step <= WIDEST_GAP):
            if len(found) == MOST:
                odd.append(Odd(number, "many"))
                break
            if step != 1:
                odd.append(Odd(number, "gap" if step else "again"))
            found.append((number, [text]))
        elif found:
            found[-1][1].append(line)
    return _whole(found, odd)


def _repeats(found: Sequence[tuple[int, list[str]]], number: int, text: str) -> bool:
    """Tell whether an entry was there already: parts of a list may overlap."""
    return any(number == each and normalise(text) == normalise(said[0]) for each, said in found)


def _whole(
    found: Sequence[tuple[int, list[str]]], odd: list[Odd]
) -> tuple[tuple[Entry, ...], tuple[Odd, ...]]:
    entries = []
    for number, said in found:
        text = " ".join(" ".join(said).split())
        if len(text) > LONGEST_ENTRY:
            odd.append(Odd(number, "long"))
        if text and not _is_example(text):
            entries.append(Entry(number, text[:LONGEST_ENTRY]))
    return tuple(entries), tuple(odd)


def _parted(line: str) -> list[str]:
    """Part a list whose line breaks were lost at its numbers, 1, 2, 3 and so on."""
    marks = re.escape(_data()["marks"])
    cuts, place = [0], 0
    for number in range(1, MOST + 2):
        match = re.compile(rf"(?:^|(?<=\s)){number}\s*[{marks}](?!\d)").search(line, place)
        if match is None:
            break
        cuts.append(match.start())
        place = match.end()
    cuts.append(len(line))
    return ["", *(line[a:b] for a, b in pairwise(cuts))]


@cache
def _data() -> Any:
    return yaml_source.load_packaged("relay_words.yaml")
