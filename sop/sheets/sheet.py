"""Tables as operators keep them, as plain values: sheets, rows, cells and their problems."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

from sop.problems import Severity

_LETTERS = 26


@dataclass(frozen=True, slots=True)
class Unreadable:
    """Stands in a cell whose value is not there; `why` says what would be right."""

    why: str


Cell = str | int | float | bool | datetime | date | time | timedelta | Unreadable | None
"""What a cell holds; None where it is empty or hidden."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A visible row by its number in the sheet, from 1; the first cell is column A."""

    number: int
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """One worksheet; a text file is a sheet without a title.

    Cells that are merged over several rows hold their value in each, in the first of their
    columns; what they hold in the others is in `beside`. `pictures` are the names of the files
    that the pictures lying on cells become. Both go by row and column, from 1.
    """

    title: str
    rows: tuple[Row, ...]
    pictures: Mapping[tuple[int, int], str] = field(default_factory=dict)
    beside: Mapping[tuple[int, int], Cell] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetProblem:
    """What is wrong at a cell (`C7`), and what would be right. Warnings change nothing."""

    sheet: str
    row: int
    column: int
    message: str
    severity: Severity = "error"

    @property
    def cell(self) -> str:
        """The cell as spreadsheet programs call it."""
        return f"{column_name(self.column)}{self.row}"

    def told(self, file: str) -> str:
        """The line for people: `FILE!Sheet1:C7: what is wrong, and what would be right`."""
        place = f"{file}!{self.sheet}" if self.sheet else file
        note = "" if self.severity == "error" else " (warning)"
        return f"{place}:{self.cell}: {self.message}{note}"

    def as_dict(self, file: str) -> dict[str, Any]:
        """The problem for programs."""
        return {
            "file": file,
            "sheet": self.sheet,
            "cell": self.cell,
            "message": self.message,
            "severity": self.severity,
        }


def column_name(number: int) -> str:
    """Return the letters of a column: 1 is A, 27 is AA."""
    name = ""
    while number > 0:
        number, letter = divmod(number - 1, _LETTERS)
        name = chr(ord("A") + letter) + name
    return name
