"""What would become of a step now, told without changing anything."""

import pytest

from handlers.steps import whys
from handlers.traces import Verdict
from sop.model import Group, Spending, Trace
from tests import builders
from tests.builders import EVENING, GROUP
from tests.lives import DAY, HOUR, MINUTE, Life, life


def told(club: Life, step: str = "it", member: str = "", last: int = 10) -> whys.Account:
    with club.acting(member) as context:
        group, found = context.group, context.book.step(step)
        assert isinstance(group, Group)
        assert found is not None
        person = context.person if member else None
        return whys.account(context, group, found, person, last)


@pytest.mark.parametrize(
    ("pack", "member", "verdict"),
    [
        pytest.param(
            'steps: [{id: it, when: "21:00 daily", do: [{post: 晚}]}]', "",
            Verdict(verdict="run"), id="nothing stands in the way",
        ),
        pytest.param(
            'quiet: "19:00-21:00"\nsteps: [{id: it, when: "20:00 wed", do: [{post: 晚}]}]', "",
            Verdict(verdict="held", reason="quiet", until=EVENING + HOUR,
                    figures=("quiet: 19:00-21:00, until 2026-12-02 21:00",)), id="quiet hours",
        ),
        pytest.param(
            'quiet: "19:00-21:00"\nsteps: [{id: it, when: {says: [价]}, do: [{post: 看}]}]', "li",
            Verdict(verdict="run"), id="an answer, at any hour",
        ),
        pytest.param(
            'steps: [{id: it, when: {says: [价]}, if: {score: ">= 20"}, do: [{post: 看}]}]', "li",
            Verdict(verdict="not-fired", reason="condition", figures=("score: 0, needs >= 20",)),
            id="a condition of a member's",
        ),
        pytest.param(
            "steps: [{id: it, when: member.joined, do: [{dm: 好}]}]", "",
            Verdict(verdict="", figures=("each member is asked, name one",)),
            id="nobody was named",
        ),
        pytest.param(
            'segments: {new: {score: "< 5"}}\n'
            'steps: [{id: it, when: "21:00 daily", each: {segment: new}, do: [{dm: 好}]}]', "",
            Verdict(verdict="run", figures=("each: 1 of 1 in new, 0 unknown",)), id="a round",
        ),
        pytest.param(
            'segments: {new: {score: "> 5"}}\n'
            'steps: [{id: it, when: "21:00 daily", each: {segment: new}, do: [{dm: 好}]}]', "",
            Verdict(verdict="not-fired", figures=("each: 0 of 1 in new, 0 unknown",)),
            id="a round for nobody",
        ),
    ],
)  # fmt: skip
def test_what_would_happen_now_is_what_would_happen(pack: str, member: str, verdict: Verdict):
    with life(pack + "\n") as club:
        club.join("li")

        assert told(club, member=member).now == verdict
        assert club.read(Trace) == []


def test_a_spent_budget_and_a_bundle_hold_what_would_be_due():
    pack = """
budget: {group: 1/day, member: 1/day}
bundle: {at: "08:30"}
steps:
  - {id: it, when: "20:30 daily", do: [{post: 晚}]}
  - {id: dm, when: member.joined + 10m, do: [{dm: 好}]}
"""
    with life(pack) as club:
        club.join("li")
        club.enforce()
        club.wait(EVENING + HOUR)
        before = club.read(Spending)

        assert told(club).now.reason == "budget"
        assert told(club, "dm", "li").now.figures == (
            "budget: 1 of 1 today for the member, renews 2026-12-03 00:00",
        )
        assert club.read(Spending) == before
    tapped = builders.group(channels={"customer": GROUP})
    with life(pack, groups=[tapped]) as club:
        assert told(club).now.figures == ("bundle: at 08:30",)


def test_a_step_whose_pool_is_used_up_would_be_dropped():
    pack = 'library: {a: [早]}\nsteps: [{id: it, when: "21:00 daily", do: [{drop: a}]}]'
    with life(pack) as club:
        club.enforce()
        assert told(club).now == Verdict(verdict="run")
        club.wait(club.now + DAY)

        assert told(club).now == Verdict(
            verdict="dropped", reason="pool", figures=("pool: a has nothing left",)
        )


def test_an_account_has_the_last_occurrences_and_the_next():
    with life('steps: [{id: it, when: {cron: "*/10 * * * *"}, do: [{post: 晚}]}]\n') as club:
        club.enforce()
        club.wait(EVENING + 45 * MINUTE)
        account = told(club, last=3)

        assert [(trace.due_at - EVENING) / MINUTE for trace in account.traces] == [40, 30, 20]
        assert [(row.run_at - EVENING) / MINUTE for row in account.waiting] == [50]


def test_an_account_of_one_member_leaves_out_the_others():
    with life("steps: [{id: it, when: member.joined, do: [{dm: 好}]}]\n") as club:
        club.join("amy", "bob")
        club.tick()

        (trace,) = told(club, member="bob").traces
        assert trace.subject == "2"
        assert len(told(club).traces) == 2


def test_a_group_that_is_no_longer_bound_has_no_future():
    with life('steps: [{id: it, when: "21:00 daily", do: [{post: 晚}]}]\n') as club:
        with club.acting() as context:
            context.store.put(builders.group(retired=True))

        assert told(club).now.verdict == "dropped"
