"""Tables as people keep them: CSV in whatever encoding their program saved, row by row."""

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

LARGEST: Final = 8 << 20
"""Bytes of a table."""

LONGEST_CELL: Final = 1_000
"""Characters of a cell; a quote that is not closed would swallow the rest of the file."""

CODECS: Final = ("utf-8-sig", "gb18030")
UTF16: Final = (b"\xff\xfe", b"\xfe\xff")
"""How a text begins that Excel has saved as Unicode."""

SEPARATOR: Final = "sep="
"""What the first line says where somebody told Excel how cells are separated: no row."""

_DELIMITERS: Final = (",", "\t", ";")


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with a line, and what would be right."""

    line: int
    message: str

    def __str__(self) -> str:
        return f"line {self.line}: {self.message}"


def read_rows(data: bytes) -> tuple[list[tuple[int, Sequence[str]]], list[Fault]]:
    """Return the rows that hold anything, with the line each begins on, and what is broken.

    UTF-8 (also with a mark), UTF-16 with one, or GBK; cells by comma, tab or semicolon.
    """
    said = _decoded(data)
    if isinstance(said, Fault):
        return [], [said]
    found = list(_rows(said))
    return (
        [row for row in found if not isinstance(row, Fault)],
        [row for row in found if isinstance(row, Fault)],
    )


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
