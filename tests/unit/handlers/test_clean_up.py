"""Cleaning up: who is silent as far as it is known, who is spared, and what stops it."""

from dataclasses import replace
from typing import Any

import pytest

from handlers.clean_up import silent
from sop.actions import Action
from sop.activities import clean_up as policy
from sop.activities.clean_up import Asked
from sop.events import MemberLeft, TaskAnswered
from sop.model import CleanUp, CleanUpNotice, Group, HeardSince, Occurrence, Task
from tests import builders
from tests.builders import GROUP
from tests.lives import DAY, HOUR, Life, life, of, texts

BOUND = builders.group(owner="boss", staff=("helper",))
ARCHIVE = builders.group(
    owner="boss", staff=("helper",), channels={"customer": GROUP, "archive": GROUP}
)


def group(club: Life, bound: Group = BOUND) -> None:
    club.enforce(bound)
    club.join("helper", "li", "wang", "amy")


def write(club: Life, said: str, who: str = "boss") -> str:
    club.now += 1
    return "\n".join(texts(club.say(said, who, group="", key=f"w{club.now}"), "reply"))


def begun(club: Life, bound: Group = BOUND) -> None:
    group(club, bound)
    club.now += 100 * DAY
    assert "发「确认」" in write(club, "清理")
    write(club, "确认")


def out(club: Life, days: int = 8) -> list[Action]:
    return of(club.wait(club.now + days * DAY), "remove")


def notices(club: Life) -> dict[str, str]:
    found = {each.person: each.status for each in club.read(CleanUpNotice)}
    return {name: found[club.person(name).id] for name in ("li", "wang", "amy")}


@pytest.mark.parametrize(
    ("said", "asked"),
    [
        ("", Asked()), ("60天", Asked(days=60)), ("60", Asked(days=60)), ("60 d", Asked(days=60)),
        ("取消", Asked(stop=True)), ("29天", None), ("一下垃圾", None), ("60块", None),
        ("9999", None),
    ],
)  # fmt: skip
def test_what_is_asked_for(said: str, asked: Asked | None):
    assert policy.parse(said) == asked


def test_silence_counts_from_when_all_of_it_is_heard():
    mentions = replace(BOUND, channels={"aibot": GROUP})
    with life(groups=[mentions]) as club:
        group(club, mentions)
        club.now += 200 * DAY
        assert "听不全" in write(club, "清理")
        club.enforce(BOUND)
        assert "没有 90 天没出声" in write(club, "清理")

        club.now += 91 * DAY
        assert "li" in write(club, "清理").lower()
        club.enforce(mentions)
        assert club.read(HeardSince)[0].since == 0


@pytest.mark.parametrize(
    "fields",
    [
        {"paid": True}, {"layer": "core"}, {"role": "leader"}, {"nudges_off": True},
        {"role": "staff"},
    ],
)  # fmt: skip
def test_who_runs_leads_carries_or_pays_is_spared(fields: dict[str, Any]):
    with life(groups=[BOUND]) as club:
        group(club)
        with club.acting("li") as context:
            assert context.person is not None
            context.store.put(replace(context.person, **fields))
        club.now += 100 * DAY
        with club.acting("boss") as context:
            found, spared = silent.in_group(context, BOUND, 90 * DAY)

        names = {each.person.userid for each in found}
        assert ("li" in names, "wang" in names, spared) == (False, True, 2)


def test_a_week_after_everybody_was_told_the_silent_are_out():
    with life(groups=[BOUND]) as club:
        begun(club)
        told = of(club.tick(), "dm")
        assert len([line for line in told if line.member]) == 3
        club.say("我在", "li", key="here")
        assert "留下啦" in write(club, "在的", "wang")

        gone = out(club)
        assert [line.member for line in gone] == [str(club.person("amy").id)]
        assert notices(club) == {"li": "stayed", "wang": "stayed", "amy": "removed"}
        assert [each.status for each in club.read(CleanUp)] == ["done"]


@pytest.mark.parametrize("fields", [{"paid": True}, {"layer": "core"}, {"nudges_off": True}])
def test_who_is_to_be_spared_by_then_stays(fields: dict[str, Any]):
    with life(groups=[BOUND]) as club:
        begun(club)
        club.tick()
        with club.acting("li") as context:
            assert context.person is not None
            context.store.put(replace(context.person, **fields))

        assert len(out(club)) == 2
        assert notices(club)["li"] == "spared"


def test_nobody_is_out_where_the_group_was_not_heard_whole_meanwhile():
    with life(groups=[BOUND]) as club:
        begun(club)
        club.tick()
        club.now += DAY
        club.enforce(replace(BOUND, channels={"aibot": GROUP, "app": "app"}))
        club.now += DAY
        club.enforce(BOUND)

        lines = club.wait(club.now + 8 * DAY)
        assert of(lines, "remove") == []
        assert "没有听全" in "".join(texts(lines, "dm"))


def test_a_bot_that_was_down_at_the_end_waits_another_day():
    with life(groups=[BOUND]) as club:
        begun(club)
        club.tick()
        club.now += 9 * DAY
        assert of(club.tick(), "remove") == []
        club.say("我在", "li", key="here")

        assert len(out(club, 2)) == 2


def test_stopped_nobody_is_out_and_all_are_told():
    with life(groups=[BOUND]) as club:
        begun(club)
        club.tick()
        assert "正在进行" in write(club, "清理")
        club.now += 1
        lines = club.say("清理 取消", "boss", group="", key="stop")

        assert len([line for line in of(lines, "dm") if "取消啦" in line.text]) == 3
        assert out(club) == []
        assert "没有进行中" in write(club, "清理 取消")


def test_nothing_begins_without_a_list_that_was_just_shown():
    with life(groups=[BOUND]) as club:
        group(club)
        club.now += 100 * DAY
        assert "没有要确认" in write(club, "确认")
        write(club, "清理")
        assert "没有要确认" in write(club, "确认", "helper")
        club.now += HOUR
        assert "没有要确认" in write(club, "确认")
        assert club.read(Occurrence, kind="clean-up-tell") == []


def test_a_word_in_the_open_group_confirms_nothing():
    with life(groups=[BOUND]) as club:
        group(club)
        club.now += 100 * DAY
        write(club, "清理")
        assert of(club.say("确认", "boss", key="open"), "reply") == []
        assert club.read(CleanUpNotice) == []


def test_who_has_spoken_since_the_list_was_shown_is_not_told():
    with life(groups=[BOUND]) as club:
        group(club)
        club.now += 100 * DAY
        write(club, "清理")
        club.say("我在", "li", key="here")
        write(club, "确认")

        assert len(club.read(CleanUpNotice)) == 2


def test_where_nobody_can_be_written_to_people_tell_them_and_take_them_out():
    with life("score: {earn: {task: {points: 3}}}\n", groups=[ARCHIVE]) as club:
        begun(club, ARCHIVE)
        club.tick()
        (task,) = club.read(Task)
        assert "随便说一句" in task.prepared
        assert out(club, 30) == []

        answer(club, task.id)
        club.wait(club.now + 8 * DAY)
        (task,) = club.read(Task, kind="clean-up")
        assert all(name in task.text for name in ("Li", "Wang", "Amy"))
        for name in ("li", "wang"):
            leave(club, name)
        assert club.read(Task, kind="clean-up")[0].status == "open"
        leave(club, "amy")
        assert club.read(Task, kind="clean-up")[0].status == "done"


def answer(club: Life, number: int) -> None:
    club.now += 1
    club.happen(TaskAnswered, group=GROUP, task=str(number), choice="done", by="helper")


def leave(club: Life, who: str) -> None:
    club.now += 1
    club.happen(MemberLeft, group=GROUP, member=who)


def test_a_preview_does_nothing():
    with life(groups=[BOUND]) as club:
        group(club)
        club.now += 100 * DAY
        before = club.read(Occurrence, status="pending")
        write(club, "清理")
        assert club.read(Occurrence, status="pending") == before
        assert club.wait(club.now + 30 * DAY) == []
