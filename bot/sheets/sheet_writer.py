"""Writes tables as a workbook that is pleasant to read: widths, wrapped text, a fixed header."""

import unicodedata
from collections.abc import Iterable, Sequence
from io import BytesIO
from typing import Any, Final

from sop.sheets.sheet import column_name
from sop.sheets.sheet_export import OutTable

_NARROWEST: Final = 8
_WIDEST: Final = 60
_HEAD_COLOUR: Final = "DDEBF7"
_ACTIVE: Final = ("=", "+", "-", "@", "\t", "\r")


def workbook(tables: Sequence[OutTable]) -> bytes:
    """Return the workbook's bytes. Every cell is text: nothing in it is ever a formula."""
    from openpyxl import Workbook  # noqa: PLC0415 - costs the running bot 20 MB otherwise

    book = Workbook()
    book.remove(book.active)
    for table in tables:
        _fill(book.create_sheet(table.title), table)
    written = BytesIO()
    book.save(written)
    return written.getvalue()


def _fill(sheet: Any, table: OutTable) -> None:
    for number, row in enumerate((table.heads, *table.rows), 1):
        for column, value in enumerate(row, 1):
            _write(sheet.cell(number, column), value)
    _decorate(sheet, table)


def _write(cell: Any, value: str) -> None:
    """Write text as text, also where a spreadsheet would take it for a formula."""
    from openpyxl.styles import Alignment  # noqa: PLC0415 - for workbooks only

    cell.value = clean(value)
    if cell.value is not None:
        cell.data_type = "s"
    cell.number_format = "@"
    cell.quotePrefix = value.startswith(_ACTIVE)
    cell.alignment = Alignment(wrap_text=True, vertical="top")


def clean(value: str) -> str | None:
    """Return a text without what XML cannot hold; None for an empty one."""
    kept = (each for each in value if each in "\n\t" or unicodedata.category(each) != "Cc")
    return "".join(kept) or None


def _decorate(sheet: Any, table: OutTable) -> None:
    from openpyxl.styles import Font, PatternFill  # noqa: PLC0415 - for workbooks only

    sheet.freeze_panes = "A2"
    for cell in sheet[1]:
        cell.font = Font(bold=True)
        cell.fill = PatternFill("solid", fgColor=_HEAD_COLOUR)
    columns = zip(table.heads, *table.rows, strict=True)
    for number, values in enumerate(columns, 1):
        sheet.column_dimensions[column_name(number)].width = _width(values)


def _width(values: Iterable[str]) -> int:
    """The widest line, Chinese characters counted double, within bounds."""
    lines = (line for value in values for line in value.split("\n"))
    widest = max((sum(map(_columns, line[:_WIDEST])) for line in lines), default=0)
    return max(_NARROWEST, min(widest + 2, _WIDEST))


def _columns(character: str) -> int:
    return 2 if unicodedata.east_asian_width(character) in "FW" else 1
