"""Redeemable codes: those of a list file, made ones, and how sealed ones stand in texts."""

import csv
import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from hashlib import blake2b
from typing import Any, Final

from sop.yaml import yaml_source

LONGEST: Final = 200
"""Characters of a code; what is longer is a line of something else."""

SHOWN_PART: Final = 4
"""Last characters of a code that are shown again once it was seen; of a short one, fewer."""

# Without look-alikes (0 O, 1 I L, U V): codes are read aloud and typed.
_ALPHABET: Final = "23456789ABCDEFGHJKMNPQRSTWXYZ"
_LENGTH: Final = 8

_SEPARATOR: Final = "sep="
# A long number that a spreadsheet has shown, and saved, as 1.23E+11: its last digits are gone.
_SHORTENED: Final = re.compile(r"[0-9](?:[.][0-9]+)?[eE][+][0-9]{2,3}")

_UTF16: Final = (b"\xff\xfe", b"\xfe\xff")
_TEXTS: Final = ("utf-8-sig", "gb18030")

_DIGIT: Final = re.compile(r"[0-9]")

SHORT: Final = 3
"""Lines from which a list has enough to tell that its first one is a heading."""

# Signs that nobody types and no channel reads as markup: a code of ours cannot be mistaken.
_OPEN, _CLOSE = "\u27e6", "\u27e7"
_SEALED: Final = re.compile(f"{_OPEN}([0-9a-f]{{8}}[.][A-Za-z0-9_-]{{38,2000}}={{0,2}}){_CLOSE}")


class NoTable(ValueError):
    """The bytes are no table of codes at all; the text says what would be right."""


@dataclass(frozen=True, slots=True)
class Listed:
    """A code and the line of the file it stands in, counted from 1."""

    line: int
    code: str


@dataclass(frozen=True, slots=True)
class Wrong:
    """What is wrong with a line, for the operator; never a code itself."""

    line: int
    sentence: str


@cache
def _headings() -> frozenset[str]:
    """First cells that are a heading and no code."""
    data: Any = yaml_source.load_packaged("codes.yaml")
    return frozenset(data["headings"])


@lru_cache(maxsize=16)
def read_codes(data: bytes) -> tuple[str, ...]:
    """Return the codes of a CSV file: the first column, each once, in order.

    UTF-8 (with or without a mark), UTF-16 with one, or GBK; a heading, blank lines and
    unreadable characters are passed over. Never raises.
    """
    try:
        said = _decoded(data)
    except NoTable:
        said = data.decode("utf-8-sig", "replace")
    lines = said.replace("\0", "").splitlines()
    try:
        cells = [row[0].strip() for row in csv.reader(lines) if row]
    except csv.Error:
        cells = [line.partition(",")[0].strip() for line in lines]
    if cells and cells[0].casefold() in _headings():
        cells = cells[1:]
    return tuple(dict.fromkeys(cell for cell in cells if cell and "\ufffd" not in cell))


def read_list(data: bytes) -> tuple[tuple[Listed, ...], tuple[Wrong, ...]]:
    """Return the codes of a file that is to be taken over, and all that is wrong with it.

    UTF-8 (with or without a mark), UTF-16 with one, or GBK; the first column counts. Raises
    `NoTable` for what is no text.
    """
    found = tuple(_first_cells(_decoded(data)))
    if found and found[0].line == 1 and found[0].code.casefold().startswith(_SEPARATOR):
        found = found[1:]
    if found and found[0].code.casefold() in _headings():
        found = found[1:]
    elif _seems_headed(found):
        return found, (
            Wrong(found[0].line, 'seems to be a heading: write "code" above the codes'),
        )
    wrong = tuple(_complaints(found))
    if not found:
        wrong = (Wrong(1, "there is no code in the file"),)
    return found, wrong


def _seems_headed(found: Sequence[Listed]) -> bool:
    """Tell whether the first line is unlike all others: nobody shall be given a heading."""
    if len(found) < SHORT:
        return False
    first, others = found[0].code, [each.code for each in found[1:]]
    return any(
        all(has(each) for each in others) and not has(first)
        for has in (str.isascii, _DIGIT.search)
    )


def _decoded(data: bytes) -> str:
    codecs = ("utf-16",) if data.startswith(_UTF16) else _TEXTS
    for codec in codecs:
        try:
            text = data.decode(codec)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise NoTable("this is no text table: save it as CSV in UTF-8 or GBK")


def _first_cells(text: str) -> Iterator[Listed]:
    """Yield the first cell of every line that has one; a code never spans lines."""
    for number, line in enumerate(re.split(r"\r\n|\r|\n", text), 1):
        try:
            cells = next(csv.reader([line.replace("\t", ",")]), [])
        except csv.Error:
            cells = [line]
        if cells and cells[0].strip():
            yield Listed(number, cells[0].strip())


def _complaints(found: Collection[Listed]) -> Iterator[Wrong]:
    seen: dict[str, int] = {}
    for each in found:
        if each.code in seen:
            yield Wrong(each.line, f"the same code as in line {seen[each.code]}")
        elif _SHORTENED.fullmatch(each.code):
            yield Wrong(
                each.line,
                "the table program has shortened this number: format the column as text first",
            )
        elif len(each.code) > LONGEST:
            yield Wrong(each.line, f"longer than {LONGEST} characters: this is no code")
        elif not each.code.isprintable() or "\ufffd" in each.code:
            yield Wrong(each.line, "holds a sign that cannot be shown: save it as UTF-8 or GBK")
        elif _OPEN in each.code or _CLOSE in each.code:
            yield Wrong(each.line, f"holds {_OPEN} or {_CLOSE}, which no code can")
        seen.setdefault(each.code, each.line)


def tail_of(code: str) -> str:
    """Return what may be shown of a code for ever: its end, and never more than a third of it."""
    return code[-min(SHOWN_PART, len(code) // 3) :] if len(code) >= SHOWN_PART - 1 else ""


def lock_of(sealed: str) -> str:
    """Return the id of the key that opens what is sealed."""
    return sealed.partition(".")[0]


def in_text(sealed: str) -> str:
    """Return how a sealed code stands in a text until somebody with the key opens it."""
    return f"{_OPEN}{sealed}{_CLOSE}"


def sealed_in(text: str) -> Iterator[re.Match[str]]:
    """Yield every place of a text that looks like a sealed code; group 1 is what is sealed."""
    return _SEALED.finditer(text)


def free_code(codes: Collection[str], given: Collection[str]) -> str:
    """Return the first code that was not given yet; empty where none is left."""
    taken = frozenset(given)
    return next((code for code in codes if code not in taken), "")


def made_code(seed: str, given: Collection[str] = (), length: int = _LENGTH) -> str:
    """Return a new code that is the same for the same seed; as hard to guess as the seed is."""
    attempt = 0
    while True:
        digest = blake2b(f"{attempt}:{seed}".encode("utf-8", "surrogatepass"), digest_size=16)
        number = int.from_bytes(digest.digest(), "big")
        letters = []
        for _ in range(length):
            number, index = divmod(number, len(_ALPHABET))
            letters.append(_ALPHABET[index])
        code = "".join(letters)
        if code not in given:
            return code
        attempt += 1
