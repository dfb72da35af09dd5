"""What could not be delivered becomes what people can do, or one line."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

import pytest

from handlers.ports import Context, Store
from handlers.steps import failures
from handlers.tasks import tasks
from sop.actions import Action
from sop.events import DeliveryFailed
from sop.model import Group, Note, Outgoing, Task
from tests import builders
from tests.builders import COMMUNITY, EVENING, GROUP
from tests.databases import rolled_back

RULES = "rules: {checks: [{id: ads, detect: ads, reason: 广告}]}"


@dataclass
class Post:
    """A lane whose deliveries fail."""

    store: Store

    @property
    def context(self) -> Context:
        return builders.context(self.store, builders.book(RULES), now=EVENING)

    def sent(self, do: str, *, group: str = GROUP, status: str = "failed", **body: Any) -> int:
        """Store a delivery; returns its number."""
        number = self.store.number(COMMUNITY, "outgoing")
        self.store.put(
            Outgoing(
                community=COMMUNITY, id=number, event_key="e", group=group, do=do,
                channel="sandbox", chat=group, klass="step", body=body, status=status,
                created_at=EVENING, not_before=EVENING,
            )
        )  # fmt: skip
        return number

    def fails(self, number: int, error: str = "93000: gone", *, unknown: bool = False) -> "Lines":
        event = DeliveryFailed(
            key=f"failed:{number}", community=COMMUNITY, group=GROUP, at=EVENING, action=number,
            error=error, unknown=unknown,
        )  # fmt: skip
        return failures.take_over(event, self.context).actions

    def open(self) -> list[Task]:
        return list(self.store.find(Task, status="open", order="id"))


Lines = tuple[Action, ...]


@contextmanager
def lane() -> Iterator[Post]:
    with rolled_back() as store:
        store.put(builders.group(staff=("helper",)))
        store.put(builders.group(id="core", kind="core", title="核心书友"))
        store.put(builders.person(7, name="李四"))
        store.put(builders.person(8, name="群主", userid="owner"))
        store.put(builders.member(7))
        yield Post(store)


@pytest.mark.parametrize("do", ["post", "reply"])
def test_a_message_that_failed_for_good_is_handed_over_with_its_text(do: str):
    with lane() as post:
        found = post.fails(post.sent(do, text="早读 01", file="week.pdf", step="morning"))

        assert [(each.do, each.to, each.step) for each in found] == [("task", "staff", "morning")]
        assert "晨读一群" in found[0].text
        assert found[0].text.endswith("早读 01\nweek.pdf")
        assert "93000" in found[0].text


def test_an_incident_of_thirty_lost_posts_is_one_task():
    with lane() as post:
        found = [
            post.fails(post.sent("post", text=f"第 {turn} 条"), "timeout", unknown=True)
            for turn in range(1, 31)
        ]

        (task,) = post.open()
        assert [len(each) for each in found] == [1] + [0] * 29
        assert "有 30 条消息没收到确认" in task.text
        assert "第 1 条" in task.text
        assert "第 5 条" in task.text
        assert "第 6 条" not in task.text
        assert "后面还有 25 条" in task.text


def test_each_group_has_its_own_incident_and_a_closed_one_is_over():
    with lane() as post:
        post.fails(post.sent("post", text="一"), "timeout", unknown=True)
        post.fails(post.sent("post", text="二", group="core"), "timeout", unknown=True)
        first, second = post.open()
        tasks.answer(post.context, first, "done", 8, {})
        post.fails(post.sent("post", text="三"), "timeout", unknown=True)

        assert (first.group, second.group) == (GROUP, "core")
        assert [each.about for each in post.open()] == ["unknown:core", f"unknown:{GROUP}"]
        assert "有 1 条" in post.open()[1].text


@pytest.mark.parametrize(
    ("do", "words"),
    [
        pytest.param("add", "请把 李四 邀请进「晨读一群」", id="add"),
        pytest.param("remove", "请把 李四 移出「晨读一群」", id="remove"),
        pytest.param("create", "请建一个群「晨读一群」", id="create"),
    ],
)
def test_a_move_that_failed_is_done_by_hand(do: str, words: str):
    with lane() as post:
        found = post.fails(post.sent(do, member="7", rule="ads" if do == "remove" else ""))

        asked = [] if do == "create" else ["fetch_roster"]
        assert [each.do for each in found] == ["task", *asked]
        assert words in found[0].text
        assert post.open()[0].kind == do


def test_a_failed_add_calls_off_the_removal_that_waited_for_it():
    with lane() as post:
        waiting = post.sent("remove", status="pending", member="7", after_add=True)
        other = post.sent("remove", status="pending", member="8", after_add=True)

        found = post.fails(post.sent("add", group="core", member="7"))

        assert "邀请 李四 进「核心书友」" in found[0].text
        assert "离开「晨读一群」" in found[0].text
        status = {each.id: each.status for each in post.store.find(Outgoing, do="remove")}
        assert status == {waiting: "dropped", other: "pending"}


def test_a_reminder_that_cannot_reach_is_passed_on_by_staff():
    with lane() as post:
        found = post.fails(post.sent("dm", to="7", member="7", rule="ads", text="…"))

        assert [(each.do, each.to, each.member, each.rule) for each in found] == [
            ("task", "staff", "7", "ads")
        ]
        assert "请私下提醒 李四" in found[0].text
        assert "广告" in found[0].text


@pytest.mark.parametrize(
    ("do", "body", "reason"),
    [
        pytest.param("dm", {"to": "7", "step": "nudge"}, "unreachable", id="a nudge"),
        pytest.param("task", {"to": "8"}, "failed", id="the announcement of a task"),
        pytest.param("dm", {"to": "8", "text": "x"}, "unreachable", id="a word to the owner"),
        pytest.param("dm", {"to": "8,9", "text": "x"}, "unreachable", id="a word to the staff"),
        pytest.param("dm", {"to": "99", "text": "x"}, "unreachable", id="a person nobody knows"),
    ],
)
def test_what_nobody_needs_to_do_by_hand_is_only_noted(do: str, body: dict[str, str], reason: str):
    with lane() as post:
        found = post.fails(post.sent(do, **body))

        assert [(each.do, each.reason, each.group) for each in found] == [
            ("dropped", reason, GROUP)
        ]
        assert [each.body["reason"] for each in post.store.find(Note)] == [reason]
        assert post.open() == []


def test_a_look_at_a_roster_that_came_to_nothing_is_noted_and_made_again():
    with lane() as post:
        found = post.fails(post.sent("fetch_roster"))

        assert [(each.do, each.reason) for each in found] == [
            ("dropped", "failed"), ("fetch_roster", "")
        ]  # fmt: skip
        assert found[1].not_before > 0
        assert post.open() == []


@pytest.mark.parametrize("do", ["dm", "reply"])
def test_a_promised_private_word_is_passed_on_by_staff(do: str):
    with lane() as post:
        found = post.fails(post.sent(do, group="", to="7", text="你的券：A1"))

        assert [each.do for each in found] == ["task"]
        assert "私信给 李四" in found[0].text
        assert "你的券：A1" in found[0].text
        assert post.open()[0].group == GROUP


@pytest.mark.parametrize("do", ["post", "reply", "dm"])
def test_what_came_too_late_is_dropped_without_a_task(do: str):
    with lane() as post:
        found = post.fails(post.sent(do, to="7", text="早", step="morning"), "expired")

        assert [(each.do, each.step, each.reason) for each in found] == [
            ("dropped", "morning", "expired")
        ]
        assert post.open() == []


def test_a_measure_that_came_too_late_is_still_owed():
    with lane() as post:
        found = post.fails(post.sent("dm", to="7", rule="ads", text="…"), "expired")

        assert [each.do for each in found] == ["task"]


def test_a_delivery_nobody_knows_is_ignored():
    with lane() as post:
        assert post.fails(404) == ()


def test_what_the_bot_says_cannot_break_the_gathering():
    with lane() as post:
        group = post.store.get(Group, COMMUNITY, GROUP)
        assert group is not None
        post.store.put(replace(group, title="{error} %s"))
        for text in ("{number}\n----\n{x}", "\n----\n" * 9, ""):
            post.fails(post.sent("post", text=text), "timeout", unknown=True)

        assert "有 3 条" in post.open()[0].text


@pytest.mark.parametrize("unknown", [False, True])
def test_a_picture_that_did_not_arrive_is_nobody_s_task(unknown: bool):  # noqa: FBT001 - a case
    with lane() as post:
        number = post.sent("post", picture={"kind": "certificate"}, words=1)

        (line,) = post.fails(number, unknown=unknown)

        assert (line.do, line.reason, post.open()) == ("dropped", "picture", [])
