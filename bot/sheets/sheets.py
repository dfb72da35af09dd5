"""Workbooks and text tables, read into plain sheets.

Nothing in a workbook is run or followed: formulas give the value they were saved with, links to
other files are dropped, macros are never read.
"""

import csv
import stat
import warnings
import zipfile
from collections.abc import Mapping, Sequence
from contextlib import redirect_stdout
from dataclasses import dataclass, field
from io import BytesIO, StringIO
from pathlib import Path
from typing import Any, Final

from bot.sheets.sheet_limits import (
    MAX_FILE,
    MAX_ROWS,
    UnusableSheetError,
    damaged,
    examine,
    local,
    relations,
)
from bot.sheets.worksheet import MAX_COLUMNS, Worksheet
from sop.sheets.sheet import Row, Sheet, SheetProblem

MAX_TEXT: Final = 2_000_000

_ZIP: Final = b"PK"
_OLE: Final = b"\xd0\xcf"
_UTF16: Final = (b"\xff\xfe", b"\xfe\xff")
_DELIMITERS: Final = ",\t;"
# A line no table has: if it does not come out as itself, an open quote took it in.
_END: Final = "\0"
_CELL_PICTURES: Final = "xl/cellimages.xml"
_EMBED: Final = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}embed"


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
            Worksheet(sheet, facts[sheet.title], f"{stem}-{number}", in_cells)
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


def _refuse_much_text(readers: Sequence[Worksheet]) -> None:
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
