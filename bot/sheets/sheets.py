"""Workbooks and text tables: read into plain sheets, and written from plain rows.

Nothing in a workbook is run or followed: formulas give the value they were saved with, links to
other files are dropped, macros are never read.
"""

import csv
import re
import stat
import warnings
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import redirect_stdout
from dataclasses import dataclass, field
from io import BytesIO, StringIO
from pathlib import Path
from typing import Any, Final

from bot.sheets.sheet_limits import (
    MAX_FILE,
    MAX_ROWS,
    SheetFacts,
    UnusableSheetError,
    damaged,
    examine,
    local,
    relations,
)
from sop.sheets.sheet import Cell, Row, Sheet, SheetProblem, Unreadable, column_name

MAX_COLUMNS: Final = 60
MAX_TEXT: Final = 2_000_000

_ZIP: Final = b"PK"
_OLE: Final = b"\xd0\xcf"
_UTF16: Final = (b"\xff\xfe", b"\xfe\xff")
_DELIMITERS: Final = ",\t;"
# A line no table has: if it does not come out as itself, an open quote took it in.
_END: Final = "\0"
_PICTURES: Final = {"png": "png", "jpeg": "jpg", "gif": "gif"}
_CELL_PICTURES: Final = "xl/cellimages.xml"
_IN_CELL: Final = re.compile(r'=?(?:_xlfn\.)?DISPIMG\("([^"]+)"')
_EMBED: Final = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}embed"
_NO_VALUE: Final = Unreadable(
    "the formula has no stored value: open the file in Excel or WPS and save it once"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetFile:
    """A file's sheets, the pictures they name by file name, and what was left out of them."""

    sheets: tuple[Sheet, ...]
    pictures: Mapping[str, bytes] = field(default_factory=dict)
    notes: tuple[SheetProblem, ...] = ()


def read_file(path: Path, stem: str) -> SheetFile:
    """Read a workbook or a text table; names of pictures begin with `stem`.

    Raises `UnusableSheetError` for what cannot be read as a table, and `OSError`.
    """
    info = path.stat()
    if not stat.S_ISREG(info.st_mode):
        raise UnusableSheetError("this is no file: save the table first")
    if info.st_size > MAX_FILE:
        raise UnusableSheetError(f"the file is over {MAX_FILE >> 20} MiB: split it")
    data = path.read_bytes()
    if data.startswith((_ZIP, _OLE)) or path.suffix.lower() in {".xlsx", ".xlsm", ".xls"}:
        return _read_workbook(data, stem)
    return SheetFile(sheets=(_read_text(data),))


# --- text tables --------------------------------------------------------------------------------


def _read_text(data: bytes) -> Sheet:
    text = _decoded(data)
    try:
        lines = StringIO(f"{text}\n{_END}", newline="")
        rows = list(csv.reader(lines, delimiter=_delimiter(text)))
    except csv.Error as error:
        raise UnusableSheetError(f"this is not a text table ({error}): save it as CSV") from None
    if rows.pop() != [_END]:
        raise UnusableSheetError(
            f"row {len(rows) + 1}: a quote is not closed, and takes in all that follows"
        )
    if len(rows) > MAX_ROWS:
        raise UnusableSheetError(f"the table has over {MAX_ROWS:,} rows: split it")
    return Sheet(
        title="",
        rows=tuple(
            Row(number=number, cells=tuple(cells[:MAX_COLUMNS]))
            for number, cells in enumerate(rows, 1)
            if any(cells)
        ),
    )


def _decoded(data: bytes) -> str:
    codecs = ("utf-16",) if data.startswith(_UTF16) else ("utf-8-sig", "gb18030")
    for codec in codecs:
        try:
            text = data.decode(codec)
        except UnicodeDecodeError:
            continue
        if "\0" in text:
            break
        return text
    raise UnusableSheetError("this is no text table: save it as CSV in UTF-8, or as .xlsx")


def _delimiter(text: str) -> str:
    lines = text.splitlines()[:20]
    return max(_DELIMITERS, key=lambda sign: sum(line.count(sign) for line in lines))


# --- workbooks ----------------------------------------------------------------------------------


def _read_workbook(data: bytes, stem: str) -> SheetFile:
    facts = examine(data)
    book = _opened(data)
    try:
        in_cells = _pictures_in_cells(data)
        readers = [
            _Reader(sheet, facts[sheet.title], f"{stem}-{number}", in_cells)
            for number, sheet in enumerate(book.worksheets, 1)
            if sheet.title in facts
        ]
        _refuse_much_text(readers)
        return SheetFile(
            sheets=tuple(reader.sheet for reader in readers if reader.visible),
            pictures={name: data for reader in readers for name, data in reader.files.items()},
            notes=tuple(note for reader in readers for note in reader.notes()),
        )
    finally:
        book.close()


def _opened(data: bytes) -> Any:
    from openpyxl import load_workbook  # noqa: PLC0415 - costs the running bot 20 MB otherwise

    # What it prints about a broken style would land in the middle of our own output.
    with warnings.catch_warnings(), redirect_stdout(StringIO()):
        warnings.simplefilter("ignore")
        try:
            return load_workbook(BytesIO(data), data_only=True, keep_links=False)
        except Exception as error:  # noqa: BLE001 - it raises whatever its parsing stumbles over
            raise damaged(error) from None


def _refuse_much_text(readers: Sequence["_Reader"]) -> None:
    texts = (
        cell
        for reader in readers
        for row in reader.sheet.rows
        for cell in row.cells
        if isinstance(cell, str)
    )
    if sum(map(len, texts)) > MAX_TEXT:
        raise UnusableSheetError("the workbook holds more text than a pack can: split it")


def _pictures_in_cells(data: bytes) -> dict[str, tuple[str, bytes]]:
    """The pictures WPS keeps inside cells, by the id their formula names: ending and bytes."""
    from defusedxml.ElementTree import fromstring  # noqa: PLC0415 - for workbooks only

    with zipfile.ZipFile(BytesIO(data)) as archive:
        if _CELL_PICTURES not in archive.namelist():
            return {}
        targets = relations(archive, _CELL_PICTURES)
        root = fromstring(archive.read(_CELL_PICTURES), forbid_dtd=True)
        named = [_named_picture(element) for element in root]
        return {
            name: (targets[embed].rpartition(".")[2].lower(), archive.read(targets[embed]))
            for name, embed in named
            if targets.get(embed) in archive.namelist()
        }


def _named_picture(element: Any) -> tuple[str, str]:
    names = [each.get("name", "") for each in element.iter() if local(each) == "cNvPr"]
    embeds = [each.get(_EMBED, "") for each in element.iter() if local(each) == "blip"]
    return next(iter(names), ""), next(iter(embeds), "")


class _Reader:
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
