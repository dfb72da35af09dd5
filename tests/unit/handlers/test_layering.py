"""Proposals and moves between the layers, on a real database."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

import pytest

from handlers.layers import layering
from handlers.ports import Context, Store
from handlers.posting import deliveries, outbox
from sop.actions import Action
from sop.book import Book
from sop.events import PackEnforced
from sop.model import Group, LedgerEntry, Member, Occurrence, Person, Task
from tests import builders
from tests.builders import COMMUNITY, EVENING, GROUP
from tests.databases import rolled_back

DAY = 86_400_000

REVIEWED = """
score: {window: 30d, earn: {message: {points: 1}}}
steps:
  - {id: weekly, when: "21:00 sun", do: [{review: layers}]}
  - {id: bravo, when: member.promoted, do: [{post: hello}]}
  - {id: inside, in: core, when: member.promoted, do: [{post: hello}]}
layers:
  core: {%s}
"""

CORE = 'enter: {score: ">= 120"}, leave: {score: "< 80"}, min_stay: 14d, size: 2'


@dataclass
class Scene:
    """A community with a regular and a core group, reviewed by its pack."""

    store: Store
    book: Book
    now: int = EVENING

    @property
    def context(self) -> Context:
        return builders.context(self.store, self.book, now=self.now)

    def member(self, number: int, points: int = 0, *, of: str = GROUP, **fields: Any) -> Person:
        """Store somebody with points earned yesterday."""
        joined = fields.pop("joined_at", 1)
        made = builders.person(number, name=f"成员{number}", **fields)
        self.store.put(made)
        if of:
            self.store.put(builders.member(number, group=of, joined_at=joined))
        if points:
            self.earn(number, points)
        return made

    def earn(self, number: int, points: int) -> None:
        made = self.person(number)
        entry = self.store.number(COMMUNITY, "ledger")
        self.store.put(
            LedgerEntry(
                community=COMMUNITY, id=entry, person=number, group=GROUP, deed="message",
                points=points, standing=points, source=f"s{entry}", step="", version="v1",
                at=self.now - DAY,
            )
        )  # fmt: skip
        self.store.put(replace(made, score=made.score + points))

    def review(self) -> tuple[Action, ...]:
        step = self.book.step("weekly")
        assert step is not None
        return layering.review(self.context, step)

    def later(self, ms: int) -> None:
        self.now += ms

    def person(self, number: int) -> Person:
        found = self.store.get(Person, COMMUNITY, number)
        assert found is not None
        return found

    def open(self) -> list[Task]:
        return list(self.store.find(Task, status="open", order="id"))

    def decide(self, task: Task, choice: str) -> tuple[Action, ...]:
        """Answer a proposal as `tasks.answer` does."""
        status = {"approve": "approved", "reject": "rejected", "done": "done"}[choice]
        closed = replace(task, status=status, closed_at=self.now, closed_by=1)
        self.store.put(closed)
        decide = {"promote": layering.decide_promotion, "demote": layering.decide_demotion}
        return decide[task.kind](self.context, closed, choice)


@contextmanager
def scene(core: str = CORE, **channels: dict[str, str]) -> Iterator[Scene]:
    """Open a scene; `regular` and `inner` may say the channels of the groups."""
    with rolled_back() as store:
        store.put(builders.group(channels=channels.get("regular", {"sandbox": GROUP})))
        store.put(
            builders.group(
                id="core", kind="core", title="核心书友",
                channels=channels.get("inner", {"sandbox": "core"}),
            )
        )  # fmt: skip
        yield Scene(store, builders.book(REVIEWED % core))


def lines(actions: tuple[Action, ...]) -> list[tuple[str, str, str]]:
    return [(each.do, each.group, each.member) for each in actions]


def test_who_qualifies_is_proposed_to_the_owner_with_reasons():
    with scene() as club:
        club.member(7, 120)
        club.member(8, 119)

        found = club.review()

        assert [(each.do, each.to, each.member) for each in found] == [("task", "owner", "7")]
        assert "成员7" in found[0].text
        assert "近期贡献 120 分（要求 ≥120）" in found[0].text
        assert [(each.kind, each.about) for each in club.open()] == [("promote", "promote:7")]


def test_between_leaving_and_entering_nothing_happens():
    with scene() as club:
        club.member(7, 100)
        club.member(8, 100, of="core", layer="core", layer_since=1)
        club.member(9, 80, of="core", layer="core", layer_since=1)

        assert club.review() == ()


def test_who_fell_below_is_proposed_for_the_way_back():
    with scene() as club:
        club.member(7, 79, of="core", layer="core", layer_since=1)

        found = club.review()

        assert [(each.to, each.member) for each in found] == [("owner", "7")]
        assert club.open()[0].about == "demote:7"


def test_the_same_review_twice_proposes_once():
    with scene() as club:
        club.member(7, 150)

        first, second = club.review(), club.review()
        club.later(DAY)
        third = club.review()

        assert (len(first), second, third) == (1, (), ())
        assert len(club.open()) == 1


def test_places_go_to_the_highest_scores_then_to_whoever_joined_earlier():
    with scene() as club:
        club.member(3, 90, of="core", layer="core", layer_since=1)
        club.member(7, 150, joined_at=50)
        club.member(8, 150, joined_at=40)
        club.member(9, 130)

        found = club.review()

        assert [each.member for each in found if each.do == "task"] == ["8"]
        assert "2 位：成员7（150 分，等名额）、成员9（130 分，等名额）" in found[-1].text


def test_an_open_proposal_keeps_its_place():
    with scene() as club:
        club.member(7, 150)
        club.member(8, 140)
        club.review()
        club.member(9, 500)
        club.later(7 * DAY)

        assert [(each.do, each.to) for each in club.review()] == [("dm", "owner")]
        club.later(7 * DAY)
        assert club.review() == ()


def test_a_proposal_that_no_longer_holds_is_closed_and_frees_its_place():
    with scene('enter: {score: ">= 120"}, size: 1') as club:
        club.member(7, 150)
        club.review()
        club.earn(7, -100)
        club.member(8, 130)
        club.later(DAY)

        assert [each.member for each in club.review()] == ["8"]
        assert [each.about for each in club.open()] == ["promote:8"]


@pytest.mark.parametrize(
    ("layer", "points", "away", "count"),
    [
        pytest.param("core", 10, 14 * DAY - 1, 0, id="too early to leave"),
        pytest.param("core", 10, 14 * DAY, 1, id="long enough to leave"),
        pytest.param("regular", 200, 14 * DAY - 1, 0, id="too early to come back"),
        pytest.param("regular", 200, 14 * DAY, 1, id="long enough to come back"),
    ],
)
def test_a_layer_is_kept_for_its_least_stay(layer: str, points: int, away: int, count: int):
    with scene() as club:
        where = "core" if layer == "core" else GROUP
        club.member(7, points, of=where, layer=layer, layer_since=EVENING - away)

        assert len(club.review()) == count


def test_a_score_that_fell_unheard_demotes_nobody():
    with scene(inner={"appchat": "core", "aibot": "core"}) as club:
        club.member(7, 10, of="core", layer="core", layer_since=1)

        assert club.review() == ()


def test_active_days_nobody_could_hear_promote_nobody():
    core = 'enter: {score: ">= 120", active_days: ">= 1 in 30d"}'
    with scene(core, regular={"aibot": GROUP}) as club:
        club.member(7, 150, active=("2026-12-01", "2026-12-02"))

        assert club.review() == ()


def test_days_heard_in_one_group_count_though_another_is_deaf():
    core = 'enter: {score: ">= 120", active_days: ">= 2 in 30d"}'
    with scene(core) as club:
        club.store.put(builders.group(id="deaf", channels={"aibot": "deaf"}))
        club.member(7, 150, active=("2026-12-01", "2026-12-02"))
        club.store.put(builders.member(7, group="deaf", joined_at=0))

        assert [each.member for each in club.review()] == ["7"]


def test_a_figure_from_a_deaf_group_says_so():
    with scene(regular={"aibot": GROUP}) as club:
        club.member(7, 150)

        assert "只统计到听得见的消息" in club.review()[0].text


@pytest.mark.parametrize("userid", ["owner", "OWNER", "helper"])
def test_owner_and_staff_are_never_proposed(userid: str):
    with scene() as club:
        club.store.put(builders.group(staff=("helper",)))
        club.member(7, 200, userid=userid)

        assert club.review() == ()


def test_who_is_in_no_group_is_not_proposed():
    with scene() as club:
        club.member(7, 200, of="")
        club.store.put(builders.member(8, left_at=5))
        club.member(8, 200, of="")

        assert club.review() == ()


def test_approved_adds_to_the_core_first_and_then_takes_out_of_the_regular_group():
    with scene() as club:
        club.member(7, 150)
        club.review()

        done = club.decide(club.open()[0], "approve")

        assert lines(done) == [
            ("layer", GROUP, "7"), ("add", "core", "7"), ("remove", GROUP, "7"),
            ("dm", "core", "7"),
        ]  # fmt: skip
        assert done[0].text == "core"
        assert done[2].reason == deliveries.AFTER_ADD
        assert "核心书友" in done[3].text
        assert (club.person(7).layer, club.person(7).layer_since) == ("core", EVENING)


def test_the_steps_of_a_promotion_are_planned_where_they_belong():
    with scene() as club:
        club.member(7, 150)
        club.review()

        club.decide(club.open()[0], "approve")

        planned = club.store.find(Occurrence, status="pending", kind="step", order="step")
        assert [(row.step, row.group, row.subject) for row in planned] == [
            ("bravo", GROUP, "7"), ("inside", "core", "7"),
        ]  # fmt: skip


def test_rejected_changes_nothing_and_is_not_asked_again_the_same_day():
    with scene() as club:
        club.member(7, 150)
        club.review()

        assert club.decide(club.open()[0], "reject") == ()
        assert club.person(7).layer == "regular"
        club.later(DAY // 2)
        assert club.review() == ()
        club.later(DAY)
        assert len(club.review()) == 1


def test_an_automatic_review_moves_at_once_and_fills_a_place_just_freed():
    with scene(f"{CORE.replace('size: 2', 'size: 1')}, approve: auto") as club:
        club.member(3, 10, of="core", layer="core", layer_since=1)
        club.member(7, 150)

        found = club.review()

        assert [(each.text, each.member) for each in found if each.do == "layer"] == [
            ("regular", "3"), ("core", "7"),
        ]  # fmt: skip
        assert club.open() == []


def test_keep_regular_takes_nobody_out():
    with scene(f"{CORE}, keep_regular: true") as club:
        club.member(7, 150)
        club.review()

        done = club.decide(club.open()[0], "approve")

        assert [each.do for each in done] == ["layer", "add", "dm"]


def test_without_a_channel_that_adds_one_task_says_all_of_it():
    with scene(inner={"link": "core"}) as club:
        club.member(7, 150)
        club.review()

        done = club.decide(club.open()[0], "approve")

        assert [each.do for each in done] == ["layer", "task", "dm"]
        assert "邀请 成员7 进「核心书友」" in done[1].text
        assert "离开「晨读一群」" in done[1].text


def test_without_a_channel_that_removes_that_part_is_a_task():
    with scene(regular={"link": GROUP}) as club:
        club.member(7, 150)
        club.review()

        done = club.decide(club.open()[0], "approve")

        assert [each.do for each in done] == ["layer", "add", "task", "dm"]
        assert "等 TA 进群之后" in done[2].text


def test_without_a_core_group_the_move_waits_for_one():
    with scene() as club:
        core = club.store.get(Group, COMMUNITY, "core")
        assert core is not None
        club.store.put(replace(core, retired=True))
        club.member(7, 150)
        club.review()

        approved = club.decide(club.open()[0], "approve")
        club.store.put(core)
        moved = club.decide(club.open()[0], "approve")

        assert [each.do for each in approved] == ["layer", "task"]
        assert approved[1].to == "owner"
        assert [each.do for each in moved] == ["add", "remove", "dm"]


def test_who_wants_no_nudges_is_moved_without_a_word():
    with scene() as club:
        club.member(7, 150, nudges_off=True)
        club.review()

        done = club.decide(club.open()[0], "approve")

        assert [each.do for each in done] == ["layer", "add", "remove"]


def test_a_demotion_leads_back_to_the_groups_left_for_the_core():
    with scene() as club:
        club.store.put(builders.group(id="g2"))
        club.store.put(builders.group(id="g3"))
        club.member(7, 150)
        club.store.put(builders.member(7, group="g2"))
        club.store.put(builders.member(7, group="g3", left_at=5))
        club.review()
        club.decide(club.open()[0], "approve")
        for name in (GROUP, "g2"):
            club.store.put(builders.member(7, group=name, left_at=club.now))
        club.store.put(builders.member(7, group="core", joined_at=club.now))
        club.later(40 * DAY)
        club.review()

        done = club.decide(club.open()[0], "approve")

        assert lines(done) == [
            ("layer", GROUP, "7"), ("add", GROUP, "7"), ("add", "g2", "7"),
            ("remove", "core", "7"), ("dm", "core", "7"),
        ]  # fmt: skip
        assert done[0].text == "regular"
        assert done[3].reason == deliveries.AFTER_ADD
        assert club.person(7).layer == "regular"


def test_who_left_every_group_is_not_called_back():
    with scene() as club:
        club.member(7, 10, of="", layer="core", layer_since=1)
        club.store.put(builders.member(7, group="core", left_at=5))
        club.review()

        done = club.decide(club.open()[0], "approve")

        assert lines(done) == [("layer", GROUP, "7")]


def test_no_layer_change_is_ever_posted_to_a_group():
    with scene() as club:
        club.member(7, 150)
        club.member(8, 10, of="core", layer="core", layer_since=1)
        club.review()

        done = [line for task in club.open() for line in club.decide(task, "approve")]

        assert len(done) > 4
        assert not [each for each in done if each.do in ("post", "reply") or each.mention]


@pytest.mark.parametrize("kind", ["promote", "demote"])
@pytest.mark.parametrize("choice", ["approve", "reject", "done"])
def test_a_proposal_about_a_person_nobody_knows_does_nothing(kind: str, choice: str):
    with scene() as club:
        task = Task(
            community=COMMUNITY, id=1, group=GROUP, kind=kind, to="owner", text="", person=99,
            about=f"{kind}:99", created_at=1,
        )  # fmt: skip

        assert club.decide(task, choice) == ()


def test_a_second_approval_moves_nobody_twice():
    with scene() as club:
        club.member(7, 150)
        club.review()
        task = club.open()[0]
        club.decide(task, "approve")

        assert club.decide(task, "approve") == ()


def test_an_approval_beyond_the_size_waits():
    with scene() as club:
        club.member(7, 150)
        club.review()
        for number in (1, 2):
            club.member(number, 100, of="core", layer="core", layer_since=1)

        done = club.decide(club.open()[0], "approve")

        assert [(each.do, each.to) for each in done] == [("dm", "1")]
        assert "名额满了" in done[0].text
        assert club.person(7).layer == "regular"


def test_two_thousand_members_cost_few_statements():
    core = 'enter: {score: ">= 120", active_days: ">= 8 in 30d"}, leave: {score: "< 80"}'
    with scene(core) as club:
        for number in range(1, 2_001):
            club.store.put(builders.person(number, score=number % 200, scored_at=EVENING))
            club.store.put(builders.member(number))
        counted: list[str] = []
        store = _Counting(club.store, counted)

        found = replace(club, store=store).review()

        assert found == ()
        assert len(counted) < 20


@dataclass
class _Counting:
    """A store that counts the statements which need one."""

    inner: Store
    counted: list[str]

    def __getattr__(self, name: str) -> Any:
        if name in ("find", "count", "total"):
            self.counted.append(name)
        return getattr(self.inner, name)


def test_a_community_without_a_core_is_not_reviewed():
    with scene() as club:
        club.member(7, 500)
        step = club.book.step("weekly")
        assert step is not None

        assert layering.review(replace(club.context, book=builders.book()), step) == ()


def test_an_approved_move_is_delivered_in_order():
    with scene() as club:
        club.member(7, 150)
        club.review()
        actions = club.decide(club.open()[0], "approve")
        event = PackEnforced(key="x", community=COMMUNITY, at=club.now, version="v1")

        sent = outbox.dispatch(club.context, event, actions).outgoing

        assert [(each.do, each.body.get("after_add", False)) for each in sent] == [
            ("add", False), ("remove", True), ("dm", False),
        ]  # fmt: skip


def test_memberships_elsewhere_do_not_matter():
    with scene() as club:
        club.member(7, 150, of="unbound")

        assert club.review() == ()
        assert club.store.get(Member, COMMUNITY, "unbound", 7) is not None
