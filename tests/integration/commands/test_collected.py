"""`qunyun knowledge` of collections: what was given is exported, and who put it right is told."""

import csv
import json
from pathlib import Path

import pytest

from tests.builders import EVENING, message
from tests.integration.commands.deployments import TWO_GROUPS, deployed
from tests.integration.commands.running import qunyun

PACK = """\
steps:
  - {id: tales, when: "20:00 wed", do: [{collect: {title: 我和书, kind: story, for: 3d}}]}
  - {id: wall, when: "20:00 wed", do: [{collect: {title: 心愿, kind: wish, anonymous: true}}]}
  - {id: snags, when: "20:00 wed", do: [{collect: {title: 随手拍, kind: snag}}]}
"""
MINUTE = 60_000

SAID = (
    ("alpha", "zhao", "投稿 =cmd|' /C calc'!A0 的故事"),
    ("alpha", "wang", "不上榜"),
    ("alpha", "wang", "投稿 # 标题\n<b>粗</b> [链接](http://a.b)"),
    ("alpha", "chen", "投稿 后来不想要的故事"),
    ("alpha", "chen", "撤回 3"),
    ("alpha", "chen", "赞 1"),
    ("", "zhao", "alpha 心愿 想要读书角"),
    ("alpha", "zhao", "随手拍 门口的灯坏了"),
    ("alpha", "boss", "完成 1"),
    ("", "zhao", "同意 2"),
    ("alpha", "zhao", "随手拍 后门的灯坏了"),
)


@pytest.fixture(autouse=True)
def lived(folder: Path) -> None:
    """A folder of a bot whose group gave stories, a wish and snags."""
    with deployed(folder, PACK, TWO_GROUPS) as bot:
        bot.enforce(EVENING - MINUTE)
        bot.wake(EVENING)
        for number, (group, sender, text) in enumerate(SAID, 1):
            at = EVENING + number * MINUTE
            said = message(
                text, community="club", group=group, at=at, sender=sender, name=sender,
                mentions_bot=True,
            )  # fmt: skip
            bot.handle(at, said)


def test_a_page_holds_what_is_shown_and_no_markup(folder: Path):
    told = qunyun("knowledge", "export", "--collection", "tales", "--out", folder / "tales.md")

    assert (told.code, told.lines) == (0, [f"{folder / 'tales.md'}: 2 entries"])
    page = (folder / "tales.md").read_text("utf-8")
    assert page.splitlines()[:3] == [
        "# 晨读一群 · 我和书", "", "2026-12-02 至 2026-12-05，共 2 条。",
    ]  # fmt: skip
    assert "## 1. zhao、2026-12-02、1 个赞" in page
    assert "## 2. 一位伙伴、2026-12-02、0 个赞" in page
    assert "> \\# 标题\n>\n> \\<b\\>粗\\</b\\> \\[链接\\](http://a.b)" in page
    assert "后来不想要" not in page


def table(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def test_a_table_runs_nothing_and_names_nobody_who_wished(folder: Path):
    qunyun("knowledge", "export", "--collection", "tales", "--out", folder / "tales.csv")
    qunyun("knowledge", "export", "--collection", "wall", "--out", folder / "wall.csv")

    stories, (wish,) = table(folder / "tales.csv"), table(folder / "wall.csv")
    assert [row["text"][:5] for row in stories] == ["'=cmd", "# 标题\n"]
    assert (wish["text"], wish["name"], wish["day"]) == ("想要读书角", "", "2026-12-02")
    assert "zhao" not in str(wish)


def test_who_has_put_things_right_is_told_and_what_is_open():
    (line, staff) = qunyun("knowledge", "fixers").lines
    first, second = json.loads(qunyun("knowledge", "fixers", "--json").out)

    assert line == "club/alpha boss: 1 fixed, 0.0 h on average, 0 open"
    assert staff == "club/alpha (staff, nobody by name): 0 fixed, 1 open"
    assert (first["name"], first["fixed"], first["took_ms"]) == ("boss", 1, MINUTE)
    assert (second["group"], second["open"]) == ("alpha", 1)


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (
            ("export", "--collection", "nope", "--out", "a.md"),
            "nothing was ever collected as nope",
        ),
        (("export", "--collection", "tales", "--out", "/nowhere/a.csv"), "cannot be written"),
    ],
)
def test_what_cannot_be_done_is_said(words: tuple[str, ...], told: str):
    done = qunyun("knowledge", *words)

    assert done.code == 2
    assert told in done.err
