"""Tables that are a grid: times down the side, days along the top, in each cell what is said."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime

from sop.sheets.sheet import Cell, Row
from sop.sheets.sheet_days import Setting, read_days
from sop.sheets.sheet_words import key_text

_FEWEST_DAYS = 2
_ANY = Setting(near=date(2000, 1, 1))


def day_columns(row: Row) -> Mapping[int, Cell]:
    """Return the days that head the columns of a grid, by column from 1; else nothing."""
    found = {n: cell for n, cell in enumerate(row.cells, 1) if _is_day(cell)}
    return found if len(found) >= _FEWEST_DAYS else {}


def _is_day(cell: Cell) -> bool:
    """Whether a heading is a day and no time."""
    if not key_text(cell) or not isinstance(cell, (str, datetime, date)):
        return False
    try:
        return not read_days(cell, _ANY).time
    except ValueError:
        return False


def cells_of(
    rows: Sequence[Row],
    days: Mapping[int, Cell],
    time: int,
    beside: Mapping[tuple[int, int], Cell],
) -> Iterator[tuple[int, int, Cell, Cell, Cell]]:
    """Yield row, column, day, time and content of every filled cell, day by day.

    What is merged over several days (`beside`) is said on each of them.
    """
    for column, day in days.items():
        for row in rows:
            text = _at(row, column) or beside.get((row.number, column))
            if key_text(text):
                yield row.number, column, day, _at(row, time), text


def _at(row: Row, column: int) -> Cell:
    return row.cells[column - 1] if column <= len(row.cells) else None
