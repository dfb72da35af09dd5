"""A timed step that runs for each member of a segment."""

from sop.model import Occurrence, StepRun, Trace
from tests import builders
from tests.builders import EVENING, GROUP
from tests.lives import DAY, HOUR, MINUTE, life, of, texts

NUDGE = """
segments: {lurker: {last_seen: "> 1h", role: member}}
steps:
  - {id: nudge, when: "22:00 daily", each: {segment: lurker}, %s
     do: [{dm: "{{ member.name }}，还在吗"}]}
"""


def test_every_matching_member_has_a_run_of_their_own():
    with life(NUDGE % "") as club:
        club.join("amy", "bob", "cat")
        club.wait(EVENING + 90 * MINUTE)
        club.say("我在看书", "bob")
        club.enforce()
        lines = club.wait(EVENING + 2 * HOUR)

        assert texts(lines) == ["Amy，还在吗", "Cat，还在吗"]
        assert [(run.person, run.due_at) for run in club.read(StepRun)] == [
            (1, EVENING + 2 * HOUR), (3, EVENING + 2 * HOUR),
        ]  # fmt: skip
        traces = {trace.subject: trace for trace in club.read(Trace, step="nudge")}
        assert {name: each.verdict for name, each in traces.items()} == {
            "": "run",
            "1": "run",
            "3": "run",
        }
        assert traces[""].figures == ("each: 2 of 3 in lurker, 0 unknown",)


def test_where_nobody_can_tell_nobody_is_written_to_and_each_trace_says_why():
    deaf = builders.group(channels={"link": GROUP, "app": ""})
    with life(NUDGE % "", groups=[deaf]) as club:
        club.enforce(deaf)
        with club.acting() as context:
            for number, name in enumerate(("amy", "bob"), 1):
                context.store.put(builders.person(number, name=name))
                context.store.put(builders.member(number))
        lines = club.wait(EVENING + DAY)

        assert lines == []
        assert [(each.subject, each.verdict, each.reason, each.figures)
                for each in club.read(Trace, step="nudge")] == [
            ("", "not-fired", "unknown", ("each: 0 of 2 in lurker, 2 unknown",)),
            *[(number, "not-fired", "unknown", (
                "segment: lurker: last_seen: unknown: this group's channels hear mentions only",
            )) for number in ("1", "2")],
        ]  # fmt: skip


def test_a_members_run_obeys_their_own_conditions_limits_and_budget():
    pack = "budget: {member: 1/day}\n" + NUDGE % "limit: {member: 1/7d}, unless: {paid: true},"
    pack += '  - {id: early, when: "2026-12-02 21:30", each: {segment: lurker}, do: [{dm: 早}]}\n'
    with life(pack) as club:
        club.join("amy", "bob")
        club.enforce()
        lines = club.wait(EVENING + 2 * HOUR)
        assert [(line.do, line.step, line.member) for line in lines] == [
            ("dm", "early", "1"), ("dm", "early", "2"),
            ("held", "nudge", "1"), ("held", "nudge", "2"),
        ]  # fmt: skip

        morning = club.wait(EVENING + 5 * HOUR)
        assert [(line.do, line.step) for line in morning] == [("dm", "nudge")] * 2
        later = club.wait(EVENING + 3 * DAY)
        assert later == []
        reasons = {trace.reason for trace in club.read(Trace, at__gt=EVENING + DAY, subject="1")}
        assert reasons == {"limit"}


def test_who_is_found_no_longer_to_match_when_the_run_is_released_is_left_alone():
    pack = (
        "budget: {member: 1/day}\n"
        + NUDGE % ""
        + ('  - {id: early, when: "2026-12-02 21:30", each: {segment: lurker}, do: [{dm: 早}]}\n')
    )
    with life(pack) as club:
        club.join("amy")
        club.enforce()
        club.wait(EVENING + 3 * HOUR)
        club.now = EVENING + 4 * HOUR - MINUTE
        club.say("我来啦", "amy")
        (line,) = club.wait(EVENING + 5 * HOUR)

        assert (line.do, line.reason) == ("dropped", "condition")
        assert line.why == "segment: lurker: last_seen: 1m, needs > 1h"


def test_a_large_group_is_looked_through_in_slices_each_member_once():
    pack = NUDGE.replace('last_seen: "> 1h", ', "") % ""
    with life(pack) as club:
        with club.acting() as context:
            for number in range(1, 121):
                context.store.put(builders.person(number))
                context.store.put(builders.member(number, left_at=number % 40 == 0))
        club.enforce()
        lines = club.wait(EVENING + 2 * HOUR)

        assert sorted(int(line.to) for line in lines) == [
            number for number in range(1, 121) if number % 40
        ]
        (whole,) = club.read(Trace, subject="")
        assert whole.figures == ("each: 117 of 117 in lurker, 0 unknown",)
        assert club.read(Occurrence, status="pending", due_at__le=club.now) == []


def test_a_round_waits_for_the_end_of_the_quiet_hours():
    with life('quiet: "21:30-07:30"\n' + NUDGE % "") as club:
        club.join("amy")
        club.enforce()
        lines = club.wait(EVENING + 12 * HOUR)

        assert [(line.do, line.reason) for line in lines] == [("held", "quiet"), ("dm", "")]
        assert of(lines, "dm")[0].member == "1"
