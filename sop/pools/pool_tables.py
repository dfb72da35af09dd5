"""Pools as tables: a CSV file whose first row names the fields, one item a row."""

import csv
import io
from collections.abc import Iterator, Sequence
from typing import Final

from sop.pools.pool_items import Found, field_of, is_passed_over, made, problem, unknown_field

LONGEST_CELL: Final = 20_000
"""Characters of a cell."""

# A line no table has: if it does not come out as itself, an open quote took it in.
_END: Final = "\0"

_SNIFFED: Final = (",", "\t", ";", "，")  # noqa: RUF001 - typed by people instead of a comma


def read_table(text: str, file: str) -> Iterator[Found]:
    """Yield the items of a table, and what is wrong with its rows, in order."""
    rows = list(_rows(text, file))
    body = [row for row in rows if not isinstance(row, Found)]
    broken = [row for row in rows if isinstance(row, Found)]
    if not rows:
        broken = [Found(file, 1, problems=(problem(file, 1, "the table is empty"),))]
    if body:
        names, wrong = _head(file, *body[0])
        yield from wrong
        yield from (_row(file, line, names, cells) for line, cells in body[1:])
    yield from broken


def _rows(text: str, file: str) -> Iterator[tuple[int, Sequence[str]] | Found]:
    """Yield the rows that hold anything with the line each begins on; a broken one ends them."""
    lines = io.StringIO(f"{text}\n{_END}", newline="")
    reader = csv.reader(lines, delimiter=_delimiter(text))
    line = 1
    try:
        for cells in reader:
            if cells == [_END]:
                return
            if cells and cells[-1].endswith(_END):
                message = "a quote is not closed, and takes in all that follows"
                yield Found(file, line, problems=(problem(file, line, message),))
                return
            if any(len(cell) > LONGEST_CELL for cell in cells):
                message = f"a cell is longer than {LONGEST_CELL:,} characters"
                yield Found(file, line, problems=(problem(file, line, message),))
                return
            if any(cell.strip() for cell in cells):
                yield line, cells
            line = reader.line_num + 1
    except csv.Error as error:
        message = f"this row cannot be read ({error}): put texts with quotes in double quotes"
        yield Found(file, line, problems=(problem(file, line, message),))


def _delimiter(text: str) -> str:
    head = text.split("\n", 1)[0]
    counts = {sign: head.count(sign) for sign in _SNIFFED}
    best = max(_SNIFFED, key=lambda sign: counts[sign])
    return best if counts[best] else ","


def _head(file: str, line: int, cells: Sequence[str]) -> tuple[list[str], list[Found]]:
    """Return the field of each column (empty: none), and what is wrong with the head."""
    names = [field_of(cell) for cell in cells]
    wrong = []
    for place, (name, cell) in enumerate(zip(names, cells, strict=True)):
        if cell.strip() and not name and not is_passed_over(cell):
            message, near = unknown_field(cell)
            wrong.append(problem(file, line, message, column=place + 1, near=near))
        if name and name in names[:place]:
            wrong.append(problem(file, line, f"two columns hold {name}", column=place + 1))
    if not any(names):
        message = "the first row must name the columns, such as text,image,tags"
        wrong = [problem(file, line, message)]
    return names, [Found(file, line, problems=tuple(wrong))] if wrong else []


def _row(file: str, line: int, names: Sequence[str], cells: Sequence[str]) -> Found:
    beyond = [cell for cell in cells[len(names) :] if cell.strip()]
    if beyond:
        message = f"more cells than columns: put texts with commas in quotes ({beyond[0][:20]}…)"
        return Found(file, line, problems=(problem(file, line, message),))
    fields = dict(zip(names, cells, strict=False))
    fields.pop("", None)
    return made(file, line, fields)
