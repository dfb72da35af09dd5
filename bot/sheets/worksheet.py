"""One worksheet of a workbook: its rows without what is hidden, merged cells, and pictures."""

import re
from collections.abc import Iterator, Mapping
from io import BytesIO
from typing import Any, Final

from bot.sheets.sheet_limits import MAX_ROWS, SheetFacts
from sop.sheets.sheet import Cell, Row, Sheet, SheetProblem, Unreadable, column_name

MAX_COLUMNS: Final = 60

_PICTURES: Final = {"png": "png", "jpeg": "jpg", "gif": "gif"}
_IN_CELL: Final = re.compile(r'=?(?:_xlfn\.)?DISPIMG\("([^"]+)"')
_NO_VALUE: Final = Unreadable(
    "the formula has no stored value: open the file in Excel or WPS and save it once"
)


class Worksheet:
    """Reads one worksheet of a workbook that was examined."""

    def __init__(
        self, worksheet: Any, facts: SheetFacts, stem: str, in_cells: Mapping[str, Any]
    ) -> None:
        self._from = worksheet
        self._facts = facts
        self._in_cells = in_cells
        self._stem = stem
        self._hidden = _hidden_columns(worksheet)
        self.files: dict[str, bytes] = {}
        self._placed: dict[tuple[int, int], str] = {}
        self.visible = worksheet.sheet_state == "visible"
        self._place_pictures()
        last = min(max([facts.last_row, *(row for row, _ in self._placed)]), MAX_ROWS)
        self._hidden_rows = [row for row in range(1, last + 1) if self._is_hidden(row)]
        self._merged = dict(_merged_down(worksheet, last))
        self.sheet = Sheet(
            title=worksheet.title,
            rows=tuple(self._rows(last)),
            pictures=self._placed,
            beside=dict(_merged_right(worksheet, last)),
        )

    def notes(self) -> Iterator[SheetProblem]:
        """Yield what was left out of it."""
        if not self.visible:
            yield self._note("the sheet is hidden and left out: unhide it to import it")
            return
        if self._hidden_rows:
            count = len(self._hidden_rows)
            yield self._note(f"{count} hidden row(s) are left out: unhide them to import them")
        if any(column <= self._facts.last_column for column in self._hidden):
            yield self._note("hidden columns are left out: unhide them to import them")

    def _note(self, message: str) -> SheetProblem:
        row = next(iter(self._hidden_rows), 1)
        return SheetProblem(
            sheet=self._from.title, row=row, column=1, message=message, severity="warning"
        )

    def _is_hidden(self, row: int) -> bool:
        dimension = self._from.row_dimensions.get(row)
        return bool(dimension is not None and dimension.hidden)

    def _rows(self, last: int) -> Iterator[Row]:
        hidden = set(self._hidden_rows)
        width = max(min(self._facts.last_column, MAX_COLUMNS), 1)
        for cells in self._from.iter_rows(min_row=1, max_row=max(last, 1), max_col=width):
            number = cells[0].row
            values = tuple(
                self._value(number, column, cell) for column, cell in enumerate(cells, 1)
            )
            if number not in hidden and (any(values) or self._pictured(number)):
                yield Row(number=number, cells=values)

    def _pictured(self, row: int) -> bool:
        return any(place[0] == row for place in self._placed)

    def _value(self, row: int, column: int, cell: Any) -> Cell:
        if column in self._hidden:
            return None
        row, column, value = self._merged.get((row, column), (row, column, cell.value))
        if (row, column) in self._facts.unset:
            return _NO_VALUE
        if cell.data_type == "e":
            return Unreadable(f"{value} stands instead of a value: correct the formula")
        if isinstance(value, str) and (found := _IN_CELL.match(value)):
            return self._in_cell(row, column, found[1])
        return value if isinstance(value, Cell) else str(value)

    def _in_cell(self, row: int, column: int, name: str) -> Cell:
        ending, data = self._in_cells.get(name, ("", b""))
        self._place(row, column, ending, data)
        return None

    def _place_pictures(self) -> None:
        for image in self._from._images:  # noqa: SLF001 - openpyxl gives pictures nowhere else
            marker = getattr(image.anchor, "_from", None)
            if marker is not None:
                data = image.ref.getvalue() if isinstance(image.ref, BytesIO) else b""
                self._place(marker.row + 1, marker.col + 1, str(image.format), data)

    def _place(self, row: int, column: int, ending: str, data: bytes) -> None:
        kind = _PICTURES.get(ending.replace("jpg", "jpeg"), "")
        if kind and data:
            name = f"{self._stem}-{column_name(column).lower()}{row}.{kind}"
            self.files[name] = data
            self._placed[row, column] = name


def _hidden_columns(worksheet: Any) -> set[int]:
    return {
        column
        for dimension in worksheet.column_dimensions.values()
        if dimension.hidden
        for column in range(dimension.min or 1, min(dimension.max or 1, MAX_COLUMNS) + 1)
    }


def _merged_down(
    worksheet: Any, last: int
) -> Iterator[tuple[tuple[int, int], tuple[int, int, Cell]]]:
    """The cells below the first of a merged span: they hold what the first one holds."""
    for span in worksheet.merged_cells.ranges:
        value = worksheet.cell(span.min_row, span.min_col).value
        for row in range(span.min_row + 1, min(span.max_row, last) + 1):
            yield (row, span.min_col), (span.min_row, span.min_col, value)


def _merged_right(worksheet: Any, last: int) -> Iterator[tuple[tuple[int, int], Cell]]:
    """The cells right of the first column of a merged span, and what the span holds."""
    for span in worksheet.merged_cells.ranges:
        value = worksheet.cell(span.min_row, span.min_col).value
        if isinstance(value, str):
            for row in range(span.min_row, min(span.max_row, last) + 1):
                for column in range(span.min_col + 1, min(span.max_col, MAX_COLUMNS) + 1):
                    yield (row, column), value
