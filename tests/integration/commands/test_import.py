"""`qunyun import`: a table becomes a pack that checks clean, or every cell in its way is named."""

import json
from pathlib import Path
from typing import Any

from bot.cli import COMMANDS
from tests.integration.commands.running import qunyun
from tests.unit.bot.workbooks import HEADS, picture, put_picture, workbook

GOOD = [
    ["晨读训练营"],
    HEADS,
    ["12月1日", "上午8点", "所有群", "@所有人 早安！\n今天读第一章", None, None],
    [None, "晚8点", None, "群主发红包", None, "小王"],
    ["新人入群", None, None, "欢迎{昵称}", None, None],
]
BAD = [HEADS, ["随机", "8:00", None, "一"], ["每天", "8:3", None, "二"], ["每天", "9:00"]]


def draw(sheet: Any) -> None:
    put_picture(sheet, "E5", picture())


def test_a_table_becomes_a_pack_beside_its_pictures_that_checks_clean(folder: Path):
    workbook(folder / "sop.xlsx", GOOD, draw)

    assert qunyun("import", "sop.xlsx", "--out", "camp.yaml") == (
        0, "camp.yaml: 3 step(s), 1 of them for people, 1 picture(s) beside it\n", ""
    )  # fmt: skip
    assert qunyun("check", "camp.yaml").code == 0
    assert (folder / "camp-1-e5.png").read_bytes() == picture()
    assert 'title: "晨读训练营"\n' in (folder / "camp.yaml").read_text("utf-8")


def test_the_same_table_gives_the_same_pack(folder: Path):
    workbook(folder / "sop.xlsx", GOOD)

    code, first, err = qunyun("import", "sop.xlsx", "--id", "camp", "--title", "营")
    assert (code, err) == (0, "")
    assert first == qunyun("import", "sop.xlsx", "--id", "camp", "--title", "营").out
    assert 'pack: camp\ntitle: "营"\ntimezone: Asia/Shanghai\n' in first


def test_with_any_error_nothing_is_written_and_all_are_named(folder: Path):
    workbook(folder / "sop.xlsx", BAD, draw)

    code, out, err = qunyun("import", "sop.xlsx", "--out", "camp.yaml")
    assert (code, out) == (1, "")
    assert [line.split(": ")[0] for line in err.splitlines()] == [
        "sop.xlsx!日程:A2", "sop.xlsx!日程:B3", "sop.xlsx!日程:D4", "sop.xlsx!日程:E5", "sop.xlsx"
    ]  # fmt: skip
    assert list(folder.iterdir()) == [folder / "sop.xlsx"]


def test_what_the_check_finds_of_good_rows_is_told_beside_what_is_wrong_with_others(folder: Path):
    workbook(
        folder / "sop.xlsx",
        [HEADS, ["随机", "8:00", None, "一"], ["每天", "8:00", None, "{{ x }}"]],
    )

    _, _, err = qunyun("import", "sop.xlsx")
    assert [line.split(": ")[0] for line in err.splitlines()] == [
        "sop.xlsx!日程:A2", "sop.xlsx!日程:D3", "sop.xlsx"
    ]  # fmt: skip


def test_what_the_check_finds_is_told_at_its_cell(folder: Path):
    workbook(folder / "sop.xlsx", [HEADS, ["每天", "8:00", None, "{{ nobody }} 早安", "无图.png"]])

    code, _, err = qunyun("import", "sop.xlsx")
    assert code == 1
    assert 'sop.xlsx!日程:D2: a template knows no "nobody"\n' in err


def test_programs_get_it_as_json(folder: Path):
    workbook(folder / "sop.xlsx", GOOD)
    found = json.loads(qunyun("import", "sop.xlsx", "--json").out)
    assert (found["steps"], found["tasks"], found["problems"]) == (3, 1, [])
    assert found["pack"].startswith("# ")

    workbook(folder / "bad.xlsx", BAD)
    code, out, _ = qunyun("import", "bad.xlsx", "--out", "x.yaml", "--json")
    wrong = json.loads(out)
    assert (code, "pack" in wrong) == (1, False)
    assert wrong["problems"][0] == {
        "file": "bad.xlsx", "sheet": "日程", "cell": "A2", "severity": "error",
        "message": wrong["problems"][0]["message"],
    }  # fmt: skip


def test_a_table_may_be_called_by_a_number_alone(folder: Path):
    for name in ("2026年12月.xlsx", "true.xlsx", "null.xlsx", "1e5.xlsx"):
        workbook(folder / name, GOOD)
        assert qunyun("import", name).code == 0


def test_a_table_in_the_code_of_chinese_excel_is_read(folder: Path):
    (folder / "sop.csv").write_bytes("日期,时间,内容\n每天,8:00,早安\n".encode("gb18030"))

    assert "早安" in qunyun("import", "sop.csv").out


def test_files_that_are_there_stay_unless_told_otherwise(folder: Path):
    workbook(folder / "sop.xlsx", GOOD, draw)
    (folder / "camp.yaml").write_text("mine")
    assert qunyun("import", "sop.xlsx", "--out", "camp.yaml").code == 2
    assert (folder / "camp.yaml").read_text() == "mine"

    (folder / "new-1-e5.png").write_text("mine")
    assert qunyun("import", "sop.xlsx", "--out", "new.yaml").code == 2
    assert not (folder / "new.yaml").exists()
    assert qunyun("import", "sop.xlsx", "--out", "new.yaml", "--force").code == 0
    assert (folder / "new-1-e5.png").read_bytes() == picture()


def test_pictures_that_no_step_posts_lie_beside_the_pack_too(folder: Path):
    def draw_two(sheet: Any) -> None:
        put_picture(sheet, "E2", picture())
        put_picture(sheet, "F2", picture("blue"))
        put_picture(sheet, "E3", picture("green"))

    rows = [HEADS, ["每天", "8:00", None, "早安"], ["每天", "9:00", None, "发红包", None, "小王"]]
    workbook(folder / "sop.xlsx", rows, draw_two)

    assert qunyun("import", "sop.xlsx", "--out", "camp.yaml").code == 0
    text = (folder / "camp.yaml").read_text("utf-8")
    assert text.count("image:") == 1
    assert "图片：camp-1-e3.png" in text
    assert {path.name for path in folder.glob("*.png")} == {
        "camp-1-e2.png", "camp-1-f2.png", "camp-1-e3.png"
    }  # fmt: skip


def test_days_count_from_what_is_asked_for(folder: Path):
    workbook(folder / "sop.xlsx", [HEADS, ["D2", "8:00", None, "早安"]])

    whens = {"start": "开营后1天 08:00", "created": "建群后1天 08:00", "joined": "入群后1天 08:00"}
    for name, when in whens.items():
        assert f'when: "{when}"' in qunyun("import", "sop.xlsx", "--count-from", name).out


def test_what_cannot_be_used_is_said_and_ends_with_two(folder: Path):
    (folder / "old.xls").write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")
    workbook(folder / "sop.xlsx", GOOD)
    for words in (
        ("none.xlsx",), ("old.xls",), ("sop.xlsx", "--count-from", "x"), (".",),
        ("sop.xlsx", "--timezone", "Mars/Olympus"), ("sop.xlsx", "--out", "no/such/camp.yaml"),
    ):  # fmt: skip
        code, out, err = qunyun("import", *words)
        assert (code, out, len(err.splitlines())) == (2, "", 1), words


def test_an_id_of_ones_own_must_be_one(folder: Path):
    workbook(folder / "sop.xlsx", GOOD)

    code, _, err = qunyun("import", "sop.xlsx", "--id", "Our Camp")
    assert code == 2
    assert "did you mean our-camp?" in err


def test_the_command_line_knows_it():
    assert "import" in COMMANDS
    assert qunyun("import", "--help").code == 0
