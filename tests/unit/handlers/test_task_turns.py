"""Whose turn a task is: taken, refused, reminded, passed on, looked for, handed over."""

from typing import Any

import pytest

from handlers.figures import task_figures
from handlers.people import people
from handlers.tasks import task_checks, tasks
from sop.actions import Action
from sop.events import MemberLeft, RosterFetched, TaskAnswered
from sop.figures.report import Helper
from sop.model import LedgerEntry, Member, Task
from sop.told_events import RoleChanged
from tests import builders
from tests.builders import COMMUNITY, GROUP
from tests.lives import DAY, HOUR, Life, life, of, texts

PACK = 'quiet: "23:00-07:00"\nscore: {earn: {task: {points: 3}}}\n'
BOUND = builders.group(owner="boss", staff=("helper", "second"))
CUSTOMERS = builders.group(owner="boss", staff=("helper",), channels={"customer": GROUP})
APPCHAT = builders.group(
    owner="boss", staff=("helper",), channels={"appchat": GROUP, "app": "app"}
)


def opened(club: Life, about: str = "thing", who: str = "", **fields: Any) -> Task:
    with club.acting(who) as context:
        if who:
            fields["to"] = str(context.person_id)
        values = {"kind": "step", "to": "staff", "words": "做事 {}".format, **fields}
        tasks.open_task(context, about=about, **values)  # type: ignore[arg-type] # a test's defaults
        found = tasks.find_open(context, about)
    assert found is not None
    return found


def answer(club: Life, choice: str, by: str, task: str = "latest") -> list[Action]:
    club.now += 1
    return club.happen(TaskAnswered, group=GROUP, task=task, choice=choice, by=by)


def leave(club: Life, userid: str) -> list[Action]:
    club.now += 1
    return club.happen(MemberLeft, group=GROUP, member=userid)


def task(club: Life, number: int = 1) -> Task:
    (found,) = club.read(Task, id=number)
    assert isinstance(found, Task)
    return found


def told(lines: list[Action]) -> list[tuple[str, str]]:
    return [(line.to, line.text) for line in lines if line.do == "dm"]


def test_who_takes_a_task_is_reminded_of_it_and_the_others_are_not():
    with life(PACK, groups=[BOUND]) as club:
        opened(club, due_at=club.now + HOUR)
        club.say("接手 1", "helper")

        ((to, words),) = told(club.wait(club.now + HOUR))

        assert (to, "做事 1" in words) == (str(club.person("helper").id), True)


def test_a_task_goes_over_to_who_takes_it_next_and_who_had_it_is_told():
    with life(PACK, groups=[BOUND]) as club:
        opened(club)
        answer(club, "take", "helper")
        lines = answer(club, "take", "second")

        assert [to for to, _ in told(lines)] == [str(club.person("helper").id)]
        assert task(club).taken_by == club.person("second").id
        assert "已经在你手上" in texts(club.say("接手 1", "second"))[0]


def test_what_one_took_and_another_reports_done_pays_who_did_it():
    with life(PACK, groups=[BOUND]) as club:
        opened(club)
        answer(club, "take", "helper")
        answer(club, "done", "boss")

        (entry,) = club.read(LedgerEntry)
        assert entry.person == club.person("helper").id


def test_refusals_go_round_until_nobody_is_left():
    with life(PACK, groups=[BOUND]) as club:
        opened(club)

        first = answer(club, "reject", "helper")
        second = club.say("拒绝 1 今天出差", "second", group="")
        ((to, words),) = told(second)[:1]
        assert (told(first), to) == ([], "owner")
        assert "今天出差" in words
        assert task(club).status == "open"

        answer(club, "reject", "boss")
        assert task(club).status == "declined"


def test_why_somebody_cannot_is_told_to_the_others_who_have_the_task():
    with life(PACK, groups=[BOUND]) as club:
        opened(club)
        ((to, words),) = told(club.say("拒绝 1 相机坏了", "helper", group=""))[:1]

        assert to == str(club.person("second").id)
        assert "相机坏了" in words


def test_who_has_said_that_they_cannot_is_reminded_no_more_but_who_has_it_now_is():
    with life(PACK, groups=[BOUND]) as club:
        opened(club, who="li", due_at=club.now + HOUR)
        opened(club, "other", who="li", due_at=club.now + HOUR)
        club.say("拒绝 1 没有工具", "li", group="")

        lines = told(club.wait(club.now + HOUR))
        assert [(to, "做事 1" in words) for to, words in lines] == [
            ("staff", True), (str(club.person("li").id), False),
        ]  # fmt: skip

        passed = told(club.wait(club.now + DAY))
        assert any("原本请管理员来做" in words and "做事 1" in words for _, words in passed)


@pytest.mark.parametrize("words", ["完成1 换了灯泡", "完成 1，换了灯泡"])
def test_who_has_done_a_task_may_say_what_they_did(words: str):
    with life(PACK, groups=[BOUND]) as club:
        opened(club, who="li")

        club.say(words, "li", group="")

        assert task(club).status == "done"


def test_the_owner_may_call_off_any_task():
    with life(PACK, groups=[BOUND]) as club:
        opened(club)
        answer(club, "reject", "boss")

        assert (task(club).status, task(club).closed_by) == ("declined", club.person("boss").id)
        assert club.read(LedgerEntry) == []


def test_what_nobody_has_done_in_time_is_passed_on_once_and_by_day():
    with life(PACK, groups=[BOUND]) as club:
        opened(club, due_at=club.now + 2 * HOUR)
        first = told(club.wait(club.now + 2 * HOUR))
        night = told(club.wait(club.now + 8 * HOUR))
        morning = told(club.wait(club.now + 3 * HOUR))
        later = told(club.wait(club.now + 3 * DAY))

        assert [to for to, _ in first] == ["staff"]
        assert night == []
        assert [to for to, _ in morning] == ["owner"]
        assert later == []
        assert task(club).told == ("owner",)


@pytest.mark.parametrize(("about", "passed"), [("helper", []), ("li", ["staff"])])
def test_what_is_said_of_somebody_is_not_passed_on_to_them(about: str, passed: list[str]):
    with life(PACK, groups=[BOUND]) as club:
        club.join("helper", "li")
        opened(club, kind="report-look", to="owner", person=club.person(about).id)

        reached = [to for to, _ in told(club.wait(club.now + 3 * DAY))]
        assert reached == ["owner", *passed]


def test_who_is_told_next_reads_whose_it_was():
    with life(PACK, groups=[BOUND]) as club:
        opened(club, due_at=club.now + HOUR)
        assert "原本请管理员来做" in told(club.wait(club.now + DAY))[-1][1]

        opened(club, "other", due_at=club.now + HOUR)
        club.say("接手 2", "helper")
        name = people.shown(club.person("helper"))
        assert f"原本请{name}来做" in told(club.wait(club.now + DAY))[-1][1]


def test_a_task_without_a_time_is_owed_within_a_day():
    with life(PACK, groups=[BOUND]) as club:
        opened(club)

        assert task(club).due_at == club.now + DAY
        assert told(club.wait(task(club).due_at - 1)) == []
        assert len(told(club.wait(task(club).due_at))) == 1


def test_tasks_of_one_kind_that_come_due_together_are_passed_on_together():
    with life(PACK, groups=[BOUND]) as club:
        due = club.now + 9 * HOUR
        for number in range(5):
            opened(club, f"thing-{number}", due_at=due)
            club.now += HOUR
        lines = told(club.wait(due + DAY))

        assert [to for to, _ in lines] == ["staff", "owner"]
        assert "5 件" in lines[1][1]


def test_tasks_that_are_passed_on_together_are_told_in_one_message():
    with life(PACK, groups=[BOUND]) as club:
        for name in "abc":
            opened(club, name)
        lines = told(club.wait(club.now + 4 * DAY))

        assert [to for to, _ in lines] == ["staff", "owner"]
        assert all(f"{number}. 做事" in lines[1][1] for number in (1, 2, 3))


def test_a_leaders_task_is_for_the_leaders_of_the_group_and_then_for_staff():
    with life(PACK, groups=[BOUND]) as club:
        club.join("ling", "li")
        club.happen(RoleChanged, member="ling", role="leader")
        opened(club, to="leader", due_at=club.now + HOUR)

        assert "做事 1" in texts(club.say("任务", "ling"))[0]
        assert "管理员来用" in texts(club.say("任务", "li", key="li"))[0]
        lines = told(club.wait(club.now + HOUR + HOUR // 2))
        assert [to for to, _ in lines] == ["leader", "staff"]
        answer(club, "done", "li")
        assert task(club).status == "open"
        answer(club, "done", "ling")
        assert task(club).status == "done"


def gone_task(club: Life, **fields: Any) -> Task:
    club.join("li", "wang")
    fields = {"kind": "remove", "target": task_checks.moves(out_of=(GROUP,)), **fields}
    return opened(club, person=club.person("li").id, **fields)


def test_a_removal_is_done_when_the_roster_says_so_and_not_before():
    with life(PACK, groups=[APPCHAT]) as club:
        gone_task(club)

        lines = answer(club, "done", "helper")
        assert ([line.do for line in lines], task(club).status) == (["fetch_roster"], "open")
        again = answer(club, "done", "helper")
        assert [line.do for line in again] == ["fetch_roster"]

        club.now += 1
        still = club.handle(roster(club, "boss", "helper", "li", "wang"))
        assert "还没看到" in texts(still, "dm")[0]
        assert task(club).status == "open"

        answer(club, "done", "helper")
        club.now += 1
        lines = club.handle(roster(club, "boss", "helper", "wang"))
        assert task(club).status == "done"
        assert [line.deed for line in of(lines, "points")] == ["task"]


def roster(club: Life, *members: str) -> RosterFetched:
    return RosterFetched(
        key=f"roster:{club.now}", community=COMMUNITY, group=GROUP, at=club.now, owner="boss",
        members=members,
    )  # fmt: skip


def test_a_removal_that_happens_closes_its_task_without_a_word():
    with life(PACK, groups=[CUSTOMERS]) as club:
        gone_task(club)
        leave(club, "wang")
        assert task(club).status == "open"

        leave(club, "li")
        assert (task(club).status, task(club).closed_by) == ("done", 0)
        assert club.read(LedgerEntry) == []


def test_a_move_that_nobody_can_see_is_taken_on_ones_word():
    mentions = builders.group(owner="boss", staff=("helper",), channels={"aibot": GROUP})
    with life(PACK, groups=[mentions]) as club:
        club.say("大家好", "li", mentions_bot=True)
        opened(
            club, kind="remove", person=club.person("li").id,
            target=task_checks.moves(out_of=(GROUP,)),
        )  # fmt: skip
        answer(club, "done", "helper")
        assert task(club).status == "done"


def test_a_prepared_post_is_done_when_staff_have_sent_it():
    with life(PACK, groups=[BOUND]) as club:
        opened(club, kind="copy", prepared="晚上 8 点见！", target=GROUP)

        club.say("晚上 8 点见！", "li")
        assert task(club).status == "open"
        club.say("晚上８点见!", "helper")
        assert task(club).status == "open"
        lines = club.say("晚上 8 点见！ ", "helper", key="again")
        assert (task(club).status, task(club).closed_by) == ("done", club.person("helper").id)
        assert [line.deed for line in of(lines, "points")] == ["task"]


def test_who_leaves_hands_over_what_they_had():
    with life(PACK, groups=[BOUND]) as club:
        club.join("li")
        opened(club, "given", "li")
        club.happen(RoleChanged, member="li", role="leader")
        opened(club, "led", to="leader")
        answer(club, "take", "li", "2")

        lines = told(leave(club, "li"))

        assert [to for to, _ in lines] == ["staff", "leader"]
        assert (task(club, 1).to, task(club, 2).taken_by) == ("staff", 0)


def test_who_is_staff_no_longer_has_no_tasks_of_theirs():
    with life(PACK, groups=[BOUND]) as club:
        opened(club)
        answer(club, "take", "helper")
        lines = club.enforce(builders.group(owner="boss", staff=("second",)))

        assert (task(club).taken_by, [to for to, _ in told(lines)]) == (0, ["staff"])
        answer(club, "done", "helper")
        assert task(club).status == "open"


def test_an_invitation_of_who_has_left_is_refused_and_a_private_question_is_over():
    with life(PACK, groups=[BOUND]) as club:
        club.join("li")
        opened(club, "right now?", "li", kind="snag-fixed")
        opened(club, "likes?", "li", kind="likes")
        leave(club, "li")

        assert [each.status for each in club.read(Task, order="id")] == ["void", "rejected"]


@pytest.mark.parametrize("choice", ["take", "reject", "done"])
def test_who_has_no_task_here_does_nothing_with_one(choice: str):
    with life(PACK, groups=[BOUND]) as club:
        club.join("li")
        before = opened(club)
        assert [line.reason for line in answer(club, choice, "li")] == ["not-staff"]
        assert task(club) == before


def test_the_figures_tell_how_soon_and_by_whom():
    with life(PACK, groups=[BOUND]) as club:
        for name in "abcd":
            opened(club, name, due_at=club.now + HOUR)
        club.now += 10 * 60_000
        answer(club, "take", "helper", "1")
        club.now += 20 * 60_000
        answer(club, "done", "helper", "1")
        club.now += 90 * 60_000
        answer(club, "done", "second", "2")
        answer(club, "reject", "boss", "3")
        with club.acting("boss") as context:
            found = task_figures.figures(context, [GROUP], 0)

        assert (found.opened, found.done, found.declined, found.waiting) == (4, 2, 1, 1)
        assert (found.overdue, found.in_time) == (1, 1)
        names = [people.shown(club.person(each)) for each in ("helper", "second")]
        assert found.helpers == tuple(Helper(name=each, done=1) for each in names)
        assert found.taken_ms is not None
        assert found.done_ms is not None
        assert found.taken_ms < found.done_ms
        words = texts(club.say("任务 统计", "boss"))[0]
        assert "新任务 4 项，做完 2 项" in words
        assert "33% 按时" in words


def test_a_member_learns_no_figures():
    with life(PACK, groups=[BOUND]) as club:
        club.join("li")
        opened(club, "mine", "li")
        assert "新任务" not in "".join(texts(club.say("任务 统计", "li")))
        assert club.read(Member, person=club.person("li").id) != []


def test_nobody_is_told_by_somebody_else_of_a_task_that_began_in_private():
    link = builders.group(owner="boss", staff=("helper",), channels={"link": GROUP})
    with life(PACK, groups=[link]) as club:
        with club.acting(group_id="") as context:
            tasks.open_task(
                context, kind="attach", to="staff", about="thing", words="做事 {}".format,
                due_at=club.now + HOUR,
            )  # fmt: skip

        assert club.wait(club.now + 4 * DAY) == []
        assert [each.kind for each in club.read(Task)] == ["attach"]
