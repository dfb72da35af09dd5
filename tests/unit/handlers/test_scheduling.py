"""Occurrences: planned once, run once, whatever stops and starts in between."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from handlers.timing import scheduling
from sop.events import GroupAdopted, GroupCreated, MemberLeft
from sop.model import Occurrence, Outgoing, StepRun
from tests import builders
from tests.builders import COMMUNITY, EVENING, GROUP
from tests.lives import DAY, HOUR, MINUTE, Life, life, of, texts

PACK = """
steps:
  - {id: morning, when: "08:00 daily", missed: all, grace: 30d, do: [{post: 早}]}
  - {id: opening, when: group.created + 2h, grace: 30d, do: [{post: 开群啦}]}
  - {id: hello, when: member.joined + 1h, grace: 30d, do: [{dm: 你好}]}
  - {id: chained, when: {after: opening, delay: 30m}, grace: 30d, do: [{post: 接着来}]}
"""


FRESH = builders.group(created_at=0)
"""A group that is bound and has not begun."""


def created(club: Life, **fields: object) -> GroupCreated:
    values = {"key": "created", "community": COMMUNITY, "group": GROUP, "at": club.now, **fields}
    return GroupCreated(**{"owner": "boss", "members": ("old",), **values})  # type: ignore[arg-type] # a test's defaults


turns = st.tuples(
    st.sampled_from([0, 1, 45 * MINUTE, 5 * HOUR, 30 * HOUR]), st.integers(1, 4),
    st.booleans(), st.booleans(),
)  # fmt: skip


@given(st.lists(turns, max_size=10))
@settings(max_examples=8, deadline=None)
def test_no_pattern_of_restarts_loses_or_doubles_a_run(told: list[tuple[int, int, bool, bool]]):
    with life(PACK, groups=[FRESH]) as club:
        club.enforce(FRESH)
        club.handle(created(club))
        club.join("a", "b", "c")
        end = club.now + 16 * DAY
        for pause, size, crash, twice in told:
            club.now += pause
            found = club.due(size)
            club.handle(*found, *(found if twice else ()), crash=crash)
        club.wait(end)

        runs = club.read(StepRun)
        expected = {("opening", 0): 1, ("chained", 0): 1, ("morning", 0): 16}
        expected |= {("hello", club.person(each).id): 1 for each in "abc"}
        found = [(run.step, run.person) for run in runs]
        assert {each: found.count(each) for each in found} == expected
        assert len({run.due_at for run in runs if run.step == "morning"}) == 16
        assert len(club.read(Outgoing)) == len(runs)
        assert club.read(Occurrence, status="pending", step__in=["opening", "chained"]) == []
        assert len(club.read(Occurrence, status="pending", step="morning")) == 1


@pytest.mark.parametrize(
    ("missed", "back_after", "made_up"),
    [
        ("skip", MINUTE, 1), ("skip", MINUTE + 1, 0), ("skip", 5 * HOUR, 1),
        ("latest", 0, 1), ("latest", 2 * HOUR, 1), ("latest", 5 * HOUR + 30 * MINUTE, 1),
        ("all", 2 * HOUR, 3), ("all", 5 * HOUR + 30 * MINUTE, 2), ("all", 3 * DAY, 3),
    ],
)  # fmt: skip
def test_what_was_missed_is_made_up_as_the_step_says(missed: str, back_after: int, made_up: int):
    pack = f"""
steps:
  - {{id: hourly, when: {{cron: "0 * * * *"}}, missed: {missed}, grace: 2h, do: [{{post: 整点}}]}}
"""
    with life(pack) as club:
        club.enforce()
        club.now = EVENING + HOUR + back_after
        lines = club.tick()

        assert len(of(lines, "post")) == made_up
        dues = [run.due_at for run in club.read(StepRun, order="id")]
        assert dues == sorted(dues)
        assert all(club.now - due <= 2 * HOUR for due in dues)
        assert [line.reason for line in of(lines, "dropped")] in ([], ["missed"])
        following = club.read(Occurrence, status="pending", step="hourly")
        assert [row.due_at > club.now for row in following] == [True]


@pytest.mark.parametrize(("late", "runs"), [(30 * MINUTE, 1), (30 * MINUTE + 1, 0)])
def test_a_daily_step_is_made_up_within_its_grace_and_no_later(late: int, runs: int):
    pack = """
steps: [{id: noon, when: "12:00 daily", grace: 30m, do: [{post: 午安}]}]
"""
    with life(pack) as club:
        club.enforce()
        club.now = EVENING + 16 * HOUR + late

        assert len(of(club.tick(), "post")) == runs
        assert [line.reason for line in of(club.wait(EVENING + 40 * HOUR), "post")] == [""]


def test_a_clock_that_is_put_back_runs_nothing_twice():
    with life(PACK) as club:
        club.enforce()
        club.wait(EVENING + 13 * HOUR)
        club.now -= 10 * HOUR

        assert club.tick() == []
        assert texts(club.wait(EVENING + 14 * HOUR), "post") == []
        assert texts(club.wait(EVENING + 37 * HOUR), "post") == ["早"]


def test_a_group_begins_once_and_its_first_members_are_no_newcomers():
    with life(PACK, groups=[FRESH]) as club:
        club.handle(created(club))
        first = club.read(Occurrence)
        club.handle(created(club, key="created again", at=club.now + HOUR))
        club.happen(GroupAdopted, group=GROUP)

        assert [(row.step, row.due_at) for row in first] == [("opening", EVENING + 2 * HOUR)]
        assert club.read(Occurrence) == first


def test_an_adopted_group_has_the_steps_of_adoption():
    pack = """
steps:
  - {id: opening, when: group.created, do: [{post: 新群}]}
  - {id: taken-over, when: group.adopted + 1d at 09:00, do: [{post: 你们好}]}
"""
    with life(pack, groups=[FRESH]) as club:
        club.happen(GroupAdopted, group=GROUP)

        assert texts(club.wait(EVENING + DAY)) == ["你们好"]


def test_who_leaves_takes_what_was_planned_for_the_membership_along():
    with life(PACK) as club:
        club.join("a")
        club.now += 1
        club.happen(MemberLeft, group=GROUP, member="a")
        assert club.wait(EVENING + HOUR) == []
        club.join("a")

        assert texts(club.wait(club.now + HOUR), "dm") == ["你好"]
        assert texts(club.wait(club.now + DAY), "dm") == []


def test_a_membership_that_was_renewed_before_its_step_counts_anew():
    with life(PACK) as club:
        club.join("a")
        club.now += 30 * MINUTE
        club.happen(MemberLeft, group=GROUP, member="a")
        club.join("a")
        lines = club.wait(EVENING + 3 * HOUR)

        assert texts(lines, "dm") == ["你好"]
        assert [run.at for run in club.read(StepRun)] == [EVENING + 90 * MINUTE]


def test_steps_run_in_the_groups_they_are_for():
    pack = """
steps:
  - {id: here, when: "21:00 daily", do: [{post: 大群}]}
  - {id: there, when: "21:00 daily", in: core, do: [{post: 核心群}]}
  - {id: both, when: "21:00 daily", in: all, do: [{post: 都来}]}
"""
    core = builders.group(id="core", kind="core", channels={"sandbox": "core"})
    with life(pack) as club:
        club.enforce(builders.group(), core)
        lines = club.wait(EVENING + 2 * HOUR)

        said = {(line.group, line.text) for line in lines}
        assert said == {(GROUP, "大群"), ("core", "核心群"), (GROUP, "都来"), ("core", "都来")}


def test_the_same_plan_twice_is_one_plan():
    with life() as club:
        for body in ({}, {"other": 1}):
            with club.acting() as context:
                scheduling.plan(context, GROUP, "escalate", EVENING, subject="7", body=body)

        assert [row.body for row in club.read(Occurrence)] == [{}]


def test_a_step_of_the_binding_counts_from_the_groups_own_start():
    pack = """
steps: [{id: eve, when: start - 1d at 20:30, do: [{post: 明天开营}]}]
"""
    with life(pack) as club:
        club.enforce(builders.group(starts="2026-12-05"))
        lines = club.wait(EVENING + 4 * DAY)

        assert texts(lines) == ["明天开营"]
        assert [run.at for run in club.read(StepRun)] == [EVENING + 2 * DAY + 30 * MINUTE]


@pytest.mark.parametrize(
    ("missed", "late", "runs"),
    [
        ("latest", 30 * MINUTE, 1), ("latest", 30 * MINUTE + 1, 0), ("skip", MINUTE, 1),
        ("skip", MINUTE + 1, 0),
    ],
)  # fmt: skip
def test_a_newcomers_step_is_made_up_within_its_grace_and_no_later(
    missed: str, late: int, runs: int
):
    pack = f"""
steps: [{{id: hello, when: member.joined + 1h, missed: {missed}, grace: 30m, do: [{{dm: 你好}}]}}]
"""
    with life(pack) as club:
        club.join("a")
        club.now += HOUR + late
        lines = club.tick()

        assert len(of(lines, "dm")) == runs
        assert [line.reason for line in of(lines, "dropped")] == ["missed"] * (1 - runs)
        assert club.read(Occurrence, status="pending") == []
