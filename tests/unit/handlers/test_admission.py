"""Newcomers: asked once, by day, in private; let in by the pack or by people; on trial first."""

from dataclasses import replace

import pytest

from handlers.ledger import ledger
from handlers.people import trials
from sop.actions import Action
from sop.activities import admissions
from sop.events import MemberLeft, TaskAnswered
from sop.model import LedgerEntry, Newcomer, Task
from sop.pack.pack_people import AdmissionQuestion
from sop.told_events import RoleChanged
from tests import builders
from tests.builders import GROUP
from tests.lives import DAY, HOUR, Life, life, of, texts

ASKS = "admission: {questions: [{ask: 读什么, want: [书]}], approve: APPROVE, trial: 7d}\n"
AUTO, STAFF = ASKS.replace("APPROVE", "auto"), ASKS.replace("APPROVE", "staff")
BOUND = builders.group(owner="boss", staff=("helper",))
BETA = builders.group(id="beta", title="二群", owner="boss", channels={"sandbox": "beta"})


def come(club: Life, who: str = "li", group: str = GROUP) -> list[Action]:
    lines = club.join(who, group=group)
    return lines + club.tick()


def write(club: Life, said: str) -> list[Action]:
    club.now += 1
    return club.say(said, "li", group="", key=f"w{club.now}")


def leave(club: Life, group: str = GROUP) -> list[Action]:
    club.now += 1
    return club.happen(MemberLeft, group=group, member="li")


def decide(club: Life, choice: str, group: str = GROUP) -> list[Action]:
    club.now += 1
    return club.happen(TaskAnswered, group=group, task="latest", choice=choice, by="helper")


def status(club: Life) -> str:
    found = club.read(Newcomer, person=club.person("li").id)
    return found[0].status if found else ""


@pytest.mark.parametrize(
    ("want", "said", "fits"),
    [
        (("书",), "我在讀一本書", True), (("书",), "不说", False), ((), "小陈", True),
        ((), "。", False), (("book", "书"), "A BOOK", True), (("书",), "", False),
    ],
)  # fmt: skip
def test_an_answer_does_that_holds_what_is_wanted(want: tuple[str, ...], said: str, *, fits: bool):
    assert admissions.will_do(AdmissionQuestion(ask="读什么", want=want), said) is fits


def test_who_answers_is_on_trial_and_a_full_member_after_it():
    with life(AUTO, groups=[BOUND]) as club:
        assert "读什么" in texts(come(club), "dm")[0]
        assert "欢迎来到" in texts(write(club, "一本书"))[0]
        assert status(club) == "trial"

        (told,) = texts(club.wait(club.now + 7 * DAY), "dm")
        assert ("正式成员" in told, status(club)) == (True, "full")


def test_a_command_in_between_is_a_command():
    with life(AUTO, groups=[BOUND]) as club:
        come(club)
        assert "常用的" in texts(write(club, "帮助"))[0]
        assert status(club) == "asked"


def test_who_says_nothing_is_asked_once_more_and_then_people_are():
    with life(AUTO, groups=[BOUND]) as club:
        come(club)
        lines = club.wait(club.now + 3 * DAY)

        assert len([line for line in lines if line.do == "dm" and "读什么" in line.text]) == 1
        assert len([line for line in lines if line.do == "task"]) == 1
        assert status(club) == "waiting"
        decide(club, "approve")
        assert status(club) == "trial"


def test_what_was_said_before_more_was_asked_for_is_part_of_the_answer():
    with life(STAFF, groups=[BOUND]) as club:
        come(club)
        write(club, "我是做设计的")
        write(club, "最近在看一本书")

        assert "答（符合）：我是做设计的；最近在看一本书" in club.read(Task)[0].text


def test_what_somebody_said_who_answered_in_part_is_shown_to_who_decides():
    with life(STAFF, groups=[BOUND]) as club:
        come(club)
        write(club, "我是做设计的")
        club.wait(club.now + 3 * DAY)

        (task,) = club.read(Task)
        assert "答：我是做设计的" in task.text
        assert "还没有回答" not in task.text


def test_an_answer_that_comes_after_three_days_reaches_who_decides():
    with life(STAFF, groups=[BOUND]) as club:
        come(club)
        club.wait(club.now + 3 * DAY)
        lines = write(club, "在读一本书")

        assert "谢谢你的回答" in texts(lines, "reply")[0]
        (told,) = of(lines, "dm")
        assert (told.to, "答（符合）：在读一本书" in told.text) == ("staff", True)
        (task,) = club.read(Task)
        assert (task.status, task.text) == ("open", told.text)
        decide(club, "approve")
        assert status(club) == "trial"


def test_who_answers_late_is_in_where_the_answer_alone_decides():
    with life(AUTO, groups=[BOUND]) as club:
        come(club)
        club.wait(club.now + 3 * DAY)

        assert "欢迎来到" in texts(write(club, "一本书"), "reply")[0]
        assert (status(club), club.read(Task)[0].status) == ("trial", "void")


def test_who_was_there_before_anybody_was_asked_and_comes_back_is_no_stranger():
    with life(AUTO, groups=[BOUND]) as club:
        club.say("大家早上好")
        leave(club)

        assert come(club) == []
        assert status(club) == ""


def test_what_somebody_writes_whom_staff_are_to_ask_is_no_answer():
    channels = {"link": GROUP}
    with life(STAFF, groups=[builders.group(owner="boss", channels=channels)]) as club:
        come(club)
        write(club, "一本书")

        assert "答" not in club.read(Task)[0].text


def test_people_refuse_in_private_and_take_them_out():
    with life(STAFF, groups=[BOUND]) as club:
        come(club)
        write(club, "一本书")
        (task,) = club.read(Task)
        assert "答（符合）：一本书" in task.text

        lines = decide(club, "reject")
        assert [(line.do, line.to or line.member) for line in lines] == [
            ("dm", str(club.person().id)), ("remove", str(club.person().id)),
        ]  # fmt: skip
        assert status(club) == "refused"
        leave(club)
        come(club)
        assert status(club) == "asked"


def test_without_questions_staff_look_or_the_trial_begins_at_once():
    with life("admission: {approve: staff}\n", groups=[BOUND]) as club:
        come(club)
        assert len(club.read(Task, kind="admit")) == 1
    with life("admission: {trial: 7d}\n", groups=[BOUND]) as club:
        assert "前 7 天" in texts(come(club), "dm")[0]
        assert status(club) == "trial"


def test_who_is_in_already_or_runs_the_group_is_not_asked():
    with life(AUTO, groups=[BOUND, BETA]) as club:
        club.happen(RoleChanged, member="ling", role="leader")
        for who in ("helper", "ling"):
            assert come(club, who) == []
        come(club)
        write(club, "一本书")
        assert of(come(club, group="beta"), "dm", "task") == []
        assert len(club.read(Newcomer)) == 1


def test_who_leaves_takes_the_question_along():
    with life(STAFF, groups=[BOUND]) as club:
        come(club)
        write(club, "一本书")
        leave(club)

        assert [task.status for task in club.read(Task)] == ["void"]
        assert of(club.wait(club.now + 8 * DAY), "dm", "task") == []


def test_on_trial_neither_rewards_nor_invitations_are_given():
    pack = AUTO + (
        "score: {earn: {checkin: {points: 2}, invite: {points: 5}}}\n"
        "benefits: [{id: a, title: 书单, kind: link, value: 'https://example.com'}]\n"
    )
    with life(pack, groups=[BOUND]) as club:
        come(club)
        assert "回答完" in texts(write(club, "领取 书单"))[0]
        write(club, "一本书")
        assert "example.com" not in texts(write(club, "领取 书单"))[0]
        assert "转为正式成员" in texts(write(club, "领取 书单"))[0]
        with club.acting("li") as context:
            assert trials.is_new(context, context.person_id)
            assert ledger.credit_inviter(context, context.person_id) == ()
        club.say("签到")
        assert [entry.deed for entry in club.read(LedgerEntry)] == ["checkin"]

        club.wait(club.now + 7 * DAY)
        assert "example.com" in "".join(texts(write(club, "领取 书单")))


def test_who_is_on_trial_hears_when_there_is_something_to_be_had():
    pack = AUTO + (
        "benefits: [{id: a, title: 书单, kind: link, value: 'https://example.com'},"
        " {id: b, title: 书签, kind: link, value: 'https://example.com', price: 0},"
        " {id: c, title: 书包, kind: link, value: 'https://example.com', price: 5}]\n"
    )
    with life(pack, groups=[BOUND]) as club:
        come(club)
        assert "回答完" in texts(write(club, "领取"))[0]
        write(club, "一本书")
        for said, titles in (("领取", "「书单」、「书签」等你"), ("兑换", "「书包」等你")):
            (words,) = texts(write(club, said))
            assert titles in words
            assert "12月9日" in words

        club.wait(club.now + 7 * DAY)
        assert "可以领的有" in texts(write(club, "领取"))[0]
    with life(AUTO, groups=[BOUND]) as club:
        come(club)
        assert "没有可以直接领取" in texts(write(club, "领取"))[0]


def test_a_pack_without_admission_withholds_nothing():
    with life(AUTO, groups=[BOUND]) as club:
        come(club)
        club.edit("", BOUND)
        with club.acting("li") as context:
            assert not trials.is_new(context, context.person_id)
        assert "欢迎" not in "".join(texts(write(club, "一本书")))


def test_nobody_is_asked_at_night_or_against_their_will():
    with life(AUTO + 'quiet: "19:00-08:00"\n', groups=[BOUND]) as club:
        assert come(club) == []
        (first,) = of(club.wait(club.now + 12 * HOUR), "dm")
        assert first.to == str(club.person().id)
    with life(AUTO, groups=[BOUND]) as club:
        write(club, "免打扰")
        lines = come(club)
        assert [line.do for line in lines] == ["task"]


def test_who_goes_in_the_middle_of_a_trial_and_comes_back_after_it_is_a_full_member_then():
    with life(AUTO, groups=[BOUND]) as club:
        come(club)
        write(club, "一本书")
        leave(club)
        club.wait(club.now + 10 * DAY)
        come(club)

        assert status(club) == "full"


def test_who_comes_back_in_time_is_a_full_member_when_the_trial_is_over_and_told_once():
    with life(AUTO, groups=[BOUND]) as club:
        come(club)
        write(club, "一本书")
        leave(club)
        club.wait(club.now + 2 * DAY)
        come(club)

        assert status(club) == "trial"
        assert len(texts(club.wait(club.now + 9 * DAY), "dm")) == 1
        assert status(club) == "full"


def both(club: Life) -> None:
    come(club)
    club.now += 1
    come(club, group="beta")


EITHER = pytest.mark.parametrize(("first", "other"), [(GROUP, "beta"), ("beta", GROUP)])


def test_who_joins_two_groups_is_asked_once():
    with life(AUTO, groups=[BOUND, BETA]) as club:
        come(club)
        club.now += 1

        assert of(come(club, group="beta"), "dm") == []
        write(club, "一本书")
        assert status(club) == "trial"


@EITHER
def test_who_goes_on_in_another_group_is_on_trial_there(first: str, other: str):
    with life(AUTO, groups=[BOUND, BETA]) as club:
        both(club)
        write(club, "一本书")
        leave(club, group=first)
        club.wait(club.now + 8 * DAY)

        assert (status(club), other != first) == ("full", True)


@EITHER
def test_a_decision_about_who_is_still_in_another_group_is_still_to_be_made(
    first: str, other: str
):
    with life(STAFF, groups=[BOUND, replace(BETA, staff=("helper",))]) as club:
        both(club)
        write(club, "一本书")
        leave(club, group=first)

        assert [(each.group, each.status) for each in club.read(Task)] == [(other, "open")]
        decide(club, "approve", group=other)
        assert status(club) == "trial"


@EITHER
def test_who_has_still_to_answer_is_reminded_in_the_group_they_are_in(first: str, other: str):
    with life(AUTO, groups=[BOUND, BETA]) as club:
        both(club)
        leave(club, group=first)
        lines = club.wait(club.now + 4 * DAY)

        assert any("读什么" in each.text for each in of(lines, "dm"))
        assert [each.group for each in club.read(Task)] == [other]
