"""Who pays, as operators keep it: a CSV table with a member, paid or not, and until when."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any, Final

from sop.activities.tables import Fault, read_rows
from sop.text import normalise
from sop.yaml import yaml_source

YEARS: Final = range(2000, 3000)
"""A day beyond is a slip; the one after the last day of all could not even be reckoned."""

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
class Table:
    """What was read. With any fault nothing of it may be used."""

    payments: tuple[Payment, ...] = ()
    faults: tuple[Fault, ...] = ()


def read_payments(data: bytes) -> Table:
    """Read a table in UTF-8 (also with a mark) or GBK; every line that is wrong is named."""
    whole, broken = read_rows(data)
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
