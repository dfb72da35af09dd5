"""What owners see of the layers: many proposals in one message, who waits, strays, a way back."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from sop.actions import Action
from sop.events import MemberJoined, MemberLeft, RosterFetched
from sop.model import LayerMove, Outgoing, Person, Task
from tests import builders
from tests.builders import COMMUNITY, GROUP
from tests.lives import DAY, Life, life, of, texts

PACK = """
layers: {core: {enter: {paid: true}, leave: {paid: false}, size: 4, min_stay: 2d}}
steps: [{id: nightly, when: "21:00 daily", do: [{review: layers}]}]
"""
CORE = builders.group(id="core", kind="core", title="核心群", channels={"sandbox": "core"})
MEMBERS = ("amy", "bob", "cat", "dan", "eve")


@pytest.fixture
def club() -> Iterator[Life]:
    with life(PACK, groups=[builders.group(), CORE]) as made:
        made.enforce(builders.group(), CORE)
        made.join("owner", *MEMBERS)
        made.join("owner", group="core")
        yield made


def pay(club: Life, *userids: str, value: bool = True) -> None:
    found = [each for each in club.read(Person) if each.userid in userids]
    with club.acting() as context:
        for each in found:
            context.store.put(replace(each, paid=value))


def night(club: Life) -> list[Action]:
    return club.wait(club.now + DAY)


def say(club: Life, words: str) -> str:
    club.now += 1
    return "\n".join(texts(club.say(words, sender="owner", group=""), "reply", "dm"))


def moved(club: Life, userid: str, group: str, *, came: bool) -> None:
    club.now += 1
    kind = MemberJoined if came else MemberLeft
    club.handle(
        kind(key=f"{userid}:{group}:{club.now}", community=COMMUNITY, group=group, at=club.now,
             member=userid, moved=True)
    )  # fmt: skip


def layer(club: Life, userid: str) -> str:
    return next(each.layer for each in club.read(Person) if each.userid == userid)


def test_many_proposals_are_one_message_and_each_is_still_a_task(club: Life):
    pay(club, *MEMBERS)
    lines = night(club)

    assert len(of(lines, "task")) == 4
    (message,) = of(lines, "dm")
    assert message.to == "owner"
    assert "4 项建议" in message.text
    assert "同意 全部" in message.text
    assert [each.says for each in message.buttons] == ["同意 全部", "任务"]
    assert "还在等的有 1 位：Eve" in message.text
    assert [each.do for each in club.read(Outgoing)] == ["dm"]


def test_a_few_proposals_are_told_one_by_one(club: Life):
    pay(club, "amy", "bob")
    lines = night(club)

    assert of(lines, "dm") == []
    assert [each.do for each in club.read(Outgoing)] == ["task", "task"]


def test_staff_ask_how_the_layers_stand(club: Life):
    pay(club, *MEMBERS)
    night(club)
    say(club, "同意 1")

    told = say(club, "分层")
    assert "现在 1 位（名额 4）" in told
    assert "3 项：2、3、4" in told
    assert "正在换群：Amy" in told
    assert "等名额" in told
    assert of(club.say("分层", sender="amy", group=""), "reply")[0].text == (
        "这个命令要群主或管理员来用。"
    )


def test_who_is_proposed_does_not_wait_for_a_place_as_well(club: Life):
    pay(club, *MEMBERS)
    night(club)

    told = say(club, "分层")
    assert "4 项：1、2、3、4" in told
    assert "还在等的有 1 位：Eve（0 分，等名额）" in told


def test_where_a_place_is_free_the_next_review_is_waited_for(club: Life):
    pay(club, "amy")

    assert "Amy（0 分，等下次评议）" in say(club, "分层")


def test_who_has_not_stayed_long_enough_waits_for_that(club: Life):
    with club.acting() as context:
        person = next(each for each in context.store.find(Person) if each.userid == "amy")
        context.store.put(replace(person, paid=True, layer_since=club.now))

    assert "Amy（0 分，再过 2 天满最短停留期）" in say(club, "分层")


def test_a_change_is_taken_back_with_the_number_of_its_task(club: Life):
    pay(club, "amy")
    night(club)
    say(club, "同意 1")
    moved(club, "amy", "core", came=True)
    moved(club, "amy", GROUP, came=False)
    assert [each.status for each in club.read(LayerMove)] == ["done"]

    assert "撤回" not in "".join(texts(club.say("撤销 1", sender="bob", group="")))
    told = say(club, "撤销 1")
    assert "撤回" in told
    assert layer(club, "amy") == "regular"
    assert next(each.layer_since for each in club.read(Person) if each.userid == "amy") == 0
    assert [each.status for each in club.read(LayerMove)] == ["undone", "open"]
    halves = club.read(Outgoing, do__in=("add", "remove"))[2:]
    assert [(each.do, each.group) for each in halves] == [("add", GROUP), ("remove", "core")]
    assert "撤不回了" in say(club, "核心群 撤销 1")


def test_a_stray_in_the_core_group_is_asked_about_and_not_moved(club: Life):
    club.happen(RosterFetched, group="core", owner="owner", members=("owner", "bob"))
    lines = night(club)

    (task,) = club.read(Task, kind="stray")
    assert "同时在「核心群」和「晨读一群」里" in task.text
    assert of(lines, "add", "remove", "layer") == []
    say(club, f"拒绝 {task.id}")
    assert of(night(club), "task", "add", "remove") == []


def test_a_stray_who_belongs_becomes_one_of_the_core(club: Life):
    club.happen(RosterFetched, group="core", owner="owner", members=("owner", "bob"))
    night(club)
    say(club, f"同意 {club.read(Task, kind='stray')[0].id}")

    assert layer(club, "bob") == "core"


def test_who_has_left_the_core_group_is_proposed_for_the_regular_layer(club: Life):
    pay(club, "amy")
    night(club)
    say(club, "同意 1")
    club.happen(RosterFetched, group="core", owner="owner", members=("owner", "amy"))
    moved(club, "amy", GROUP, came=False)
    moved(club, "amy", "core", came=False)
    night(club)

    (task,) = club.read(Task, kind="demote")
    assert "已经自己离开核心群" in task.text
