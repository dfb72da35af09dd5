"""Tasks in the chat: who sees them, who closes them, and what an answer brings about."""

from collections.abc import Iterator

import pytest

from handlers.ports import Outcome
from handlers.staff import staff
from handlers.tasks import tasks
from sop.events import TaskAnswered
from sop.model import Task
from tests import builders, clubs
from tests.builders import COMMUNITY, EVENING, GROUP
from tests.clubs import Club, aloud, kinds, told

PACK = "score: {earn: {task: {points: 3}}}\n"


@pytest.fixture
def club() -> Iterator[Club]:
    with clubs.opened(PACK) as made:
        made.group(staff=("helper",))
        made.member("helper", "小助手")
        yield made


def open_task(
    club: Club, text: str = "请准备书单", *, kind: str = "host", **fields: object
) -> int:
    context = builders.context(club.store, club.book)
    values = {"to": "staff", "about": text, "words": lambda number: f"{text} {number}", **fields}
    tasks.open_task(context, kind=kind, **values)  # type: ignore[arg-type] # open fields
    found = tasks.find_open(context, str(values["about"]))
    assert found is not None
    return found.id


def status(club: Club, number: int) -> str:
    task = club.store.get(Task, COMMUNITY, number)
    assert task is not None
    return task.status


@pytest.mark.parametrize("group", [GROUP, ""], ids=["group", "private"])
def test_staff_see_the_open_tasks_of_their_groups_in_private(club: Club, group: str):
    club.group("beta", owner="somebody")
    open_task(club, "请准备书单")
    open_task(club, "别处的事", group="beta")

    outcome = club.say("任务", "helper", group=group)

    assert "请准备书单" in told(outcome)
    assert "别处的事" not in told(outcome)
    assert aloud(outcome) == ""


def test_an_empty_list_says_thanks(club: Club):
    assert "没有待办" in told(club.say("任务", "boss"))


def test_a_long_list_of_long_tasks_stays_readable(club: Club):
    for number in range(100):
        open_task(club, f"事情{number}" + "很长" * 5_000)

    text = told(club.say("任务", "helper"))

    assert "待办 100 项" in text
    assert "第 1 页，共 17 页" in text
    assert len(text) < 700


@pytest.mark.parametrize("text", ["完成 1", "完成1", "完成 #1", "完成 ＃１", "done 1"])
@pytest.mark.parametrize("group", [GROUP, ""], ids=["group", "private"])
def test_a_task_is_done_by_its_number_and_pays_once(club: Club, text: str, group: str):
    number = open_task(club)

    first = club.say(text, "helper", group=group, key="a")
    second = club.say(text, "helper", group=group, key="b")

    assert status(club, number) == "done"
    assert [(line.deed, line.points) for line in first.actions if line.do == "points"] == [
        ("task", 3)
    ]
    assert kinds(second) == ["reply"]
    assert "已经处理过" in told(second)


def test_a_task_is_done_by_quoting_it(club: Club):
    other = open_task(club, "请准备茶点")
    number = open_task(club, "请准备书单")

    club.say("完成", "helper", quote=f"请准备书单 {number}")

    assert (status(club, number), status(club, other)) == ("done", "open")


def test_a_quote_that_fits_two_tasks_closes_neither(club: Club):
    long = "请把今天的阅读打卡名单整理好发给群主"
    first, second = open_task(club, long), open_task(club, f"{long}再")

    club.say("完成", "helper", quote=long[:15] + "...")

    assert (status(club, first), status(club, second)) == ("open", "open")


def test_a_yes_quoting_something_else_is_talk(club: Club):
    open_task(club)

    assert club.say("同意！", "helper", quote="我觉得这本书不错") == Outcome()


def test_said_to_the_bot_without_a_number_it_asks_for_one(club: Club):
    assert "带上任务编号" in told(club.say("完成", "helper", mentions_bot=True))


@pytest.mark.parametrize("text", ["完成 1", "完成 999", "同意 1"])
def test_a_member_closes_nothing_and_learns_no_number(club: Club, text: str):
    number = open_task(club)

    outcome = club.say(text)

    assert told(outcome) == "这个命令要群主或管理员来用。"
    assert status(club, number) == "open"


@pytest.mark.parametrize(
    ("words", "answer"), [("完成", "带上任务编号"), ("完成 9", "没有找到任务 9")]
)
def test_a_member_with_a_task_who_names_none_of_theirs_is_asked_which(
    club: Club, words: str, answer: str
):
    member = club.member("li")
    other = open_task(club)
    open_task(club, "请修电梯", to=str(member.id))

    assert answer in told(club.say(words, "li", group=""))
    assert "没有找到" in told(club.say(f"完成 {other}", "li", group=""))
    assert status(club, other) == "open"


def test_staff_of_another_group_close_nothing_here(club: Club):
    club.group("beta", owner="somebody", staff=("guest",))
    number = open_task(club)

    outcome = club.say(f"完成 {number}", "guest", group="beta")

    assert "没有找到任务" in told(outcome)
    assert status(club, number) == "open"


def test_whom_a_task_was_given_to_may_close_it(club: Club):
    number = open_task(club, to=str(club.li.id))

    club.say(f"完成 {number}")

    assert status(club, number) == "done"


def test_what_wants_a_decision_is_not_simply_done(club: Club):
    number = open_task(club, kind="confirm-removal", person=club.li.id)

    outcome = club.say(f"完成 {number}", "boss")

    assert "同意 1" in told(outcome)
    assert status(club, number) == "open"


def test_what_wants_no_decision_is_not_approved(club: Club):
    number = open_task(club)

    assert "不需要同意" in told(club.say(f"同意 {number}", "boss"))
    assert status(club, number) == "open"


@pytest.mark.parametrize(
    ("word", "expected"), [("同意", ["dm", "remove", "reply"]), ("拒绝", ["dm", "reply"])]
)
def test_a_decision_brings_about_what_it_means(club: Club, word: str, expected: list[str]):
    number = open_task(club, kind="confirm-removal", person=club.li.id)

    outcome = club.say(f"{word} {number}", "boss")

    assert kinds(outcome) == expected
    assert aloud(outcome) == ""


@pytest.mark.parametrize(
    "text", ["完成 " + "9" * 9_000, "完成 0", "完成 -1", "同意 １２３４５６７８９０１２３４５６７"]
)
def test_absurd_numbers_find_nothing(club: Club, text: str):
    open_task(club)

    assert kinds(club.say(text, "boss", mentions_bot=True)) == ["reply"]


def answered(club: Club, choice: str, by: str, task: str = "latest") -> Outcome:
    event = TaskAnswered(
        key="answered", community=COMMUNITY, group=GROUP, at=EVENING, task=task, choice=choice,
        by=by,
    )  # fmt: skip
    person = club.member(by, of="")
    context = builders.context(club.store, club.book, person_id=person.id)
    return staff.answer_task(event, context)


def test_the_newest_open_task_is_answered_from_outside_the_chat(club: Club):
    older = open_task(club)
    newest = open_task(club, "确认", kind="confirm-removal", person=club.li.id)

    outcome = answered(club, "approve", "boss")

    assert kinds(outcome) == ["dm", "remove"]
    assert (status(club, older), status(club, newest)) == ("open", "approved")


@pytest.mark.parametrize(
    ("choice", "by", "task", "reason"),
    [
        ("done", "li", "latest", "not-staff"),
        ("done", "stranger", "1", "not-staff"),
        ("approve", "boss", "latest", "no-choice"),
        ("done", "boss", "999", "unknown-task"),
        ("maybe", "boss", "latest", "unknown-choice"),
    ],
)
def test_an_answer_that_does_not_fit_is_refused_with_its_reason(
    club: Club, choice: str, by: str, task: str, reason: str
):
    number = open_task(club)

    outcome = answered(club, choice, by, task)

    assert [(action.do, action.reason) for action in outcome.actions] == [("error", reason)]
    assert status(club, number) == "open"


def test_the_list_shows_whose_turn_it_is_and_the_rest_when_asked(club: Club):
    club.group(staff=("helper", "second"))
    mine, theirs = open_task(club, "请准备书单"), open_task(club, "请准备茶点")
    club.say(f"接手 {theirs}", "second")

    first, everything = told(club.say("任务", "helper")), told(club.say("任务 全部", "helper"))

    assert "请准备书单" in first
    assert "请准备茶点" not in first
    assert "另有 1 项在别人手上" in first
    assert f"{theirs}. 【明天 20:00 前、成员" in everything
    assert f"{mine}. 【明天 20:00 前】请准备书单" in everything
    assert "请准备茶点" in told(club.say("任务 在做", "helper"))


def test_the_list_goes_page_by_page_and_tells_how(club: Club):
    for number in range(8):
        open_task(club, f"事情{number}")

    first, second = told(club.say("任务", "helper")), told(club.say("任务 第2页", "helper"))

    assert "「任务 第2页」" in first
    assert ("事情0" in first, "事情7" in first) == (True, False)
    assert ("事情0" in second, "事情7" in second) == (False, True)


def test_a_family_of_tasks_is_shown_by_itself(club: Club):
    open_task(club, "请准备书单")
    number = open_task(club, "要不要移出", kind="confirm-removal", person=club.li.id)

    text = told(club.say("任务 审批", "helper"))

    assert ("要不要移出" in text, "书单" in text) == (True, False)
    assert "现在没有待办" in told(club.say("任务 福利", "helper"))
    assert f"「同意 {number}」" in told(club.say(f"任务 {number}", "helper"))


def test_a_tasks_prepared_words_are_given_alone_to_be_copied(club: Club):
    number = open_task(club, "请把下面这段话发到群里：\n晚上八点见", prepared="晚上八点见")

    whole, words = club.say(f"任务 {number}", "helper"), club.say(f"任务 {number} 原文", "helper")

    assert "请把下面这段话" in told(whole)
    assert f"「任务 {number} 原文」" in told(whole)
    assert told(words) == "晚上八点见"
    assert aloud(whole) == aloud(words) == ""


def test_a_task_is_told_whole_only_to_who_may_see_to_it(club: Club):
    number = open_task(club, "请准备书单")

    assert "书单" not in told(club.say(f"任务 {number}"))
    assert "没看懂" in told(club.say("任务 随便什么", "helper", mentions_bot=True))
    assert club.say("任务 随便什么", "helper") == Outcome()
