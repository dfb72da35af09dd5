"""Real workbooks for tests, and what turns them into dangerous ones."""

import zipfile
from collections.abc import Callable, Mapping
from io import BytesIO
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from openpyxl.drawing.image import Image
from PIL import Image as Picture

HEADS = ["日期", "时间", "群", "内容", "图片", "负责人"]


def picture(colour: str = "red", kind: str = "PNG") -> bytes:
    made = BytesIO()
    Picture.new("RGB", (8, 8), colour).save(made, kind)
    return made.getvalue()


def put_picture(sheet: Any, cell: str, data: bytes) -> None:
    sheet.add_image(Image(BytesIO(data)), cell)


def workbook(
    path: Path, rows: list[list[Any]], change: Callable[[Any], None] | None = None
) -> Path:
    """Write a workbook of one sheet; `change` does to the sheet what rows cannot say."""
    book = Workbook()
    sheet = book.active
    sheet.title = "日程"
    for row in rows:
        sheet.append(row)
    if change is not None:
        change(sheet)
    book.save(path)
    return path


def patched(path: Path, parts: Mapping[str, bytes | Callable[[bytes], bytes]]) -> Path:
    """Replace or add parts of a workbook."""
    with zipfile.ZipFile(path) as archive:
        old = {name: archive.read(name) for name in archive.namelist()}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in {**old, **parts}:
            new = parts.get(name, old.get(name, b""))
            archive.writestr(name, new(old[name]) if callable(new) else new)
    return path
