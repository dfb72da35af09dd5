"""Unanswered questions: who may know is asked privately, one after the other, then staff."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from handlers.ports import Context
from sop.actions import Action
from sop.model import Member, Person
from tests.builders import COMMUNITY, EVENING, GROUP
from tests.unit.handlers.talking import MINUTE, PACK, Talk, talking, words

HALF = 10 * MINUTE


@pytest.fixture
def talk() -> Iterator[Talk]:
    with talking() as found:
        yield ready(found)


def ready(talk: Talk) -> Talk:
    """Chen answered what Zhao asked about refunds, and that was accepted; a slot is open."""
    talk.slot(escalate_after="10m", title="答疑")
    for name in ("zhao", "chen", "wang", "boss"):
        talk.say(name, "大家好")
    talk.command("ask", "zhao", "退款多久到账")
    talk.command("answer", "chen", "1 三天")
    talk.command("accept", "zhao", "2")
    talk.now += MINUTE
    return talk


def change(talk: Talk, name: str, **changes: Any) -> None:
    def work(context: Context) -> None:
        (person,) = context.store.find(Person, community=COMMUNITY, name=name)
        context.store.put(replace(person, **changes))

    talk.run(None, work)


def asked_next(talk: Talk) -> list[Action]:
    return talk.until(talk.now + HALF)


def test_who_answered_the_like_is_asked_privately_then_staff(talk: Talk):
    talk.command("ask", "wang", "退款怎么操作到哪个账户")

    first = asked_next(talk)

    assert [line.do for line in first] == ["dm"]
    assert first[0].text.startswith("chen，「晨读一群」有位伙伴在问（问题 3）：退款怎么操作")
    assert "回答 3" in first[0].text
    assert [line.do for line in asked_next(talk)] == ["task"]
    assert talk.items()[-1] == (3, "question", "escalated")


def test_who_has_the_tag_comes_first_and_each_is_asked_once(talk: Talk):
    change(talk, "wang", tags=("退款",))
    talk.command("ask", "zhao", "退款怎么操作到哪个账户")

    named = [line.text.partition("，")[0] for _ in range(2) for line in asked_next(talk)]

    assert named == ["wang", "chen"]
    assert [line.do for line in asked_next(talk)] == ["task"]


@pytest.mark.parametrize(
    "changes",
    [{"nudges_off": True}, {"muted_until": EVENING + 999 * MINUTE}, {"userid": "boss"}],
    ids=["do not disturb", "muted", "staff"],
)
def test_who_is_not_to_be_addressed_is_left_alone(talk: Talk, changes: dict[str, Any]):
    change(talk, "chen", **changes)
    talk.command("ask", "wang", "退款怎么操作到哪个账户")

    assert [line.do for line in asked_next(talk)] == ["task"]


def test_who_left_is_not_asked(talk: Talk):
    def leave(context: Context) -> None:
        (person,) = context.store.find(Person, community=COMMUNITY, name="chen")
        member = context.store.get(Member, COMMUNITY, GROUP, person.id)
        assert member is not None
        context.store.put(replace(member, left_at=talk.now))

    talk.run(None, leave)
    talk.command("ask", "wang", "退款怎么操作到哪个账户")

    assert [line.do for line in asked_next(talk)] == ["task"]


def test_the_asker_is_not_asked_for_their_own_question(talk: Talk):
    talk.command("ask", "chen", "退款怎么操作到哪个账户")

    assert [line.do for line in asked_next(talk)] == ["task"]


def test_an_answer_meanwhile_ends_it(talk: Talk):
    talk.command("ask", "wang", "退款怎么操作到哪个账户")
    asked_next(talk)
    talk.command("answer", "chen", "3 找客服")

    assert asked_next(talk) == []


def test_a_private_message_beyond_the_members_budget_goes_to_somebody_else():
    with talking(f"budget: {{member: 1/day}}\n{PACK}") as talk:
        ready(talk)
        talk.command("ask", "wang", "退款怎么操作到哪个账户")
        assert "chen" in words(asked_next(talk), "dm")
        talk.command("ask", "wang", "退款到哪个账户能改吗")

        assert all(line.do == "task" for line in asked_next(talk))


def test_near_the_end_people_on_duty_are_asked(talk: Talk):
    talk.command("ask", "wang", "退款怎么操作到哪个账户")
    talk.now = EVENING + 55 * MINUTE
    talk.until(talk.now)

    assert [task.kind for task in talk.tasks()] == ["question"]


def test_in_quiet_hours_nobody_is_disturbed_who_is_not_on_duty():
    with talking(PACK.replace("22:30", "20:05")) as talk:
        ready(talk)
        talk.command("ask", "wang", "退款怎么操作到哪个账户")

        assert [line.do for line in asked_next(talk)] == ["task"]


def test_who_was_asked_is_remembered_over_a_restart(tmp_path: Path):
    path = tmp_path / "q.db"
    with talking(path=path) as before:
        ready(before)
        before.command("ask", "wang", "退款怎么操作到哪个账户")
        assert [line.do for line in asked_next(before)] == ["dm"]
        now = before.now
    with talking(path=path, now=now) as after:
        assert [line.do for line in asked_next(after)] == ["task"]
