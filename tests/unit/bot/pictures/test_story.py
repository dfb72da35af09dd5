"""One group's day out of a script and its transcript."""

import json
from collections.abc import Sequence
from datetime import date
from typing import Any

import pytest

from bot.pictures.moments import Noted, Said
from bot.pictures.reel import Reel
from bot.pictures.story import MOST, NothingToShow, Story, story_of
from bot.rehearsal.script import Cue, read_script
from tests import builders

BOOK = builders.book("""\
levels: [{id: reader, title: 书友, at: 10}]
rules:
  charter: 友善
  checks: [{id: ads, detect: ads}, {id: own, detect: words, any: [坏], reason: 说坏话}]
""")


def at(time: str, day: str = "2026-12-01") -> str:
    return f"{day}T{time}:00+08:00"


def cues(*lines: dict[str, Any]) -> list[Cue]:
    return read_script(json.dumps(line, ensure_ascii=False) for line in lines)


OPENED = {
    "at": at("08:00"), "event": "group.created", "group": "g", "owner": "boss",
    "staff": ["helper"], "members": ["li"],
    "names": {"boss": "老板", "helper": "小帮", "li": "李四"},
}  # fmt: skip


def told(
    said: Sequence[dict[str, Any]] = (), lines: Sequence[dict[str, Any]] = (), **fields: Any
) -> Story:
    return story_of(lines, cues(OPENED, *said), BOOK, **fields)


def message(time: str, who: str, words: str, **fields: Any) -> dict[str, Any]:
    return {"at": at(time), "group": "g", "from": who, "text": words, **fields}


def line(time: str, do: str, **fields: Any) -> dict[str, Any]:
    return {"at": at(time), "group": "g", "do": do, **fields}


def said(story: Story) -> list[tuple[str, str, str]]:
    return [
        (each.who, each.words, each.private) for each in story.moments if isinstance(each, Said)
    ]


def noted(story: Story) -> list[tuple[str, str]]:
    return [(each.words, each.tone) for each in story.moments if isinstance(each, Noted)]


def test_people_speak_before_the_bot_answers_at_one_instant():
    story = told(
        [message("09:00", "li", "你好")],
        [line("09:00", "reply", text="好"), line("08:30", "post", text="早", step="morning")],
    )

    assert said(story) == [("", "早", ""), ("li", "你好", ""), ("", "好", "")]


def test_names_and_roles_are_those_of_the_script():
    joined = {"event": "member.joined", "group": "g", "member": "amy", "name": "Amy"}
    raised = {"event": "role", "member": "li", "role": "leader"}

    story = told([{"at": at("09:00"), **joined}, {"at": at("09:01"), **raised}])

    assert (story.cast.name("amy"), story.cast.name("li"), story.cast.name("who")) == (
        "Amy", "李四", "who",
    )  # fmt: skip
    assert story.cast.roles == {"boss": "owner", "helper": "staff", "li": "leader"}
    assert noted(story) == [("群聊开始运行", "plain"), ("Amy 加入了群聊", "plain")]


def test_private_messages_say_with_whom():
    story = told(
        [{"at": at("09:00"), "from": "li", "text": "积分"}],
        [{"at": at("09:00"), "do": "reply", "to": "li", "text": "3 分"},
         line("09:10", "dm", to="boss", text="有待办")],
    )  # fmt: skip

    assert said(story) == [("li", "积分", "li"), ("", "3 分", "li"), ("", "有待办", "boss")]


def test_points_stand_with_the_message_that_earned_them():
    story = told(
        [message("09:00", "li", "签到")],
        [
            line("09:00", "points", member="li", points=2, deed="checkin"),
            line("09:00", "points", member="helper", points=8, deed="invite"),
            line("09:30", "points", member="li", points=-10, deed="strike"),
            line("09:00", "points", member="li", points=1, deed="made-up"),
        ],
    )

    (checkin,) = (each for each in story.moments if isinstance(each, Said))
    assert checkin.points == ((2, "签到"), (1, "made-up"))
    assert noted(story)[1:] == [
        ("小帮 +8 分 · 邀请朋友", "good"),
        ("李四 -10 分 · 群规提醒", "bad"),
    ]


@pytest.mark.parametrize(
    ("fields", "words", "tone"),
    [
        ({"do": "strike", "member": "li", "rule": "ads"}, "李四 碰到群规「不发广告」", "bad"),
        ({"do": "strike", "member": "li", "rule": "own"}, "李四 碰到群规「说坏话」", "bad"),
        ({"do": "level", "member": "li", "text": "reader", "reason": "up"},
         "李四 升级为「书友」", "good"),
        ({"do": "level", "member": "li", "text": "reader", "reason": "down"},
         "李四 现在是「书友」", "plain"),
        ({"do": "layer", "member": "li", "text": "core"}, "李四 进入核心群", "good"),
        ({"do": "layer", "member": "li", "text": "regular"}, "李四 回到普通群", "plain"),
        ({"do": "remove", "member": "li"}, "机器人把 李四 移出了群聊", "bad"),
        ({"do": "add", "member": "li"}, "机器人邀请 李四 进群", "plain"),
        ({"do": "task", "to": "staff", "text": "请看一看"}, "请看一看", "task"),
    ],
)  # fmt: skip
def test_what_the_bot_does_besides_talking_is_noted(fields: dict[str, Any], words: str, tone: str):
    assert noted(told(lines=[line("09:00", **fields)]))[1:] == [(words, tone)]


def test_a_task_says_whom_it_is_for():
    story = told(lines=[line("09:00", "task", to="staff", text="甲"),
                        line("09:01", "task", to="li", text="乙")])  # fmt: skip

    headings = [each.heading for each in story.moments if isinstance(each, Noted)][1:]
    assert headings == ["待办 → 管理员", "待办 → 李四"]


@pytest.mark.parametrize("do", ["held", "dropped", "error", "create", "something-new"])
def test_what_nobody_in_the_group_sees_is_left_out(do: str):
    story = told(lines=[line("09:00", do, reason="quiet")])

    assert len(story.moments) == 1


def test_commands_of_the_script_are_shown_as_the_words_that_do_the_same():
    story = told([
        {"at": at("09:00"), "event": "share", "group": "g", "member": "li", "text": "一本好书"},
        {"at": at("09:01"), "event": "accept", "group": "g", "member": "li", "of": "x"},
        {"at": at("09:02"), "event": "done", "group": "g", "task": "latest", "by": "helper"},
        {"at": at("09:03"), "event": "down", "for": "10m"},
    ])  # fmt: skip

    assert said(story) == [("li", "分享 一本好书", "")]
    assert [words for words, _ in noted(story)] == [
        "群聊开始运行", "李四 采纳了一个回答", "小帮 完成了一项任务",
    ]  # fmt: skip


def test_a_quote_shows_who_said_it_by_id_or_by_text():
    story = told(
        [
            message("09:00", "li", "怎么读？", id="q1"),
            message("09:01", "boss", "慢慢读", quote="q1"),
            message("09:02", "boss", "再答", quote="怎么"),
            message("09:03", "li", "好", quote="早上"),
            message("09:04", "li", "嗯", quote="没有人说过"),
        ],
        [line("08:30", "post", text="早上好")],
    )

    quotes = [each.quote for each in story.moments if isinstance(each, Said)]
    assert quotes == ["", "", "李四：怎么读？", "李四：怎么读？", "群助手：早上好", "没有人说过"]


def test_the_first_day_and_the_liveliest_group_are_shown_unless_told_otherwise():
    lively = [message("09:00", "li", "一", group="b"), message("09:01", "li", "二", group="b"),
              message("09:02", "li", "三", group="b")]  # fmt: skip
    later = {**message("09:00", "li", "四"), "at": at("09:00", "2026-12-03")}

    first = told([*lively, later])
    chosen = told([*lively, later], day=date(2026, 12, 3), group="g")

    assert (first.group, first.day, len(said(first))) == ("b", date(2026, 12, 1), 3)
    assert said(chosen) == [("li", "四", "")]


def test_days_and_groups_that_are_not_there_are_refused():
    with pytest.raises(NothingToShow, match="nothing happens on 2026-12-09"):
        told(day=date(2026, 12, 9))
    with pytest.raises(NothingToShow, match="there is no group x: there are g"):
        told(group="x")
    with pytest.raises(NothingToShow, match="any day"):
        story_of([], [], BOOK)


def test_a_day_of_endless_talk_is_cut_and_says_so():
    story = told([message("09:00", "li", f"第 {n} 句") for n in range(MOST + 9)])

    assert len(story.moments) == MOST + 1
    assert noted(story)[-1] == ("还有 10 项", "plain")


def test_a_reel_keeps_one_day_and_who_everybody_is():
    later = {**message("09:00", "li", "四"), "at": at("09:00", "2026-12-03")}
    before = {**message("09:00", "li", "一"), "at": at("09:00", "2026-12-02")}
    reel = Reel(BOOK, date(2026, 12, 3))
    for cue in cues(OPENED, before, later):
        reel.see(cue)
    for each in (line("09:00", "post", text="早"), {**line("", "post"), "at": later["at"]}):
        reel.heed(each)

    assert [cue.kind for cue in reel.cues] == ["group.created", "message"]
    assert [each["at"] for each in reel.lines] == [later["at"]]
    assert sorted(reel.days) == [date(2026, 12, day) for day in (1, 2, 3)]
    assert told([later], day=reel.day).cast.name("li") == "李四"


def test_a_reel_without_a_day_keeps_the_first():
    reel = Reel(BOOK)
    for cue in cues(OPENED, {**message("09:00", "li", "四"), "at": at("09:00", "2026-12-03")}):
        reel.see(cue)

    assert (reel.day, len(reel.cues)) == (date(2026, 12, 1), 1)
