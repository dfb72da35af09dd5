"""Workbooks and text tables are read as they are seen; what is none, or too much, is refused."""

import os
import re
import zipfile
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import pytest

from bot.sheets.sheet_limits import MAX_CELLS, UnusableSheetError
from bot.sheets.sheets import SheetFile, read_file
from sop.sheets.sheet import Cell, Unreadable
from tests.unit.bot.workbooks import HEADS, patched, picture, put_picture, workbook

SHEET = "xl/worksheets/sheet1.xml"


def rows(found: SheetFile) -> dict[int, tuple[Cell, ...]]:
    [sheet] = found.sheets
    return {row.number: row.cells for row in sheet.rows}


def refusal(path: Path) -> str:
    with pytest.raises(UnusableSheetError) as refused:
        read_file(path, "sop")
    return str(refused.value)


def test_cells_are_read_as_excel_holds_them(tmp_path: Path):
    moment = datetime.fromisoformat("2026-12-01T08:30")
    path = workbook(
        tmp_path / "a.xlsx", [HEADS, [date(2026, 12, 1), time(8), 3, "早安\n好", 0.5, moment]]
    )

    day, at, *others = rows(read_file(path, "sop"))[2]
    assert isinstance(day, datetime)
    assert (day.date(), at) == (date(2026, 12, 1), time(8))
    assert others == [3, "早安\n好", 0.5, moment]


def test_a_merged_cell_holds_its_value_in_every_row_but_in_one_column(tmp_path: Path):
    def merge(sheet: Any) -> None:
        sheet.merge_cells("A2:A4")
        sheet.merge_cells("A5:C6")

    path = workbook(
        tmp_path / "a.xlsx",
        [HEADS, ["12月1日", "8:00", None, "一"], [None, "9:00"], [None, "10:00"], ["第二周"]],
        merge,
    )

    found = rows(read_file(path, "sop"))
    assert [found[number][0] for number in (2, 3, 4, 5)] == ["12月1日"] * 3 + ["第二周"]
    assert found[5][1:3] == (None, None)
    assert read_file(path, "sop").sheets[0].beside == {
        (row, column): "第二周" for row in (5,) for column in (2, 3)
    }


def test_what_is_hidden_is_left_out_and_said(tmp_path: Path):
    def hide(sheet: Any) -> None:
        sheet.row_dimensions[3].hidden = True
        sheet.column_dimensions["C"].hidden = True
        secret = sheet.parent.create_sheet("旧版")
        secret["A1"] = "日期"
        secret.sheet_state = "hidden"

    path = workbook(
        tmp_path / "a.xlsx", [HEADS, ["每天", "8:00", "一群", "早安"], ["每天", "9:00"]], hide
    )

    found = read_file(path, "sop")
    assert rows(found) == {
        1: ("日期", "时间", None, *HEADS[3:]), 2: ("每天", "8:00", None, "早安", None, None)
    }  # fmt: skip
    assert [note.message.split(":")[0] for note in found.notes] == [
        "1 hidden row(s) are left out", "hidden columns are left out",
        "the sheet is hidden and left out",
    ]  # fmt: skip


def test_a_formula_gives_the_value_it_was_saved_with_or_says_that_there_is_none(tmp_path: Path):
    path = workbook(tmp_path / "a.xlsx", [HEADS, ["每天", "8:00", None, "=A2&B2"]])
    assert isinstance(rows(read_file(path, "sop"))[2][3], Unreadable)

    saved = patched(path, {SHEET: lambda xml: re.sub(b"<v ?/>", b"<v>7</v>", xml)})
    assert rows(read_file(saved, "sop"))[2][3] == 7


def test_a_formula_that_failed_says_so(tmp_path: Path):
    path = workbook(tmp_path / "a.xlsx", [HEADS, ["每天", "8:00", None, "#REF!"]])

    cell = rows(read_file(path, "sop"))[2][3]
    assert isinstance(cell, Unreadable)
    assert "#REF!" in cell.why


def test_a_text_that_looks_like_a_formula_is_a_text(tmp_path: Path):
    def as_text(sheet: Any) -> None:
        sheet["D2"].data_type = "s"

    path = workbook(tmp_path / "a.xlsx", [HEADS, ["每天", "8:00", None, "=1+1"]], as_text)

    assert rows(read_file(path, "sop"))[2][3] == "=1+1"


def test_pictures_become_files_named_by_their_cell(tmp_path: Path):
    red, blue = picture("red"), picture("blue", "JPEG")

    def draw(sheet: Any) -> None:
        put_picture(sheet, "E2", red)
        put_picture(sheet, "E3", blue)

    path = workbook(tmp_path / "a.xlsx", [HEADS, ["每天", "8:00"], ["每天", "9:00"]], draw)

    found = read_file(path, "camp")
    assert found.pictures == {"camp-1-e2.png": red, "camp-1-e3.jpg": blue}
    assert found.sheets[0].pictures == {(2, 5): "camp-1-e2.png", (3, 5): "camp-1-e3.jpg"}


def test_pictures_that_wps_keeps_inside_cells_become_files_too(tmp_path: Path):
    path = workbook(tmp_path / "a.xlsx", [HEADS, ["每天", "8:00", None, "早安", "PIC"]])
    ns = 'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
    patched(path, {
        SHEET: lambda xml: xml.replace(b"PIC", b"=DISPIMG(&quot;ID_1&quot;,1)"),
        "xl/cellimages.xml": (
            f'<etc:cellImages xmlns:etc="e" xmlns:a="a" xmlns:x="x" {ns}><etc:cellImage><x:pic>'
            '<x:cNvPr id="1" name="ID_1"/><a:blip r:embed="rId1"/></x:pic></etc:cellImage>'
            "</etc:cellImages>"
        ).encode(),
        "xl/_rels/cellimages.xml.rels": (
            b'<Relationships><Relationship Id="rId1" Target="media/p.png"/></Relationships>'
        ),
        "xl/media/p.png": picture(),
    })  # fmt: skip

    found = read_file(path, "camp")
    assert found.pictures == {"camp-1-e2.png": picture()}
    assert rows(found)[2][4] is None


@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_text_tables_are_read_in_the_codes_they_come_in(tmp_path: Path, codec: str):
    path = tmp_path / "a.csv"
    path.write_bytes('日期,时间,内容\r\n\r\n每天,8:00,"早安，\n𠮷好"\r\n'.encode(codec))

    assert rows(read_file(path, "sop")) == {
        1: ("日期", "时间", "内容"), 3: ("每天", "8:00", "早安，\n𠮷好")
    }  # fmt: skip


def test_tabs_and_semicolons_separate_as_well(tmp_path: Path):
    for sign in "\t;":
        path = tmp_path / "a.csv"
        path.write_text(f"日期{sign}时间{sign}内容，有逗号,一个\n", "utf-8")
        assert rows(read_file(path, "sop"))[1][:2] == ("日期", "时间")


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "old Excel format"),
        (
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"),
            "has a password",
        ),
        (b"PK\3\4nonsense", "damaged"),
        (b"", "not a workbook"),
        (b"%PDF-1.7", "not a workbook"),
    ],
)
def test_what_is_no_workbook_is_refused_with_what_to_do(tmp_path: Path, data: bytes, said: str):
    path = tmp_path / "a.xlsx"
    path.write_bytes(data)

    assert said in refusal(path)


def test_other_archives_are_no_workbooks(tmp_path: Path):
    path = tmp_path / "a.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("word/document.xml", "<x/>")

    assert "not an Excel workbook" in refusal(path)


def test_binary_that_calls_itself_csv_is_refused(tmp_path: Path):
    path = tmp_path / "a.csv"
    path.write_bytes(b"\0\1\2")
    assert "no text table" in refusal(path)


def test_an_open_quote_takes_no_rows_in_unnoticed(tmp_path: Path):
    path = tmp_path / "a.csv"
    path.write_text('日期,时间,内容\n每天,8:00,5" 屏\n每天,9:00,"早安\n每天,10:00,晚安\n', "utf-8")
    assert "row 3: a quote is not closed" in refusal(path)


def test_a_file_too_large_is_not_even_read(tmp_path: Path):
    path = tmp_path / "a.xlsx"
    with path.open("wb") as file:
        file.truncate(11 << 20)

    assert "over 10 MiB" in refusal(path)


def test_a_zip_bomb_is_refused_by_its_directory(tmp_path: Path):
    path = workbook(tmp_path / "a.xlsx", [HEADS])

    assert "unpacks to more" in refusal(patched(path, {SHEET: b" " * (33 << 20)}))


def test_a_directory_that_lies_about_sizes_gives_no_more_than_it_says(tmp_path: Path):
    path = patched(workbook(tmp_path / "a.xlsx", [HEADS]), {SHEET: b"<x>" + b" " * (40 << 20)})
    data = path.read_bytes()
    lie = (40 << 20) + 3
    assert data.count(lie.to_bytes(4, "little")) == 2
    path.write_bytes(data.replace(lie.to_bytes(4, "little"), (100).to_bytes(4, "little")))

    assert "damaged" in refusal(path)


@pytest.mark.parametrize(
    "entity",
    [
        '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]>',
        '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>',
    ],
)
def test_entities_are_refused(tmp_path: Path, entity: str):
    path = workbook(tmp_path / "a.xlsx", [HEADS])
    for part in (SHEET, "xl/workbook.xml"):
        changed = patched(path, {part: lambda xml: entity.encode() + xml})
        assert "damaged" in refusal(changed)


@pytest.mark.parametrize(
    "spans",
    [
        b'<mergeCells><mergeCell ref="A1:XFD1048576"/></mergeCells>',
        b'<hyperlinks><hyperlink ref="A1:XFD1048576"/></hyperlinks>',
        b"<mergeCells>" + b'<mergeCell ref="A1:A9999"/>' * 99 + b"</mergeCells>",
    ],
)
def test_spans_over_millions_of_cells_are_refused(tmp_path: Path, spans: bytes):
    path = workbook(tmp_path / "a.xlsx", [HEADS])
    patched(path, {SHEET: lambda xml: xml.replace(b"</sheetData>", b"</sheetData>" + spans)})

    assert f"over {MAX_CELLS:,} cells" in refusal(path)


def test_too_many_rows_and_cells_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    path = workbook(tmp_path / "a.xlsx", [HEADS])
    row = b'<row r="%d"><c r="A%d"><v>1</v></c></row>'
    many = b"".join(row % (n, n) for n in range(2, 20_003))
    patched(path, {SHEET: lambda xml: xml.replace(b"</sheetData>", many + b"</sheetData>")})
    assert "over 20,000 rows" in refusal(path)

    monkeypatch.setattr("bot.sheets.sheet_limits.MAX_CELLS", 1_000)
    empty = workbook(tmp_path / "b.xlsx", [HEADS])
    cells = b"<row>" + b"<c/>" * 1_001 + b"</row>"
    patched(empty, {SHEET: lambda xml: xml.replace(b"</sheetData>", cells + b"</sheetData>")})
    assert "over 1,000 cells" in refusal(empty)

    csv = tmp_path / "c.csv"
    csv.write_text("a,b\n" * 20_001)
    assert "over 20,000 rows" in refusal(csv)


def test_formatting_far_below_the_table_costs_nothing(tmp_path: Path):
    path = workbook(tmp_path / "a.xlsx", [HEADS, ["每天", "8:00"]])
    below = b'<row r="1048576" ht="20"><c r="XFD1048576" s="0"/></row>'
    patched(path, {SHEET: lambda xml: xml.replace(b"</sheetData>", below + b"</sheetData>")})

    assert list(rows(read_file(path, "sop"))) == [1, 2]


def test_more_text_than_a_pack_can_hold_is_refused(tmp_path: Path):
    path = workbook(tmp_path / "a.xlsx", [HEADS, *([["x" * 30_000]] * 70)])

    assert "more text" in refusal(path)


def test_parts_that_are_not_what_they_should_be_are_damage(tmp_path: Path):
    for part, data in {
        SHEET: b"<worksheet><sheetData><row r='x'/></sheetData></worksheet>",
        "xl/styles.xml": b"<styleSheet><nonsense",
        "xl/workbook.xml": b"<workbook",
        "[Content_Types].xml": b"<Types/>",
    }.items():
        path = patched(workbook(tmp_path / "a.xlsx", [HEADS]), {part: data})
        assert "damaged" in refusal(path), part


def test_a_missing_file_is_an_error_of_the_system(tmp_path: Path):
    with pytest.raises(FileNotFoundError):
        read_file(tmp_path / "none.xlsx", "sop")


def test_nothing_is_printed_about_a_broken_style(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    path = workbook(tmp_path / "a.xlsx", [HEADS])
    empty = re.compile(rb"<cellStyleXfs.*?</cellStyleXfs>", re.DOTALL)
    patched(path, {"xl/styles.xml": lambda xml: empty.sub(b"<cellStyleXfs/>", xml)})

    assert "damaged" in refusal(path)
    assert capsys.readouterr().out == ""


def test_a_pipe_or_device_is_no_table(tmp_path: Path):
    os.mkfifo(tmp_path / "pipe.csv")
    (tmp_path / "endless.csv").symlink_to("/dev/zero")

    assert "no file" in refusal(tmp_path / "pipe.csv")
    assert "no file" in refusal(tmp_path / "endless.csv")
