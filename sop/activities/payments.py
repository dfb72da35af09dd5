"""Who pays, as operators keep it: a CSV table with a member, paid or not, and until when."""

import csv
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any, Final

from sop.text import normalise
from sop.yaml import yaml_source

LARGEST: Final = 8 << 20
"""Bytes of a table."""

LONGEST_CELL: Final = 1_000
"""Characters of a cell; a quote that is not closed would swallow the rest of the file."""

YEARS: Final = range(2000, 3000)
"""A day beyond is a slip; the one after the last day of all could not even be reckoned."""

CODECS: Final = ("utf-8-sig", "gb18030")
UTF16: Final = (b"\xff\xfe", b"\xfe\xff")
"""How a text begins that Excel has saved as Unicode."""

SEPARATOR: Final = "sep="
"""What the first line says where somebody told Excel how cells are separated: no row."""

_DELIMITERS: Final = (",", "\t", ";")
_DATE: Final = re.compile(
    r"(\d{4})\D(\d{1,2})\D(\d{1,2})\D?(?:\s.*)?|(\d{4})(\d{2})(\d{2})", re.ASCII
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Payment:
    """One line: whom it is about (a platform id or a name), and the last day that is paid for.

    `until` None is no end.
    """

    line: int
    member: str
    paid: bool
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with a line, and what would be right."""

    line: int
    message: str

    def __str__(self) -> str:
        return f"line {self.line}: {self.message}"


@dataclass(frozen=True, slots=True)
class Table:
    """What was read. With any fault nothing of it may be used."""

    payments: tuple[Payment, ...] = ()
    faults: tuple[Fault, ...] = ()


def read_payments(data: bytes) -> Table:
    """Read a table in UTF-8 (also with a mark) or GBK; every line that is wrong is named."""
    said = _decoded(data)
    if isinstance(said, Fault):
        return Table(faults=(said,))
    rows = list(_rows(said))
    broken = [row for row in rows if isinstance(row, Fault)]
    whole = [row for row in rows if not isinstance(row, Fault)]
    if not whole:
        return Table(faults=tuple(broken) or (Fault(1, "the table is empty"),))
    columns, faults = _columns(*whole[0])
    if faults:
        return Table(faults=(*faults, *broken))
    found = [_payment(line, cells, columns) for line, cells in whole[1:]]
    payments = [each for each in found if isinstance(each, Payment)]
    wrong = [each for each in found if isinstance(each, Fault)]
    wrong += [*_twice(payments), *broken]
    return Table(tuple(payments), tuple(sorted(wrong, key=lambda fault: fault.line)))


def _decoded(data: bytes) -> str | Fault:
    if len(data) > LARGEST:
        return Fault(1, f"the file is larger than {LARGEST >> 20} MiB")
    for codec in ("utf-16",) if data.startswith(UTF16) else CODECS:
        try:
            said = data.decode(codec)
        except UnicodeDecodeError:
            continue
        if "\0" not in said:
            return said
    return Fault(1, "this is no text in UTF-8 or GBK: save the table as CSV, UTF-8")


def _rows(said: str) -> Iterator[tuple[int, Sequence[str]] | Fault]:
    """Yield the rows that hold anything with the line each begins on; a broken one ends them."""
    head = said.split("\n", 1)[0]
    delimiter = max(_DELIMITERS, key=head.count)
    reader = csv.reader(io.StringIO(said, newline=""), delimiter=delimiter)
    line = 1
    try:
        for cells in reader:
            if any(len(cell) > LONGEST_CELL for cell in cells):
                yield Fault(
                    line, f"a cell is longer than {LONGEST_CELL} characters: is a quote open?"
                )
                return
            told = line == 1 and cells[:1] and cells[0].casefold().startswith(SEPARATOR)
            if not told and any(cell.strip() for cell in cells):
                yield line, [cell.strip() for cell in cells]
            line = reader.line_num + 1
    except csv.Error as error:
        yield Fault(line, f"this row cannot be read ({error})")


def _columns(line: int, cells: Sequence[str]) -> tuple[Mapping[str, int], list[Fault]]:
    """Return where each column is, and what is wrong with the first row."""
    words, places, faults = _words(), dict[str, int](), list[Fault]()
    for place, cell in enumerate(cells):
        name = words["columns"].get(normalise(cell), "")
        if name in places:
            faults.append(Fault(line, f'two columns hold the {name}: "{cell}" is the second'))
        elif name:
            places[name] = place
        elif cell and normalise(cell) not in words["passed_over"]:
            faults.append(
                Fault(line, f'"{cell[:20]}" is no column known here: member, paid, until')
            )
    if "member" not in places:
        faults.append(
            Fault(
                line,
                "the first row must name the columns, with one for the member (userid or name)",
            )
        )
    return places, faults


def _payment(line: int, cells: Sequence[str], columns: Mapping[str, int]) -> Payment | Fault:
    def cell(name: str) -> str:
        place = columns.get(name, len(cells))
        return cells[place] if place < len(cells) else ""

    member, told, day = cell("member"), normalise(cell("paid")), cell("until")
    if not member:
        return Fault(line, "names no member")
    words = _words()
    if "paid" in columns and told not in words["yes"] | words["no"]:
        return Fault(line, f'"{cell("paid")[:20]}" says neither yes nor no: write 是 or 否')
    until = _day(day) if day else None
    if day and until is None:
        return Fault(line, f'"{day[:20]}" is no date: write it as 2027-01-31')
    return Payment(line=line, member=member, paid=told not in words["no"], until=until)


def _day(written: str) -> date | None:
    match = _DATE.fullmatch(written.strip())
    if match is None:
        return None
    year, month, day = (int(part) for part in match.groups() if part is not None)
    return day_of(year, month, day)


def day_of(year: int, month: int, day: int) -> date | None:
    """Return the last day that is paid for, or None where there is no such day in `YEARS`."""
    try:
        return date(year, month, day) if year in YEARS else None
    except ValueError:
        return None


def _twice(payments: Sequence[Payment]) -> Iterator[Fault]:
    first: dict[str, int] = {}
    for each in payments:
        line = first.setdefault(each.member.casefold(), each.line)
        if line != each.line:
            yield Fault(each.line, f"{each.member} stands in line {line} already")


@cache
def _words() -> Mapping[str, Any]:
    data: Any = yaml_source.load_packaged("payment_words.yaml")
    columns = {
        normalise(word): name for name, words in data["columns"].items() for word in words
    }  # fmt: skip
    return {
        "columns": columns,
        **{name: frozenset(map(normalise, data[name])) for name in ("passed_over", "yes", "no")},
    }
