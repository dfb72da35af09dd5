"""Every occurrence of a step leaves one trace, with what was asked and found."""

from typing import Any

import pytest

from sop.model import Note, Occurrence, Trace
from tests import builders
from tests.builders import EVENING, GROUP
from tests.lives import DAY, HOUR, MINUTE, Life, life


def traced(club: Life, step: str = "it") -> list[tuple[str, str, str, tuple[str, ...]]]:
    return [(each.subject, each.verdict, each.reason, each.figures)
            for each in club.read(Trace, step=step, order="at")]  # fmt: skip


def one(club: Life, step: str = "it") -> Trace:
    (found,) = club.read(Trace, step=step)
    assert isinstance(found, Trace)
    return found


DAILY = 'steps: [{id: it, when: "21:00 daily", %s do: [{post: 晚}]}]\n'


@pytest.mark.parametrize(
    ("pack", "group", "verdict", "reason", "figures"),
    [
        pytest.param(DAILY % "", {}, "run", "", (), id="it ran"),
        pytest.param(
            DAILY % 'if: {value_posts: ">= 3 in 7d"},', {}, "not-fired", "condition",
            ("value_posts: 0 in 7d, needs >= 3",), id="a condition",
        ),
        pytest.param(
            DAILY % 'unless: {value_posts: "< 3"},', {}, "not-fired", "condition",
            ("unless: value_posts: 0, meets < 3",), id="an exception",
        ),
        pytest.param(
            DAILY % 'if: {value_posts: "< 3"},', {}, "run", "", ("value_posts: 0, needs < 3",),
            id="what held is kept, too",
        ),
        pytest.param(DAILY % "", {"paused": True}, "dropped", "paused", (), id="a pause"),
        pytest.param(
            DAILY % 'skip: ["2026-12-02..2026-12-03"],', {}, "dropped", "skip", (), id="its days",
        ),
        pytest.param(
            'quiet: "20:30-23:30"\n' + DAILY % "", {}, "held", "quiet",
            ("quiet: 20:30-23:30, until 2026-12-02 23:30",), id="quiet hours",
        ),
        pytest.param(
            "library: {none: []}\n" + DAILY.replace("post: 晚", "drop: none") % "", {},
            "dropped", "pool", ("pool: none has nothing left",), id="an empty pool",
        ),
    ],
)  # fmt: skip
def test_an_occurrence_is_traced(
    pack: str, group: dict[str, Any], verdict: str, reason: str, figures: tuple[str, ...]
):
    bound = builders.group(**group)
    with life(pack, groups=[bound]) as club:
        club.enforce(bound)
        club.wait(EVENING + 2 * HOUR)

        assert traced(club) == [("", verdict, reason, figures)]
        assert (one(club).due_at, one(club).at) == (EVENING + HOUR, EVENING + HOUR)


def test_an_occurrence_that_came_too_late_says_by_how_much():
    with life(DAILY % "grace: 30m,") as club:
        club.enforce()
        club.now = EVENING + 3 * HOUR
        (line,) = club.tick()

        assert (line.do, line.reason, line.why) == ("dropped", "missed", "late: 2h, grace 30m")
        assert traced(club) == [("", "dropped", "missed", ("late: 2h, grace 30m",))]


def test_what_waited_has_one_trace_that_tells_of_it():
    with life('quiet: "20:30-23:30"\n' + DAILY % "") as club:
        club.enforce()
        club.wait(EVENING + 4 * HOUR)

        assert one(club).verdict == "run"
        assert one(club).held == ((EVENING + HOUR, "quiet"),)
        assert [note.body["why"] for note in club.read(Note)] == [
            "quiet: 20:30-23:30, until 2026-12-02 23:30"
        ]


def test_a_limit_says_how_much_of_it_is_used_and_when_last():
    pack = """
steps:
  - {id: it, when: {says: [多少钱]}, limit: {group: 2/1d, member: 1/7d}, do: [{post: 看}]}
"""
    with life(pack) as club:
        for sender in ("li", "li", "amy", "bob"):
            club.now += MINUTE
            club.say("多少钱", sender)

        assert traced(club) == [
            ("1", "run", "", ("limit: 0 of 2 in 1d", "limit: 0 of 1 in 7d for the member")),
            ("1", "not-fired", "limit",
             ("limit: 1 of 1 in 7d for the member, last 2026-12-02 20:01",)),
            ("2", "run", "", ("limit: 1 of 2 in 1d, last 2026-12-02 20:01",
                              "limit: 0 of 1 in 7d for the member")),
            ("3", "not-fired", "limit", ("limit: 2 of 2 in 1d, last 2026-12-02 20:03",)),
        ]  # fmt: skip


def test_what_a_member_said_for_nothing_is_traced_and_shown_to_nobody():
    pack = """
score: {window: 30d, earn: {message: {points: 1}}}
steps: [{id: it, when: {says: [多少钱]}, if: {score: ">= 20"}, do: [{post: 看}]}]
"""
    with life(pack) as club:
        lines = club.say("这个多少钱")

        assert {line.do for line in lines} == {"points"}
        assert traced(club) == [("1", "not-fired", "condition", ("score: 1, needs >= 20",))]


def test_what_cannot_be_heard_is_unknown_and_the_trace_says_why():
    pack = "steps: [{id: it, when: member.joined + 1h, if: {introduced: false}, do: [{dm: 好}]}]\n"
    for channels, heard in (({"link": GROUP, "app": ""}, "mentions only"),
                            ({"appchat": GROUP, "app": ""}, "nothing")):  # fmt: skip
        with life(pack, groups=[builders.group(channels=channels)]) as club:
            club.join("li")
            club.wait(EVENING + DAY)

            assert traced(club) == [
                ("1", "not-fired", "unknown",
                 (f"introduced: unknown: this group's channels hear {heard}",)),
            ]  # fmt: skip


def test_a_batch_has_a_trace_for_each_newcomer():
    pack = """
steps:
  - {id: it, when: member.joined, batch: 10m, unless: {introduced: true}, do: [{post: 欢迎}]}
"""
    with life(pack) as club:
        club.join("amy", "bob", "cat", "dan")
        club.say("大家好，我是新来的波波", "bob")
        with club.acting() as context:
            context.store.put(builders.member(4, joined_at=EVENING, left_at=EVENING + 1))
        club.wait(EVENING + HOUR)

        assert {each[0]: each[1:3] for each in traced(club)} == {
            "1": ("run", ""), "2": ("not-fired", "condition"), "3": ("merged", "batch"),
            "4": ("dropped", "left"),
        }  # fmt: skip


def test_a_held_occurrence_whose_reason_is_gone_says_so():
    pack = """
quiet: "22:00-07:30"
steps:
  - {id: it, when: member.joined + 3h, grace: 1d, unless: {introduced: true}, do: [{dm: 你好}]}
"""
    with life(pack) as club:
        club.join("li")
        club.wait(EVENING + 5 * HOUR)
        club.say("大家好，我是新来的李四")
        (line,) = club.wait(EVENING + 12 * HOUR)

        assert (line.do, line.step, line.member, line.reason) == (
            "dropped",
            "it",
            "1",
            "condition",
        )
        assert line.why == "unless: introduced: yes, meets yes"


def test_a_silent_spell_that_ended_while_its_step_waited_is_dropped():
    pack = """
budget: {group: 1/day}
steps:
  - {id: first, when: "20:30 daily", do: [{post: 一}]}
  - {id: it, when: {silence: 1h}, do: [{post: 在读什么？}]}
"""
    with life(pack) as club:
        club.say("晚上好呀")
        club.enforce()
        club.wait(EVENING + 2 * HOUR)
        club.say("我在看书")
        club.wait(EVENING + 4 * HOUR + 30 * MINUTE)

        assert ("", "dropped", "spoken", ()) in traced(club)


def test_every_settled_occurrence_of_a_step_has_its_trace():
    with life(DAILY % "missed: all, grace: 5d," + "") as club:
        club.enforce()
        club.now = EVENING + 3 * DAY + 2 * HOUR
        club.tick()

        settled = club.read(Occurrence, kind="step", status__ne="pending")
        assert len(settled) == 4
        assert {each.key[1:] for each in club.read(Trace)} == {
            (row.group, row.step, row.subject, row.cause, row.due_at) for row in settled
        }
