"""A transcript as people read it: days, times, what was done to whom, and the words below."""

import json
from typing import Any

import pytest

from bot.rehearsal import wording
from bot.rehearsal.script import read_script
from bot.rehearsal.told import Timeline, told
from bot.rehearsal.wording import Names
from sop.yaml import yaml_source

AT = "2026-12-01T08:00:00+08:00"
NAMES = Names({"li": "李四", "wang": "王五"}, {"friend": "书友"})


def line(**fields: Any) -> str:
    return told({"at": AT, **fields}, NAMES)


@pytest.mark.parametrize(
    ("fields", "shown"),
    [
        ({"group": "g", "do": "post", "step": "morning"}, "08:00  g  群里发 · morning"),
        ({"do": "post", "mention": "all"}, "08:00  群里发 @所有人"),
        ({"do": "post", "mention": ["li", "wang"]}, "08:00  群里发 @李四、王五"),
        ({"do": "dm", "to": "li", "member": "li"}, "08:00  私信 李四"),
        ({"do": "dm", "to": "zhao", "file": "week.pdf"}, "08:00  私信 zhao ［附件 week.pdf］"),
        ({"do": "task", "to": "staff", "rule": "ads"}, "08:00  待办 → 管理员 · ads"),
        ({"do": "points", "member": "li", "points": -3, "deed": "strike"},
         "08:00  李四 -3 分（群规提醒）"),
        ({"do": "points", "member": "li", "points": 0, "deed": "unheard"},
         "08:00  李四 +0 分（unheard）"),
        ({"do": "strike", "member": "li", "rule": "ads", "reason": "observe"},
         "08:00  李四 碰到群规 · ads（只观察，不处理）"),
        ({"do": "trace", "member": "li", "text": "not-fired", "reason": "condition"},
         "08:00  没有触发 李四（条件不满足）"),
        ({"do": "held", "step": "wake", "reason": "quiet"}, "08:00  推迟 · wake（安静时段）"),
        ({"do": "held", "reason": "unforeseen"}, "08:00  推迟（unforeseen）"),
        ({"do": "dropped", "to": "li", "member": "li", "reason": "quiet"},
         "08:00  没有发 李四（安静时段）"),
        ({"do": "level", "member": "li", "text": "friend", "reason": "up"},
         "08:00  李四 等级升到「书友」"),
        ({"do": "leader", "member": "li", "text": "ended", "reason": "own"},
         "08:00  李四 不再做领头人（自己卸任）"),
        ({"do": "leader", "member": "li", "text": "ended", "reason": "volunteer"},
         "08:00  李四 不再当志愿管理员"),
        ({"do": "unheard-of", "to": "li"}, "08:00  unheard-of 李四"),
    ],
)  # fmt: skip
def test_an_entry_says_what_applies_and_no_more(fields: dict[str, Any], shown: str):
    assert line(**fields) == shown


def test_the_words_stand_below_and_keep_their_line_breaks():
    head, *words = line(group="g", do="post", text="早\n安").splitlines()

    assert "早" not in head
    assert words == ["       早", "       安"]


def test_why_something_was_kept_back_stands_below_it():
    shown = line(do="held", reason="budget", why="6 of 6 today")

    assert shown.splitlines()[1:] == ["       6 of 6 today"]


def test_every_day_has_one_heading():
    timeline = Timeline(NAMES)
    days = (AT, "2026-12-01T23:59:00+08:00", "2026-12-02T00:00:00+08:00")

    shown = [piece.text for at in days for piece in timeline.tell({"at": at, "do": "post"})]

    assert shown[0] == "── 2026-12-01 周二 ──"
    assert [text for text in shown if text.startswith("──")] == [shown[0], "── 2026-12-02 周三 ──"]


def test_names_are_learned_from_the_script():
    names = Names()
    joined = {"at": AT, "event": "member.joined", "group": "g"}
    lines = (
        {"at": AT, "event": "group.created", "group": "g", "names": {"li": "李四"}},
        {**joined, "member": "wang", "name": "王五"},
        {**joined, "member": "zhao"},
    )
    cues = read_script(map(json.dumps, lines))

    for cue in cues:
        names.learn(cue)

    assert [names.who(each) for each in ("li", "wang", "zhao")] == ["李四", "王五", "zhao"]


def test_a_weekday_has_its_own_name():
    shown = {wording.day_heading("2026-12-01", number) for number in range(7)}

    assert len(shown) == 7


def test_every_wording_is_one_line():
    areas = yaml_source.load_packaged("rehearsal_words.yaml")

    texts = [text for area in areas.values() if isinstance(area, dict) for text in area.values()]
    assert all("\n" not in text for text in texts)
