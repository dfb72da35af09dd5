"""Human tasks: one for one thing, closed once, by whom it concerns."""

from typing import Any

import pytest

from handlers.ports import Context
from handlers.staff import consequences
from handlers.tasks import tasks
from sop.actions import Action
from sop.events import TaskAnswered
from sop.model import LedgerEntry, Task
from tests import builders
from tests.builders import GROUP
from tests.lives import HOUR, Life, life, of, texts

PACK = "score: {earn: {task: {points: 3}}}\n"
BOUND = builders.group(owner="boss", staff=("helper",))


def opened(context: Context, about: str = "thing", **fields: Any) -> tuple[Action, ...]:
    values = {"kind": "host", "to": "staff", "words": "做事 {}".format, **fields}
    return tasks.open_task(context, about=about, **values)  # type: ignore[arg-type] # a test's defaults


def answer(club: Life, choice: str, by: str, task: str = "latest") -> list[Action]:
    club.now += 1
    return club.happen(TaskAnswered, group=GROUP, task=task, choice=choice, by=by)


def test_a_thing_has_one_open_task_and_may_have_another_later():
    with life(PACK, groups=[BOUND]) as club, club.acting() as context:
        (line,) = opened(context)
        assert opened(context) == ()
        tasks.void(context, "thing")
        tasks.void(context, "thing")
        (again,) = opened(context)

        assert (line.text, again.text, line.due_at, line.member) == ("做事 1", "做事 2", None, "")
        assert [task.status for task in context.store.find(Task)] == ["void", "open"]


@pytest.mark.parametrize(("by", "may"), [("boss", True), ("HELPER", True), ("li", False)])
def test_a_task_is_closed_once_and_pays_whoever_closed_it(by: str, *, may: bool):
    with life(PACK, groups=[BOUND]) as club:
        with club.acting() as context:
            opened(context)
        lines = answer(club, "done", by)
        again = answer(club, "done", by, "1")

        (task,) = club.read(Task)
        assert task.status == ("done" if may else "open")
        assert len(of(lines, "points")) == may
        assert of(again, "points") == []
        assert len(club.read(LedgerEntry)) == may
        if may:
            assert (task.closed_by, task.closed_at) == (club.person(by.lower()).id, club.now - 1)
        else:
            assert [line.reason for line in lines] == ["not-staff"]


def test_a_task_given_to_somebody_is_theirs_to_close():
    with life(PACK, groups=[BOUND]) as club:
        with club.acting("li") as context:
            opened(context, to=str(context.person_id))
        assert of(answer(club, "done", "amy"), "error") != []
        assert len(of(answer(club, "done", "li"), "points")) == 1


@pytest.mark.parametrize(
    ("kind", "choice", "reason"),
    [
        ("host", "approve", "no-choice"), ("appeal", "done", "needs-choice"),
        ("host", "perhaps", "unknown-choice"),
    ],
)  # fmt: skip
def test_an_answer_must_fit_the_question(kind: str, choice: str, reason: str):
    with life(PACK, groups=[BOUND]) as club:
        with club.acting() as context:
            opened(context, kind=kind)
        assert [line.reason for line in answer(club, choice, "boss")] == [reason]
        assert club.read(Task)[0].status == "open"


@pytest.mark.parametrize("number", ["latest", "7", "²", "seven", ""])
def test_a_task_that_does_not_exist_cannot_be_answered(number: str):
    with life(PACK, groups=[BOUND]) as club:
        assert [line.reason for line in answer(club, "done", "boss", number)] == ["unknown-task"]


def test_the_latest_task_is_the_newest_open_one_of_the_group():
    with life(PACK, groups=[BOUND]) as club:
        with club.acting() as context:
            for about, group in (("a", GROUP), ("b", GROUP), ("c", "g2")):
                opened(context, about, group=group)
        answer(club, "done", "boss")
        answer(club, "done", "boss")

        assert [task.status for task in club.read(Task, order="id")] == ["done", "done", "open"]


def test_whoever_a_task_waits_for_is_reminded_once_at_its_deadline():
    with life(PACK, groups=[BOUND]) as club:
        with club.acting() as context:
            opened(context, "late", due_at=club.now + HOUR)
            opened(context, "in time", due_at=club.now + HOUR)
            opened(context, "past", due_at=club.now - 1)
        answer(club, "done", "boss", "2")
        lines = club.wait(club.now + HOUR)

        assert [(line.do, line.to) for line in lines] == [("dm", "staff")]
        assert "1. 做事 1" in texts(lines)[0]
        assert "3. 做事 3" in texts(lines)[0]
        assert [bool(task.reminded_at) for task in club.read(Task, order="id")] == [
            True,
            False,
            True,
        ]


def test_no_task_is_opened_to_remind_staff_of_a_task():
    unreachable = builders.group(owner="boss", staff=("helper",), channels={"webhook": GROUP})
    with life(PACK, groups=[unreachable]) as club:
        with club.acting() as context:
            opened(context, due_at=club.now + HOUR)

        assert club.wait(club.now + 5 * HOUR) == []
        (task,) = club.read(Task)
        assert task.told == ("owner",)


def test_what_is_to_be_decided_has_somebody_who_carries_it_out():
    assert consequences.TABLE.keys() == {
        "appeal", "promote", "demote", "confirm-removal", "approve-claim", "merge", "split",
        "likes", "share-invite", "share-hosted", "review-entry", "snag-fixed", "invites", "relay",
        "confirm-breach", "leader-application", "leader-ballot", "leader-certify", "leader-away",
        "volunteer-application", "tag",
        "roster-doubt", "stray", "offers", "report", "raid", "admit",
    }  # fmt: skip
    assert set(tasks.CHOICES) == {"approve", "reject", "done"}


@pytest.mark.parametrize("number", ["9" * 19, "9" * 5_000, "99"], ids=["64 bits", "pages", "none"])
def test_a_number_that_no_task_can_have_is_an_unknown_task(number: str):
    with life(PACK, groups=[BOUND]) as club:
        with club.acting() as context:
            opened(context)
            assert tasks.find_task(context, number, GROUP) is None
        answer(club, "done", "boss", number)

        assert [task.status for task in club.read(Task)] == ["open"]
