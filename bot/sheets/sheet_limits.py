"""Looks into a workbook before it is opened: how much there is of it, and what has no value.

A workbook comes from anywhere. Its zip directory bounds what may be unpacked; each sheet is read
once as a stream, so that spans over a million rows cannot be unfolded in memory later.
"""

import re
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from io import BytesIO
from posixpath import join, normpath
from typing import Any, Final

from defusedxml.ElementTree import fromstring, iterparse

MAX_FILE: Final = 10 << 20
MAX_UNPACKED: Final = 64 << 20
MAX_XML: Final = 32 << 20
MAX_PARTS: Final = 2_000
MAX_ROWS: Final = 20_000
MAX_CELLS: Final = 400_000

_OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED: Final = "EncryptedPackage".encode("utf-16-le")
_WORKBOOK: Final = "xl/workbook.xml"
_RELATION: Final = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_CELL: Final = re.compile(r"\$?([A-Z]{1,3})\$?([0-9]{1,7})")
_ROW_DEPTH: Final = 2
_LETTER_A: Final = ord("A") - 1


class UnusableSheetError(ValueError):
    """A file that is no table, or too much of one; the text says what to do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetFacts:
    """Of one sheet: where its values end, and the formulas whose value was never stored."""

    last_row: int = 0
    last_column: int = 0
    unset: frozenset[tuple[int, int]] = frozenset()


@dataclass(slots=True)
class _Scan:
    """What is counted over all sheets of a workbook, and what is seen of the sheet at hand."""

    rows: int = 0
    cells: int = 0
    row: int = 0
    column: int = 0
    last_row: int = 0
    last_column: int = 0
    unset: set[tuple[int, int]] = field(default_factory=set)

    def count(self, cells: int) -> None:
        self.cells += cells
        if self.cells > MAX_CELLS:
            raise UnusableSheetError(
                f"the workbook has over {MAX_CELLS:,} cells: delete empty formatted areas, "
                "or split it"
            )


def examine(data: bytes) -> Mapping[str, SheetFacts]:
    """Return what was found, by the title of each worksheet.

    Raises `UnusableSheetError` for what is no workbook, or too much of one.
    """
    _refuse_old_formats(data)
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            _refuse_bombs(archive)
            scan = _Scan()
            return {title: _scanned(archive, part, scan) for title, part in _parts(archive)}
    except UnusableSheetError:
        raise
    except Exception as error:  # noqa: BLE001 - whatever a broken archive makes its readers raise
        raise damaged(error) from None


def _refuse_old_formats(data: bytes) -> None:
    if data.startswith(_OLE):
        if _ENCRYPTED in data:
            raise UnusableSheetError("the workbook has a password: save a copy without one")
        raise UnusableSheetError("this is the old Excel format: save it as .xlsx")
    if not data.startswith(b"PK"):
        raise UnusableSheetError("this is not a workbook: save the table as .xlsx or .csv")


def _refuse_bombs(archive: zipfile.ZipFile) -> None:
    parts = archive.infolist()
    xml = sum(part.file_size for part in parts if part.filename.endswith((".xml", ".rels")))
    whole = sum(part.file_size for part in parts)
    if len(parts) > MAX_PARTS or whole > MAX_UNPACKED or xml > MAX_XML:
        raise UnusableSheetError(
            f"the workbook unpacks to more than {MAX_UNPACKED >> 20} MiB "
            f"({MAX_XML >> 20} MiB without pictures): split it"
        )
    if any(part.flag_bits & 1 for part in parts):
        raise UnusableSheetError("the workbook has a password: save a copy without one")
    if _WORKBOOK not in archive.namelist():
        raise UnusableSheetError("this is not an Excel workbook: save the table as .xlsx or .csv")


def damaged(error: Exception) -> UnusableSheetError:
    """Return the error for a workbook that its readers stumbled over."""
    name = type(error).__name__
    return UnusableSheetError(
        f"the workbook is damaged ({name}): open it in Excel or WPS and save it anew"
    )


def _parts(archive: zipfile.ZipFile) -> Iterator[tuple[str, str]]:
    """Yield the title and the part of each worksheet, in the workbook's order."""
    targets = relations(archive, _WORKBOOK)
    for element in fromstring(archive.read(_WORKBOOK), forbid_dtd=True).iter():
        target = targets.get(element.get(_RELATION, ""), "")
        if local(element) == "sheet" and "worksheets/" in target:
            yield element.get("name", ""), target


def relations(archive: zipfile.ZipFile, part: str) -> dict[str, str]:
    """Return where a part's relations lead, by their ids; nothing outside the archive."""
    folder, _, name = part.rpartition("/")
    path = f"{folder}/_rels/{name}.rels"
    if path not in archive.namelist():
        return {}
    found = fromstring(archive.read(path), forbid_dtd=True)
    return {
        each.get("Id", ""): _within(folder, each.get("Target", ""))
        for each in found
        if each.get("TargetMode") != "External"
    }


def _within(folder: str, target: str) -> str:
    return target.removeprefix("/") if target.startswith("/") else normpath(join(folder, target))


def local(element: Any) -> str:
    """Return an element's name without its namespace."""
    return str(element.tag).rpartition("}")[2]


def _scanned(archive: zipfile.ZipFile, part: str, scan: _Scan) -> SheetFacts:
    """Read a sheet's part as a stream, keeping nothing of it."""
    scan.row, scan.last_row, scan.last_column, scan.unset = 0, 0, 0, set()
    path: list[Any] = []
    with archive.open(part) as stream:
        for event, element in iterparse(stream, events=("start", "end"), forbid_dtd=True):
            name = local(element)
            if event == "start":
                path.append(element)
                _start(name, element, scan)
                continue
            path.pop()
            if name in _AT_END:
                _AT_END[name](element, scan)
            if len(path) == _ROW_DEPTH:
                path[-1].remove(element)
    return SheetFacts(
        last_row=scan.last_row, last_column=scan.last_column, unset=frozenset(scan.unset)
    )


def _start(name: str, element: Any, scan: _Scan) -> None:
    if name == "row":
        scan.row = int(element.get("r") or scan.row + 1)
        scan.column = 0
    elif name == "c":
        scan.count(1)
        match = _CELL.fullmatch(element.get("r") or "")
        scan.column = _column(match[1]) if match else scan.column + 1


def _cell(element: Any, scan: _Scan) -> None:
    inside = {local(child): child for child in element}
    value = inside.get("v")
    has_value = (value is not None and bool(value.text)) or "is" in inside
    if has_value and scan.row != scan.last_row:
        scan.rows += 1
        scan.last_row = max(scan.row, scan.last_row)
    if has_value:
        scan.last_column = max(scan.last_column, scan.column)
    if scan.rows > MAX_ROWS or scan.last_row > MAX_ROWS:
        raise UnusableSheetError(f"the workbook has over {MAX_ROWS:,} rows: split it")
    if "f" in inside and not has_value:
        scan.unset.add((scan.row, scan.column))


def _span(element: Any, scan: _Scan) -> None:
    """Count the cells that merging, or one link over many, unfolds to."""
    ends = [_CELL.fullmatch(end) for end in (element.get("ref") or "").split(":")]
    if all(ends) and len(ends) == 2:  # noqa: PLR2004 - two corners
        first, last = (end for end in ends if end)
        width = abs(_column(last[1]) - _column(first[1])) + 1
        scan.count(width * (abs(int(last[2]) - int(first[2])) + 1))


_AT_END: Final = {"c": _cell, "mergeCell": _span, "hyperlink": _span}


def _column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - _LETTER_A
    return number
