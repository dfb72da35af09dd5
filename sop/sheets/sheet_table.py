"""Finds the table in a sheet: its header row, what each column holds, and its records."""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache

from sop.sheets.sheet import Cell, Row, Sheet, Unreadable
from sop.sheets.sheet_grid import cells_of, day_columns
from sop.sheets.sheet_words import key_text, packaged, pattern, shown_text

Role = str
"""What a column holds, by its name under `columns` in `sheet.yaml`."""

_SEARCHED_ROWS = 40
_LONGEST_HEADING = 24
_LONGEST_TITLE = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A column by its number, from 1, and what its header says."""

    number: int
    header: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """One row of a table: its cells by role, where they stand, and what else it says.

    `alone` is the one text of a row that says nothing else: a heading, or a day on its own.
    """

    row: int
    cells: Mapping[Role, Cell]
    columns: Mapping[Role, int]
    extras: tuple[tuple[str, str], ...] = ()
    pictures: tuple[str, ...] = ()
    alone: str = ""

    @property
    def is_blank(self) -> bool:
        """Whether the row holds nothing but pictures."""
        return not self.extras and not any(map(_is_filled, self.cells.values()))

    def text(self, role: Role) -> str:
        """The cell as text to be shown; empty where there is none."""
        return shown_text(self.cells.get(role))

    def key(self, role: Role) -> str:
        """The cell as patterns see it; empty where it holds nothing."""
        return key_text(self.cells.get(role))

    def column(self, *roles: Role) -> int:
        """The column of the first of these roles that the table has, else the first column."""
        return next((self.columns[role] for role in roles if role in self.columns), 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A sheet's table; `title` is what stands above it."""

    sheet: str
    header_row: int
    title: str
    columns: Mapping[Role, tuple[Column, ...]] = field(default_factory=dict)
    records: tuple[Record, ...] = ()


def find_table(sheet: Sheet) -> Table | None:
    """Return the sheet's table, or None where no row looks like a header."""
    found = [(len(_roles(row)), -row.number, row) for row in sheet.rows[:_SEARCHED_ROWS]]
    heads = [each for each in found if _is_header(_roles(each[2]))]
    if not heads:
        return _grid(sheet)
    header = max(heads, key=lambda each: each[:2])[2]
    columns = _roles(header)
    return Table(
        sheet=sheet.title,
        header_row=header.number,
        title=_title(sheet.rows, header),
        columns=columns,
        records=tuple(_records(sheet, header, columns)),
    )


def _grid(sheet: Sheet) -> Table | None:
    """The sheet's table, if it is a grid of days and times."""
    for row in sheet.rows[:_SEARCHED_ROWS]:
        days, times = day_columns(row), _roles(row).get("time", ())
        if days and times:
            return _of_grid(sheet, row, days, times[0].number)
    return None


def _of_grid(sheet: Sheet, header: Row, days: Mapping[int, Cell], time: int) -> Table:
    below = [row for row in sheet.rows if row.number > header.number]
    pictures = _pictures_by_cell(sheet)
    records = tuple(
        Record(
            row=row,
            cells={"day": day, "time": at, "text": text},
            columns={"text": column, "day": column, "time": time},
            pictures=pictures.get((row, column), ()),
        )
        for row, column, day, at, text in cells_of(below, days, time, sheet.beside)
    )
    column = Column(number=min(days), header="")
    return Table(
        sheet=sheet.title,
        header_row=header.number,
        title=_title(sheet.rows, header),
        columns={"day": (column,), "time": (Column(number=time, header=""),)},
        records=records,
    )


def _pictures_by_cell(sheet: Sheet) -> dict[tuple[int, int], tuple[str, ...]]:
    return {place: (name,) for place, name in sheet.pictures.items()}


def _is_header(columns: Mapping[Role, tuple[Column, ...]]) -> bool:
    return bool({"text", "title"} & columns.keys() and {"day", "nth", "time"} & columns.keys())


def _roles(row: Row) -> dict[Role, tuple[Column, ...]]:
    """What each column of a header row holds; of several for one role the best comes first."""
    found: dict[Role, list[tuple[int, Column]]] = {}
    for number, cell in enumerate(row.cells, 1):
        role, rank = _role(_heading(cell))
        if role:
            column = Column(number=number, header=shown_text(cell))
            found.setdefault(role, []).append((rank, column))
    return {
        role: tuple(column for _, column in sorted(ranked, key=lambda each: each[0]))
        for role, ranked in found.items()
    }


def _heading(cell: Cell) -> str:
    text = key_text(cell) if isinstance(cell, str) else ""
    return pattern("heading_noise").sub("", text) if len(text) <= _LONGEST_HEADING else ""


@cache
def _role(heading: str) -> tuple[Role, int]:
    if heading:
        for role, patterns in packaged()["columns"].items():
            for rank, each in enumerate(patterns):
                if re.fullmatch(each, heading):
                    return role, rank
    return "", 0


def _title(rows: Sequence[Row], header: Row) -> str:
    above = (row for row in rows if row.number < header.number)
    texts = (" ".join(shown_text(cell).split()) for row in above for cell in row.cells)
    return next((text for text in texts if 0 < len(text) <= _LONGEST_TITLE), "")


def _records(
    sheet: Sheet, header: Row, columns: Mapping[Role, tuple[Column, ...]]
) -> Iterator[Record]:
    headings = tuple(map(shown_text, header.cells))
    pictures = _pictures(sheet)
    for row in sheet.rows:
        if row.number <= header.number or _repeats(row, headings):
            continue
        record = _record(row, headings, columns, pictures.get(row.number, ()))
        if record is not None:
            yield record


def _repeats(row: Row, headings: Sequence[str]) -> bool:
    """Whether the row is the header once more."""
    texts = tuple(map(shown_text, row.cells))
    return any(texts) and texts == headings[: len(texts)]


def _pictures(sheet: Sheet) -> dict[int, tuple[str, ...]]:
    found: dict[int, tuple[str, ...]] = {}
    for (row, _), name in sorted(sheet.pictures.items()):
        found[row] = (*found.get(row, ()), name)
    return found


def _record(
    row: Row,
    headings: Sequence[str],
    columns: Mapping[Role, tuple[Column, ...]],
    pictures: tuple[str, ...],
) -> Record | None:
    filled = [number for number, cell in enumerate(row.cells, 1) if _is_filled(cell)]
    meant = [number for number in filled if number not in _numbers(columns)]
    if not meant and not pictures:
        return None
    chosen = {role: _chosen(row, of_role) for role, of_role in columns.items()}
    alone = len(meant) == 1 and not pictures and meant[0] not in _spoken(columns)
    return Record(
        row=row.number,
        cells={role: cell for role, (_, cell) in chosen.items()},
        columns={role: column for role, (column, _) in chosen.items()},
        extras=_extras(row, headings, columns, {column for column, _ in chosen.values()}),
        pictures=pictures,
        alone=shown_text(row.cells[meant[0] - 1]) if alone else "",
    )


def _extras(
    row: Row,
    headings: Sequence[str],
    columns: Mapping[Role, tuple[Column, ...]],
    used: Collection[int],
) -> tuple[tuple[str, str], ...]:
    """What stands in columns that mean nothing to a step, with their headings."""
    ignored = {column.number for role in ("number", "day") for column in columns.get(role, ())}
    cells = zip(headings, row.cells, strict=False)
    return tuple(
        (heading, shown_text(cell))
        for number, (heading, cell) in enumerate(cells, 1)
        if heading and number not in used and number not in ignored and shown_text(cell)
    )


def _is_filled(cell: Cell) -> bool:
    return isinstance(cell, Unreadable) or bool(shown_text(cell))


def _chosen(row: Row, columns: Sequence[Column]) -> tuple[int, Cell]:
    cells = [
        (column.number, row.cells[column.number - 1])
        for column in columns
        if column.number <= len(row.cells)
    ]
    filled = [each for each in cells if _is_filled(each[1])]
    return next(iter([*filled, *cells]), (columns[0].number, None))


def _numbers(columns: Mapping[Role, tuple[Column, ...]]) -> set[int]:
    return {column.number for column in columns.get("number", ())}


def _spoken(columns: Mapping[Role, tuple[Column, ...]]) -> set[int]:
    """The columns that make a row one with content."""
    roles = ("text", "title", "image")
    return {column.number for role in roles for column in columns.get(role, ())}
