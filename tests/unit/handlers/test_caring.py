"""Every question is owed an answer: who is asked, in what time, who next, and when it ends."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from handlers.people import people
from handlers.ports import Context
from handlers.questions import caring, response_times
from handlers.staff import task_commands
from sop.actions import Action
from sop.model import Item, Person, Task
from sop.times.durations import DAY_MS, HOUR_MS, MINUTE_MS
from tests.builders import COMMUNITY, EVENING
from tests.unit.handlers.talking import PACK, Talk, talking, words

NOON = EVENING - 8 * HOUR_MS
CARE = """
care:
  answer_within: 4h
  within: "09:00-21:00"
  grades: {urgent: {says: [退款, 投诉], to: owner, due: 30m}, paid: {to: staff, due: 2h}}
"""


@pytest.fixture
def talk() -> Iterator[Talk]:
    with talking(PACK + CARE, now=NOON, staff=("li",)) as found:
        yield ready(found)


def ready(talk: Talk) -> Talk:
    for name in ("zhao", "chen", "wang", "boss", "li"):
        talk.say(name, "大家好")
    return talk


def after(talk: Talk, hours: float) -> list[Action]:
    return talk.until(talk.now + round(hours * HOUR_MS))


def told(lines: list[Action]) -> list[tuple[str, str]]:
    return [(line.do, line.to) for line in lines]


def test_a_question_outside_slots_goes_to_staff_before_its_time_is_over(talk: Talk):
    talk.command("ask", "zhao", "从哪本读起")

    assert after(talk, 1.9) == []
    assert told(after(talk, 0.2)) == [("task", "staff")]
    (task,) = talk.tasks()
    assert task.due_at == NOON + 4 * HOUR_MS
    assert "16:00 前" in task.text
    assert "问题 1 " in task.text


def test_the_next_one_is_told_and_the_asker_is_not_forgotten(talk: Talk):
    talk.command("ask", "zhao", "从哪本读起")
    after(talk, 2.5)

    assert told(after(talk, 1.6)) == [("dm", "staff")]
    late = after(talk, 1)

    assert told(late)[0] == ("dm", "owner")
    assert words(late, "dm").count("从哪本读起") == 1
    assert late[1].text.startswith("zhao，你在「晨读一群」的问题 1")
    assert talk.tasks()[0].told == ("owner",)
    assert after(talk, 30) == []
    assert len(talk.tasks()) == 1


def test_an_urgent_question_goes_to_its_person_at_once(talk: Talk):
    talk.command("ask", "zhao", "怎么申请退款")

    lines = after(talk, 0)

    assert told(lines) == [("task", "owner")]
    assert lines[0].due_at == NOON + 30 * MINUTE_MS
    assert told(after(talk, 0.6)) == [("dm", "owner")]
    assert told(after(talk, 0.2))[0] == ("dm", "staff")


def test_at_night_even_the_urgent_waits_for_the_morning(talk: Talk):
    talk.now = EVENING + 3 * HOUR_MS
    talk.command("ask", "zhao", "怎么申请退款")

    lines = talk.until(EVENING + 14 * HOUR_MS)

    assert told(lines)[0] == ("task", "owner")
    assert lines[0].due_at == EVENING + 13 * HOUR_MS + 30 * MINUTE_MS


def test_who_pays_is_answered_by_staff(talk: Talk):
    def pay(context: Context) -> None:
        people.note_paid(context, "zhao", value=True, until=0)

    talk.run(None, pay)
    talk.command("ask", "zhao", "从哪本读起")

    assert told(after(talk, 0)) == [("task", "staff")]


def test_who_may_know_is_asked_once_before_staff(talk: Talk):
    def tag(context: Context) -> None:
        (chen,) = context.store.find(Person, community=COMMUNITY, name="chen")
        context.store.put(replace(chen, tags=("读书",)))

    talk.run(None, tag)
    talk.command("ask", "zhao", "读书从哪本读起")

    first = after(talk, 2.5)
    assert [line.do for line in first] == ["dm"]
    assert first[0].text.startswith("chen，")
    assert told(after(talk, 1)) == [("task", "staff")]


@pytest.mark.parametrize("how", ["answered", "accepted", "withdrawn", "done"])
def test_once_it_is_settled_nobody_is_disturbed(talk: Talk, how: str):
    talk.command("ask", "zhao", "怎么申请退款")
    after(talk, 0.1)
    (task,) = talk.tasks()
    if how in ("answered", "accepted"):
        talk.command("answer", "chen", "1 找客服")
    if how == "accepted":
        talk.command("accept", "zhao", "2")
    if how == "withdrawn":
        talk.command("withdraw", "zhao", "1")
    if how == "done":
        close(talk, task, "li")

    assert after(talk, 40) == []
    assert talk.tasks() == []
    expected = "seen-to" if how == "done" else how
    assert talk.items()[0] == (1, "question", expected)


def close(talk: Talk, task: Task, by: str) -> Any:
    number = talk.run(None, lambda c: people.person_of(c.store, COMMUNITY, by).id)
    return talk.run(None, lambda c: task_commands.settle(c, task, "done"), number)


def test_an_answer_before_the_look_leaves_nothing_to_do(talk: Talk):
    talk.command("ask", "zhao", "从哪本读起")
    talk.command("answer", "chen", "1 第一本")

    assert after(talk, 40) == []


def test_in_a_slot_there_is_one_task_whatever_comes_first(talk: Talk):
    talk.slot(escalate_after="10m")
    talk.command("ask", "zhao", "怎么申请退款")
    talk.command("ask", "wang", "从哪本读起")

    lines = after(talk, 2)

    assert [line.do for line in lines if line.do == "task"] == ["task", "task"]
    assert sorted(task.to for task in talk.tasks()) == ["owner", "staff"]


def test_a_slot_without_a_time_of_its_own_hands_over_at_its_end(talk: Talk):
    talk.slot()
    talk.command("ask", "wang", "从哪本读起")

    lines = after(talk, 1.1)

    assert [line.do for line in lines if line.do == "task"] == ["task"]
    assert talk.tasks()[0].due_at == NOON + 4 * HOUR_MS
    assert all(line.do != "task" for line in after(talk, 40))


def test_staff_who_ask_are_not_sent_their_own_question():
    with talking(PACK + CARE, now=NOON) as talk:
        ready(talk)
        talk.command("ask", "boss", "怎么申请退款")

        assert after(talk, 40) == []


def test_where_nobody_is_known_to_be_on_duty_it_is_written_down():
    with talking(PACK + CARE, now=NOON) as talk:
        ready(talk).group(owner="", staff=())
        talk.command("ask", "zhao", "怎么申请退款")

        assert told(after(talk, 40)) == [("task", "owner"), ("dm", "owner"), ("dm", "1")]
        assert len(talk.tasks()) == 1


def test_a_grade_for_leaders_goes_to_one_of_the_group_and_then_to_staff():
    pack = PACK + CARE.replace("to: owner", "to: leader")
    with talking(pack, now=NOON, staff=("li",)) as talk:

        def lead(context: Context) -> None:
            (chen,) = context.store.find(Person, community=COMMUNITY, name="chen")
            context.store.put(replace(chen, role="leader"))

        ready(talk).run(None, lead)
        talk.command("ask", "zhao", "怎么申请退款")
        assert told(after(talk, 0)) == [("task", "2")]
        assert [to for _, to in told(after(talk, 2))] == ["2", "staff", "1", "owner"]

        talk.command("ask", "chen", "也要退款吗")
        assert told(after(talk, 0)) == [("task", "staff")]


def test_the_owner_s_urgent_question_goes_to_staff(talk: Talk):
    talk.command("ask", "boss", "怎么申请退款")

    assert told(after(talk, 0)) == [("task", "staff")]


def test_a_question_that_is_known_is_owed_nothing_until_it_did_not_help(talk: Talk):
    talk.command("ask", "zhao", "书单在哪")
    assert after(talk, 6) == []

    lines = talk.command("unsolved", "zhao", "1")

    assert ("task", "staff") in told(lines)
    assert talk.tasks()[0].due_at == NOON + 21 * HOUR_MS + HOUR_MS


def test_a_paused_group_disturbs_no_member_and_forgets_nobody(talk: Talk):
    talk.command("ask", "zhao", "从哪本读起")
    talk.group(paused=True)

    lines = after(talk, 8)

    assert told(lines) == [("task", "staff"), ("dm", "staff"), ("dm", "owner")]


def test_a_retired_group_asks_nobody(talk: Talk):
    talk.command("ask", "zhao", "从哪本读起")
    talk.group(retired=True)

    assert after(talk, 40) == []


def test_care_taken_out_of_the_pack_leaves_what_is_planned_without_effect(talk: Talk):
    talk.command("ask", "zhao", "从哪本读起")
    with talking() as other:
        talk.book = other.book

    assert after(talk, 40) == []


def test_it_survives_a_restart_and_the_same_moment_twice(tmp_path: Path):
    path = tmp_path / "care.db"
    with talking(PACK + CARE, path=path, now=NOON, staff=("li",)) as before:
        ready(before).command("ask", "zhao", "从哪本读起")
    with talking(PACK + CARE, path=path, now=NOON + DAY_MS) as late:
        lines = late.until(NOON + DAY_MS)
        assert told(lines) == [("task", "staff")]
        assert lines[0].due_at == NOON + DAY_MS + HOUR_MS
    with talking(PACK + CARE, path=path, now=NOON + DAY_MS) as again:
        assert again.until(NOON + DAY_MS) == []


def test_where_not_all_is_heard_the_asker_is_told_so_that_it_fits_either_way():
    both = {"aibot": "g1", "app": "g1"}
    with talking(PACK + CARE, now=NOON, staff=("li",), channels=both) as talk:
        ready(talk).command("ask", "zhao", "怎么申请退款")

        lines = after(talk, 1)

        assert any("要是还没人答上" in line.text for line in lines)


def test_a_question_taken_back_is_gone_from_figures_and_can_not_be_answered(talk: Talk):
    talk.command("ask", "zhao", "从哪本读起")
    talk.command("ask", "zhao", "在哪里买")

    assert "没有找到你的 1" in words(talk.command("withdraw", "wang", "1"), "dm")
    assert "收回了" in words(talk.command("withdraw", "zhao", "1"), "dm")
    assert "已经收回过" in words(talk.command("withdraw", "zhao", "1"), "dm")
    assert "没有找到这个编号的问题" in words(talk.command("answer", "chen", "1 第一本"), "dm")
    assert talk.read(Item, number=1)[0].text == ""
    assert talk.run(None, lambda c: response_times.times(c, c.group, 0)).asked == 1


def test_what_was_answered_is_not_taken_back(talk: Talk):
    talk.command("ask", "zhao", "从哪本读起")
    talk.command("answer", "chen", "1 第一本")

    assert "就留着" in words(talk.command("withdraw", "zhao", "1"), "dm")
    assert talk.items()[0][2] == "answered"


def test_figures_tell_what_came_later_than_promised(talk: Talk):
    for said in ("从哪本读起", "在哪里买", "怎么申请退款"):
        talk.command("ask", "zhao", said)
    talk.command("answer", "chen", "1 第一本")
    after(talk, 5)
    talk.command("answer", "chen", "2 书店")

    found = talk.run(None, lambda c: response_times.times(c, c.group, 0))

    assert (found.asked, found.answered, found.late) == (3, 2, 2)


def test_a_slot_with_too_many_open_questions_has_one_task_for_the_rest(talk: Talk):
    talk.slot()
    for number in range(22):
        talk.command("ask", "wang", f"第{number}个问题是什么")

    after(talk, 40)

    assert len(talk.tasks()) == 21
    assert talk.read(Task, kind=caring.TASK, status="void") == []
