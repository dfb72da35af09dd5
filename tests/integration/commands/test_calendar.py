"""`qunyun calendar`: what a pack brings, as a table, as lines, as files."""

import json
import subprocess
import sys
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from icalendar import Calendar
from PIL import Image

from bot.pictures import fonts
from sop.agenda import agenda
from tests.integration.commands.running import CLUB, ROOT, process, qunyun
from tests.unit.bot.folders import GROUPS, write

PACK = """\
pack: club
title: Club
timezone: Asia/Shanghai
quiet: "22:30-07:30"
steps:
  - {id: morning, title: Morning, when: "08:00 workdays", do: [{post: x}]}
  - {id: early, title: Early, when: "06:30 sat", do: [{post: x}]}
  - {id: core, title: Core, when: "08:00 mon", in: core, do: [{post: x}]}
  - {id: opening, title: Opening, when: start at 20:00, do: [{post: x}]}
  - {id: charter, title: Charter, when: group.created + 1d at 09:00, do: [{post: x}]}
  - {id: hello, title: Hello, when: group.adopted + 2h, do: [{post: x}]}
  - {id: nudge, title: Nudge, when: member.joined + 1d at 10:00, do: [{dm: x}]}
  - {id: soon, title: Soon, when: member.joined + 30m, do: [{dm: x}]}
  - {id: wake, title: Wake, when: {silence: 24h}, do: [{post: x}]}
"""
DAYS = ("--from", "2026-12-01", "--days", "7")


@pytest.fixture
def pack(folder: Path) -> Path:
    write(folder, {"club.yaml": PACK, "groups.yaml": GROUPS})
    return folder / "club.yaml"


def lines(pack: Path, *options: object) -> list[dict[str, Any]]:
    said = qunyun("calendar", pack, *DAYS, "--json", *options)
    assert (said.code, said.err) == (0, "")
    return [json.loads(line) for line in said.lines]


def steps(found: list[dict[str, Any]]) -> set[str]:
    return {line["step"] for line in found if "step" in line}


def test_the_example_s_week_is_what_the_format_page_says():
    found = lines(CLUB)

    assert found[0] == {
        "at": "2026-12-01T08:00:00+08:00", "step": "morning",
        "title": "这一段让你想到什么？接一句吧。",
    }  # fmt: skip
    assert [line["step"] for line in found[:-1]] == [
        "morning", "stories", "morning", "answers-night", "morning", "morning", "share-day",
        "game-night", "weekly", "morning",
    ]  # fmt: skip
    assert list(found[-1]) == ["relative"]
    assert found[-1]["relative"][1] == {
        "step": "welcome", "title": "欢迎 某某！介绍一下自己的兴趣和想读的书吧。",
        "when": "member.joined",
    }  # fmt: skip
    assert found[-1]["relative"][3]["when"] == {"silence": "1d"}


def test_what_waits_for_a_membership_or_a_group_is_placed_by_its_day(pack: Path):
    found = lines(
        pack, "--joined", "2026-12-02", "--created", "2026-12-03", "--adopted",
        "2026-12-04T23:30", "--starts", "2026-12-05",
    )  # fmt: skip

    placed = {line["step"]: line for line in found if line.get("step") not in ("morning", None)}
    assert {step: line["at"][5:16] for step, line in placed.items()} == {
        "soon": "12-02T09:30", "nudge": "12-03T10:00", "charter": "12-04T09:00",
        "hello": "12-05T01:30", "early": "12-05T06:30", "opening": "12-05T20:00",
        "core": "12-07T08:00",
    }  # fmt: skip
    assert placed["early"]["shift"] == "2026-12-05T07:30:00+08:00"
    assert placed["hello"]["clash"] == ["early"]
    assert found[-1] == {
        "relative": [{"step": "wake", "title": "Wake", "when": {"silence": "1d"}}]
    }  # fmt: skip


def test_without_anything_that_waits_there_is_no_last_line(folder: Path):
    (folder / "p.yaml").write_text(PACK.split("  - {id: early", maxsplit=1)[0], "utf-8")

    assert steps(lines(folder / "p.yaml")) == {"morning"}
    assert all("relative" not in line for line in lines(folder / "p.yaml"))


def test_a_group_has_its_own_start_quiet_hours_skipped_days_and_layer(pack: Path):
    alpha = lines(pack, "--group", "alpha", "--from", "2027-02-01", "--days", "14")
    core = lines(pack, "--group", "club/core")

    assert {"morning", "early"} <= steps(alpha)
    assert "core" not in steps(alpha)
    shifted = {line["at"][5:10]: line["shift"][5:16] for line in alpha if "shift" in line}
    assert shifted == {"02-13": "02-13T07:00"}
    assert not any("2027-02-05" <= line["at"][:10] <= "2027-02-12"
                   for line in alpha if "at" in line)  # fmt: skip
    assert steps(core) == {"core"}
    assert [line["at"][:10] for line in lines(pack, "--group", "alpha") if
            line.get("step") == "opening"] == ["2026-12-01"]  # fmt: skip


def test_bindings_are_also_found_in_the_sop_folder(pack: Path, folder: Path):
    elsewhere = folder / "elsewhere"
    elsewhere.mkdir()
    moved = pack.rename(elsewhere / "club.yaml")
    write(folder, {"club.yaml": PACK})

    said = qunyun("calendar", moved, *DAYS, "--group", "alpha", env={"SOP_DIR": str(folder)})

    assert (said.code, said.lines[0]) == (0, "Club · 一群")


def test_holidays_are_named(pack: Path):
    found = lines(pack, "--from", "2026-10-01", "--days", "10")

    early = [line for line in found if line.get("step") == "early"]
    assert [(line["at"][5:10], line.get("holiday")) for line in early] == [
        ("10-03", "国庆节"), ("10-10", None),
    ]  # fmt: skip


def test_people_get_a_table(pack: Path):
    said = qunyun("calendar", pack, *DAYS)

    assert said.code == 0
    assert (
        "12-05  周六            06:30  Early                           静默，07:30 发"
        in said.lines
    )
    assert "  入群后第 1 天 10:00             Nudge" in said.lines


def test_the_first_day_is_today_unless_told_otherwise(pack: Path):
    assert qunyun("calendar", pack, "--days", "1").code == 0


def test_a_file_for_calendar_programs_is_written(pack: Path, folder: Path):
    said = qunyun("calendar", pack, *DAYS, "--ics", folder / "club.ics")

    assert (said.code, said.out, said.err) == (0, "", f"{folder / 'club.ics'}\n")
    events = Calendar.from_ical((folder / "club.ics").read_bytes()).walk("VEVENT")
    assert len(events) == len(lines(pack)) - 1


def test_a_picture_is_written(pack: Path, folder: Path, plain_font: None):
    said = qunyun("calendar", pack, *DAYS, "--png", folder / "club.png")

    assert (said.code, said.out, said.err) == (0, "", f"{folder / 'club.png'}\n")
    assert Image.open(BytesIO((folder / "club.png").read_bytes())).width == 1_080


def test_a_picture_too_tall_is_several(pack: Path, folder: Path, plain_font: None):
    said = qunyun("calendar", pack, "--from", "2026-01-01", "--days", "500",
                  "--png", folder / "year.png")  # fmt: skip

    names = [Path(line).name for line in said.err.splitlines()]
    assert names == ["year.png", "year-2.png"]
    assert all((folder / name).is_file() for name in names)


def test_without_a_font_nothing_is_written(
    pack: Path, folder: Path, plain_font: None, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(fonts, "FOLDERS", (str(folder / "nowhere"),))
    (folder / "club.png").write_bytes(b"old")

    said = qunyun("calendar", pack, *DAYS, "--png", folder / "club.png")

    assert (said.code, said.out) == (2, "")
    assert "fonts-noto-cjk" in said.err
    assert (folder / "club.png").read_bytes() == b"old"


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (("--from", "1st of may"), "--from"), (("--from", "2026-02-30"), "--from"),
        (("--from", "9998-01-01"), "too far away"), (("--from", "0001-01-01"), "too far away"),
        (("--starts", "soon"), "--starts"), (("--joined", "yesterday"), "--joined"),
        (("--joined", "0001-01-01T00:00+14:00"), "too far away"),
        (("--created", "2026-13-01"), "--created"), (("--adopted", ""), None),
        (("--group", "alhpa"), "did you mean alpha?"), (("--days", "0"), "--days"),
        (("--days", "99999"), "--days"), (("--json", "--ics", "x.ics"), "choose one of"),
        (("--ics", "nowhere/x.ics"), "nowhere/x.ics: cannot be written"),
        (("--ics", "."), "cannot be written"),
    ],
    ids=str,
)  # fmt: skip
def test_what_cannot_be_is_refused_in_a_sentence(
    pack: Path, options: tuple[str, ...], told: str | None
):
    said = qunyun("calendar", pack, *DAYS, *options)

    assert said.code == (0 if told is None else 2)
    assert (told or "") in said.err


def test_a_pack_with_errors_or_none_at_all_is_refused(folder: Path):
    (folder / "bad.yaml").write_text(PACK.replace("workdays", "worksday"), "utf-8")

    assert "workdays" in qunyun("calendar", folder / "bad.yaml").err
    assert qunyun("calendar", folder / "none.yaml").code == 2


def test_too_much_to_read_is_refused(folder: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(agenda, "MOST", 1_000)
    every = PACK.replace('when: "08:00 workdays"', 'when: {cron: "* * * * *"}')
    (folder / "club.yaml").write_text(every, "utf-8")

    said = qunyun("calendar", folder / "club.yaml", "--from", "2026-01-01", "--days", "2")

    assert (said.code, said.out) == (2, "")
    assert "ask for fewer days" in said.err


def test_what_few_need_is_loaded_by_those_only_who_do(folder: Path):
    few = {"PIL", "alembic", "icalendar", "opencc", "rapidfuzz", "segno"}
    few |= {"sqlalchemy.dialects.postgresql", "sqlalchemy.orm", "sqlmodel"}
    code = f"import sys, bot.cli, bot.app; print({few} & set(sys.modules))"
    (folder / "look.py").write_text(code, "utf-8")

    looked = subprocess.run(
        [sys.executable, "look.py"], cwd=folder, capture_output=True, check=True,
        env={"PYTHONPATH": str(ROOT)}, timeout=60,
    )  # fmt: skip
    assert looked.stdout == b"set()\n"


def test_a_process_of_its_own_prints_the_same(pack: Path, folder: Path):
    said = process("calendar", pack, *DAYS, "--json", folder=folder)

    assert [json.loads(line) for line in said.lines] == lines(pack)
