"""`qunyun export`: a workbook to read, whose texts stay texts, and which import reads again."""

from pathlib import Path

import pytest
from openpyxl import load_workbook

from tests.integration.commands.running import CLUB, qunyun

PACK = """\
pack: club
title: 书友会
timezone: Asia/Shanghai
steps:
  - {id: a, when: "08:00 daily", do: [{post: "=HYPERLINK(\\"http://x\\")"}]}
  - {id: b, when: "09:00 daily", do: [{post: "+1 打卡"}]}
  - {id: c, when: "10:00 daily", do: [{post: "@读者 看这里"}]}
  - {id: d, when: "2026-12-02 11:00", in: core, do: [{post: "-5 度，多穿点", mention: all}]}
"""


@pytest.fixture
def club(folder: Path) -> Path:
    path = folder / "club.yaml"
    path.write_text(PACK, "utf-8")
    return path


def test_every_text_is_a_text_never_a_formula(club: Path):
    assert qunyun("export", club).out == "club.xlsx: 4 + 0 row(s)\n"

    sheet = load_workbook("club.xlsx")["日程"]
    cells = [sheet.cell(row, 5) for row in range(2, 6)]
    assert [cell.value for cell in cells] == [
        '=HYPERLINK("http://x")', "+1 打卡", "@读者 看这里", "@所有人 -5 度，多穿点"
    ]  # fmt: skip
    assert {cell.data_type for cell in cells} == {"s"}
    assert all(cell.quotePrefix for cell in cells)
    assert all(cell.alignment.wrap_text for cell in cells)
    assert sheet.freeze_panes == "A2"


def test_what_was_exported_is_imported_as_it_was(club: Path):
    qunyun("export", club, "--out", "club.xlsx")

    code, out, err = qunyun("import", "club.xlsx", "--id", "club")
    assert (code, err) == (0, "")
    assert '- post: "=HYPERLINK(\\"http://x\\")"' in out
    assert '- post: "-5 度，多穿点"\n        mention: all' in out
    assert 'when: "2026-12-02 11:00"\n    in: core' in out


def test_the_shipped_pack_is_a_workbook_of_three_sheets(folder: Path):
    assert qunyun("export", CLUB, "--out", "rc.xlsx").code == 0

    book = load_workbook("rc.xlsx")
    assert book.sheetnames == ["日程", "相对步骤", "规则与积分"]
    heads = [cell.value for cell in book["日程"][1]]
    assert heads == ["日期", "时间", "群", "环节", "内容", "图片", "负责人", "形式", "备注"]


def test_with_dates_every_occurrence_has_its_row(club: Path):
    assert qunyun("export", club, "--from", "2026-12-01", "--days", 3).code == 0

    sheet = load_workbook("club.xlsx")["日程"]
    days = [sheet.cell(row, 1).value for row in range(2, sheet.max_row + 1)]
    assert (
        days
        == ["2026-12-01（周二）"] * 3 + ["2026-12-02（周三）"] * 4 + ["2026-12-03（周四）"] * 3
    )
    assert qunyun("import", "club.xlsx", "--id", "club").code == 0


def test_what_is_there_stays_and_wrong_words_are_said(club: Path, folder: Path):
    (folder / "club.xlsx").write_text("mine")
    for words in ((), ("--from", "tomorrow", "--force"), ("--out", "no/such.xlsx")):
        code, out, err = qunyun("export", club, *words)
        assert (code, out, len(err.splitlines())) == (2, "", 1)
    assert (folder / "club.xlsx").read_text() == "mine"
    assert qunyun("export", club, "--force").code == 0
    assert qunyun("export", "none.yaml").code == 2


@pytest.mark.parametrize("option", ["--from", "--starts"])
def test_days_beyond_all_calendars_are_refused(club: Path, option: str):
    code, _, err = qunyun("export", club, "--from", "2026-12-01", option, "0001-01-01")
    assert (code, err) == (2, f"{option}: 0001-01-01 is too far away\n")
