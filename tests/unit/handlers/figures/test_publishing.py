"""Reports of a step: told to whom they are for; their advice is accepted with one word."""

from dataclasses import replace
from typing import Any

import pytest

from handlers.figures import advising
from sop.actions import Action
from sop.events import DeliveryFailed
from sop.figures.report import Advice
from sop.model import AdviceGiven, Group, Occurrence, Outgoing, Task
from tests import builders
from tests.builders import EVENING, GROUP
from tests.lives import DAY, HOUR, Life, life, of

PACK = """
budget: {group: 3/day}
steps:
  - {id: morning, title: 早读, when: "08:00 daily", do: [{post: 早}]}
  - {id: week, when: "20:30 wed", do: [{report: {kind: weekly, to: owner, picture: true}}]}
"""
MOVE = Advice(
    group=GROUP, key="move:morning:21:00", reason="move",
    facts={"step": "早读", "at": "21:00", "now": "08:00", "people": "5"},
    change={"steps": {"morning": {"at": "21:00"}}},
)  # fmt: skip
REST = Advice(
    group=GROUP, key="rest:morning", reason="rest-leaves", facts={"step": "早读", "runs": "8"},
    change={"steps": {"morning": {"off": True}}},
)  # fmt: skip
GREET = Advice(group=GROUP, key="greet", reason="greet", facts={"count": "4"})


def advised(club: Life, *advice: Advice) -> list[int]:
    with club.acting() as context:
        assert context.group is not None
        return [each.id for each in advising.propose(context, context.group, advice)]


def says(club: Life, words: str, sender: str = "owner", **fields: Any) -> str:
    club.now += 1_000
    lines = club.say(words, sender, mentions_bot=True, **fields)
    return "\n".join(line.text for line in lines if line.do in ("reply", "dm"))


def given(club: Life, number: int) -> AdviceGiven:
    return club.read(AdviceGiven, id=number)[0]


def group(club: Life) -> Group:
    return club.read(Group, id=GROUP)[0]


def due(club: Life) -> list[int]:
    """When the morning step is planned for."""
    return [each.due_at for each in club.read(Occurrence, step="morning", status="pending")]


MORNING = EVENING + 12 * HOUR
TONIGHT = EVENING + HOUR


def week(club: Life) -> list[Action]:
    return of(club.wait(EVENING + HOUR), "dm", "post", "task")


def test_an_owner_is_told_everything_in_private_with_advice_that_has_numbers():
    with life(PACK) as club:
        club.enforce()
        (line,) = week(club)

        assert (line.do, line.to, line.step) == ("dm", "owner", "week")
        assert line.text.startswith("晨读一群 · 周报（2026-11-25 至 2026-12-02）\n接下来")
        assert line.text.index("回「建议 1 同意」") < line.text.index("听到的范围：")
        assert "建议 1：" in line.text
        assert "回「建议 1 同意」就照办" in line.text
        assert line.picture["kind"] == "report"
        assert [each.status for each in club.read(AdviceGiven)] == ["open"] * 3


def test_a_report_to_the_group_counts_as_a_post_and_gives_no_advice():
    pack = PACK.replace("to: owner", "to: group").replace("3/day", "1/day")
    with life(pack) as club:
        club.enforce()
        (line,) = week(club)

        assert (line.do, line.step) == ("post", "week")
        assert club.read(AdviceGiven) == []
        assert "funnels" not in line.picture


def test_figures_that_cannot_be_had_are_a_task_for_staff():
    with life(PACK) as club:
        club.enforce()
        week(club)
        (wanted,) = club.read(Outgoing, do="reckon")
        lines = club.happen(
            DeliveryFailed, group=GROUP, action=wanted.id, error="figures could not be reckoned"
        )

        assert "晨读一群」的周报没能算出来" in lines[0].text
        assert [each.kind for each in club.read(Task)] == ["failed"]


def test_a_change_that_is_accepted_is_in_force_at_once_and_can_be_taken_back():
    with life(PACK) as club:
        club.enforce()
        (number,) = advised(club, MOVE)
        assert due(club) == [MORNING]

        assert "照办了" in says(club, f"建议 {number} 同意")
        assert group(club).override == {"steps": {"morning": {"at": "21:00"}}}
        assert due(club) == [TONIGHT]
        kept = given(club, number)
        assert (kept.status, kept.before) == ("accepted", {"steps": {"morning": {"at": None}}})
        assert kept.closed_by

        assert "恢复原来的样子" in says(club, f"建议{number}撤回")
        assert group(club).override == {}
        assert due(club) == [MORNING]
        assert given(club, number).status == "undone"


def test_a_step_that_rests_is_no_longer_planned_and_comes_back():
    with life(PACK) as club:
        club.enforce()
        (number,) = advised(club, REST)
        says(club, f"建议 {number} 同意")

        assert due(club) == []
        assert not [line for line in club.wait(EVENING + 2 * DAY) if line.step == "morning"]

        says(club, f"建议 {number} 撤回")
        assert len(due(club)) == 1


def test_what_was_accepted_outlives_a_restart_and_gives_way_to_an_edit_of_that_value():
    with life(PACK) as club:
        club.enforce()
        (number,) = advised(club, MOVE)
        says(club, f"建议 {number} 同意")
        club.enforce()
        assert group(club).override == {"steps": {"morning": {"at": "21:00"}}}

        quiet = builders.group(override={"quiet": "23:00-06:00"})
        club.enforce(quiet)
        assert group(club).override["steps"] == {"morning": {"at": "21:00"}}

        by_hand = builders.group(override={"steps": {"morning": {"at": "07:00"}}})
        club.enforce(by_hand)
        assert group(club).override == {"steps": {"morning": {"at": "07:00"}}}
        assert given(club, number).status == "overruled"
        assert "以那里为准" in says(club, f"建议 {number} 撤回")


def test_a_later_change_of_the_same_value_replaces_the_earlier_one_and_undoes_to_the_file():
    with life(PACK) as club:
        club.enforce()
        later = replace(MOVE, key="later", change={"steps": {"morning": {"at": "19:00"}}})
        first, second = advised(club, MOVE, later)
        says(club, f"建议 {first} 同意")
        says(club, f"建议 {second} 同意")
        assert given(club, first).status == "replaced"

        says(club, f"建议 {second} 撤回")
        assert group(club).override == {}


def test_advice_without_a_change_becomes_a_task_and_no_task_when_it_is_taken_back():
    with life(PACK) as club:
        club.enforce()
        (number,) = advised(club, GREET)
        assert "记成了任务 1" in says(club, f"建议 {number} 同意")
        (task,) = club.read(Task)
        assert (task.to, task.status) == ("staff", "open")
        assert "4 位新朋友" in task.text

        says(club, f"建议 {number} 撤回")
        assert club.read(Task)[0].status == "void"


def test_what_was_declined_is_not_said_again_for_eight_weeks():
    with life(PACK) as club:
        club.enforce()
        (number,) = advised(club, GREET)
        assert "不会再提" in says(club, f"建议 {number} 拒绝")
        assert advised(club, GREET) == []

        club.now += 57 * DAY
        assert advised(club, GREET) == [number + 1]


def test_open_advice_keeps_its_number_and_lapses_when_it_no_longer_applies():
    with life(PACK) as club:
        club.enforce()
        first = advised(club, GREET, MOVE)
        assert advised(club, GREET) == first[:1]
        assert [given(club, each).status for each in first] == ["open", "lapsed"]
        for word in ("同意", "拒绝"):
            assert "后来情况变了" in says(club, f"建议 {first[1]} {word}")


def test_staff_see_what_is_open_and_what_is_followed():
    with life(PACK) as club:
        club.enforce()
        assert "没有待定的建议" in says(club, "建议")
        advised(club, GREET, MOVE)
        says(club, "建议 2 同意")
        told = says(club, "建议")

        assert "1. 最近有 4 位新朋友" in told
        assert "「建议 2 撤回」可以收回" in told


@pytest.mark.parametrize(
    ("words", "sender", "answer"),
    [
        pytest.param("建议 9 同意", "owner", "没有找到建议 9", id="no such number"),
        pytest.param("建议 1 再想想", "owner", "请这样发", id="no such word"),
        pytest.param("建议 1 撤回", "owner", "没有采用过", id="nothing to take back"),
        pytest.param("建议", "li", "群主或管理员", id="a member's list"),
        pytest.param("建议 1 同意", "li", "", id="a member's yes"),
    ],
)
def test_what_does_not_fit_is_said_and_changes_nothing(words: str, sender: str, answer: str):
    with life(PACK) as club:
        club.enforce()
        advised(club, GREET)
        told = says(club, words, sender)

        assert answer in told
        assert "建议 1" not in told or sender == "owner"
        assert given(club, 1).status == "open"


@pytest.mark.parametrize(
    "words", ["建议大家早点睡", "建议：明天早点开始", "建议 3 个人一组", "建议"]
)
def test_everyday_talk_is_no_command(words: str):
    with life(PACK) as club:
        club.enforce()
        advised(club, GREET)

        assert of(club.say(words, "owner"), "reply", "dm") == []


def test_a_number_that_is_none_is_said_in_private_to_an_owner_who_is_nobody_else_there():
    with life(PACK) as club:
        club.enforce()

        assert "没有找到建议 9" in says(club, "建议 9 同意", group="")
        assert "群主或管理员" in says(club, "建议 9 同意", "li", group="")


def test_what_a_member_suggests_is_no_command():
    with life(PACK) as club:
        club.enforce()

        assert "群主或管理员" not in says(club, "建议 大家一起读红楼梦", "li")


def test_a_change_the_pack_has_no_place_for_any_more_is_not_made():
    with life(PACK) as club:
        club.enforce()
        gone = replace(MOVE, change={"steps": {"evening": {"at": "21:00"}}})
        (number,) = advised(club, gone)

        assert "用不上了" in says(club, f"建议 {number} 同意")
        assert group(club).override == {}
        assert given(club, number).status == "lapsed"


def test_what_was_accepted_for_a_step_the_pack_has_lost_does_nothing_and_can_be_taken_back():
    with life(PACK) as club:
        club.enforce()
        (number,) = advised(club, MOVE)
        says(club, f"建议 {number} 同意")
        club.edit(PACK.replace("id: morning", "id: dawn"))
        club.wait(EVENING + 2 * DAY)

        assert club.read(Occurrence, step="morning", status="pending") == []
        assert "恢复原来的样子" in says(club, f"建议 {number} 撤回")
        assert group(club).override == {}
