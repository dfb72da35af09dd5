"""Today's item from a person: asked for in time, used in its place, and never a crash."""

from typing import Any

import pytest

from sop.actions import Action
from sop.events import GroupCreated
from sop.model import Occurrence, Preparation, StepRun, Task
from tests import builders
from tests.builders import COMMUNITY, EVENING, GROUP
from tests.lives import DAY, HOUR, MINUTE, Life, life, of, texts

PACK = """
library:
  news: {items: [], scope: SCOPE}
  evergreen: [常青一, 常青二]
steps:
  - id: news
    title: 行业动态
    when: "21:00 daily"
    do: [{drop: {pool: news, prepare: {by: staff, before: 45m}, fallback: evergreen}}]
""".replace("SCOPE", "group")
ASKED = EVENING + 15 * MINUTE
DUE = EVENING + HOUR


def begun(club: Life, *groups: Any) -> list[Action]:
    club.enforce(*groups)
    return club.wait(ASKED)


def answer(club: Life, words: str, sender: str = "owner", **fields: Any) -> list[Action]:
    return club.say(words, sender, **{"group": "", **fields})


def test_a_person_is_asked_and_what_they_bring_goes_out_as_it_is():
    with life(PACK) as club:
        (task,) = of(begun(club), "task")
        assert (task.to, task.due_at) == ("staff", DUE - 10 * MINUTE)
        assert "21:00" in task.text
        assert "行业动态" in task.text

        (reply,) = of(answer(club, "完成 1 今日要闻：{{ member.name }} 不是模板"), "reply")
        assert "21:00" in reply.text
        lines = club.wait(DUE)

        assert texts(lines, "post") == ["今日要闻：{{ member.name }} 不是模板"]
        assert of(lines, "dm", "task") == []
        assert texts(club.wait(DUE + DAY), "post") == ["常青一"]


def test_who_brings_nothing_is_reminded_and_then_the_pool_goes_out():
    with life(PACK) as club:
        begun(club)
        lines = club.wait(DUE)

        assert [line.do for line in lines] == ["dm", "post"]
        assert texts(lines, "post") == ["常青一"]
        assert [task.status for task in club.read(Task)] == ["void"]
        (late,) = answer(club, "完成 1 太晚了")
        assert "处理过" in late.text


def test_who_is_asked_learns_that_there_is_nothing_else():
    with life(PACK.replace(", fallback: evergreen", "")) as club:
        (task,) = of(begun(club), "task")
        assert "先不发" in task.text

        lines = club.wait(DUE)
        assert of(lines, "post") == []
        assert ["用完" in line for line in texts(lines, "task")] == [True]


def test_without_a_text_the_task_stays_open_and_says_how():
    with life(PACK) as club:
        begun(club)
        (hint,) = answer(club, "完成 1")

        assert "完成 1" in hint.text
        assert [task.status for task in club.read(Task)] == ["open"]


@pytest.mark.parametrize(
    ("said", "brought"),
    [
        ("完成 1 3月15日新闻", "3月15日新闻"),
        ("完成1：早报", "早报"),
        ("完成 1\n第一行\n第二行", "第一行\n第二行"),
    ],
)
def test_a_text_begins_after_the_number(said: str, brought: str):
    with life(PACK) as club:
        begun(club)
        answer(club, said)

        assert [each.text for each in club.read(Preparation)] == [brought]


def test_a_quote_of_the_task_needs_no_number():
    with life(PACK) as club:
        (task,) = of(begun(club), "task")
        answer(club, "完成 2026 年的新书", quote=task.text)

        assert [each.text for each in club.read(Preparation)] == ["2026 年的新书"]


def test_nobody_else_decides_what_goes_out():
    with life(PACK) as club:
        begun(club)
        answer(club, "完成 1 我来发广告", "stranger")

        assert texts(club.wait(DUE), "post") == ["常青一"]


def test_one_item_is_asked_for_once_where_it_is_for_the_whole_community():
    groups = [builders.group(), builders.group(id="g2", channels={"sandbox": "g2"})]
    with life(PACK.replace("scope: group", "scope: community"), groups=groups) as club:
        lines = begun(club, *groups)
        assert len(of(lines, "task")) == 1
        answer(club, "完成 1 共同的一条")

        posts = of(club.wait(DUE), "post")
        assert [(line.group, line.text) for line in posts] == [
            (GROUP, "共同的一条"), ("g2", "共同的一条"),
        ]  # fmt: skip


def test_each_group_is_asked_by_itself_otherwise():
    groups = [builders.group(), builders.group(id="g2", channels={"sandbox": "g2"})]
    with life(PACK, groups=groups) as club:
        assert len(of(begun(club, *groups), "task")) == 2
        answer(club, "完成 2 二群的")

        posts = of(club.wait(DUE), "post")
        assert sorted((line.group, line.text) for line in posts) == [
            (GROUP, "常青一"), ("g2", "二群的"),
        ]  # fmt: skip


def test_an_item_follows_its_step_to_another_time_of_the_day():
    with life(PACK) as club:
        begun(club)
        answer(club, "完成 1 早就写好了")
        club.book = builders.book(builders.HEAD + PACK.replace("21:00", "20:30"))
        club.enforce()

        assert texts(club.wait(DUE), "post") == ["早就写好了"]
        assert len(club.read(StepRun)) == 1


def test_who_was_asked_is_asked_for_the_new_time_instead():
    with life(PACK) as club:
        begun(club)
        club.book = builders.book(builders.HEAD + PACK.replace("21:00", "22:00"))
        club.enforce()
        club.wait(EVENING + 2 * HOUR - MINUTE)
        answer(club, "完成 2 新的时间")

        assert [task.status for task in club.read(Task, order="id")] == ["void", "done"]
        assert texts(club.wait(EVENING + 2 * HOUR), "post") == ["新的时间"]


def test_a_preparation_that_comes_with_an_edit_is_asked_for_at_once():
    plain = PACK.replace("prepare: {by: staff, before: 45m}, ", "")
    with life(plain) as club:
        club.enforce()
        club.wait(EVENING + 30 * MINUTE)
        club.book = builders.book(builders.HEAD + PACK)
        club.enforce()

        assert len(of(club.tick(), "task")) == 1


@pytest.mark.parametrize(
    "group", [builders.group(paused=True), builders.group(override={"skip": ["2026-12-02"]})]
)
def test_nobody_is_asked_for_what_does_not_go_out(group: Any):
    with life(PACK, groups=[group]) as club:
        assert begun(club, group) == []


def test_a_step_that_is_gone_is_not_prepared():
    with life(PACK) as club:
        club.enforce()
        club.book = builders.book()
        club.enforce()

        assert club.wait(DUE) == []
        assert club.read(Occurrence, kind="prepare", status="pending") == []


def test_what_quiet_hours_hold_is_asked_for_ahead_of_their_end():
    pack = PACK.replace("21:00", "23:00") + 'quiet: "22:30-07:30"\n'
    with life(pack) as club:
        club.enforce()
        morning = EVENING + 11 * HOUR + 30 * MINUTE
        lines = club.wait(morning)

        assert "07:30" in of(lines, "task")[0].text
        assert [run.at for run in club.read(StepRun)] == [morning]
        asked = next(task.created_at for task in club.read(Task))
        assert asked == morning - 45 * MINUTE


def test_a_crash_or_a_second_clock_asks_nobody_twice():
    with life(PACK) as club:
        club.enforce()
        club.now = ASKED
        due = club.due()
        club.handle(*due, crash=True)
        club.handle(*due, *due)

        assert len(club.read(Task)) == 1
        club.now += DAY
        club.handle(*due)
        assert len(club.read(Task, community=COMMUNITY)) == 1


def test_what_comes_for_an_occurrence_that_is_over_is_thanked_for():
    with life(PACK) as club:
        begun(club)
        club.now = DUE + 5 * HOUR
        club.tick()
        (reply,) = of(answer(club, "完成 1 迟到的"), "reply")

        assert "已经过去" in reply.text
        assert [each.text for each in club.read(Preparation)] == [""]


def test_a_step_after_the_founding_is_prepared_too():
    pack = PACK.replace('"21:00 daily"', "建群后1天 21:00")
    fresh = builders.group(created_at=0)
    with life(pack, groups=[fresh]) as club:
        club.enforce(fresh)
        club.happen(GroupCreated, group=GROUP, owner="owner", members=("owner",))
        assert len(of(club.wait(ASKED + DAY), "task")) == 1
        answer(club, "完成 1 建群第二天的")

        assert texts(club.wait(DUE + DAY), "post") == ["建群第二天的"]
