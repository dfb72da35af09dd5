"""Leaders, decided: tiers held or not, reviews, rights, elections."""

from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sop.pack.pack_people import Leaders
from sop.standing import leaders
from sop.standing.leaders import Measures
from tests import builders

PACK = """
leaders:
  duties: {answer: 4/30d}
  may: {ask: 1/1d}
  tiers:
    - {id: one, title: 一, duties: {host: 1/30d}, keep: {score: ">= 100"}}
    - id: two
      title: 二
      may: {ask: 2/1d, challenge: 1/30d}
      keep: {score: ">= 200", answers: ">= 2"}
    - id: three
      title: 三
      duties: {answer: 8/30d}
      keep: {answer_time: "<= 2h", circle_retention: ">= 80%"}
"""
HOUR = 3_600_000


def pack() -> Leaders:
    found = builders.pack(PACK).leaders
    assert found is not None
    return found


def judged(tier: str, failed: int = 0, **measures: Any) -> tuple[str, str]:
    found = leaders.judged(pack().tiers, tier, failed, Measures(**measures))
    return found.verdict, found.tier


@pytest.mark.parametrize(
    ("tier", "failed", "measures", "verdict", "after"),
    [
        pytest.param("one", 0, {"score": 100}, "kept", "one", id="just enough"),
        pytest.param("one", 0, {"score": 99}, "warned", "one", id="a point less, at first"),
        pytest.param("one", 1, {"score": 99}, "ended", "", id="the second time, below is nothing"),
        pytest.param("two", 0, {"score": 99}, "warned", "two", id="a higher tier warns as well"),
        pytest.param("two", 1, {"score": 99}, "down", "one", id="the second time, one tier lower"),
        pytest.param("two", 1, {"score": 0}, "down", "one", id="never more than one tier"),
        pytest.param("two", 1, {"score": 200, "answers": 2}, "kept", "two", id="made good"),
        pytest.param("one", 0, {"score": 200, "answers": 2}, "up", "two", id="the next demands"),
        pytest.param("one", 0, {"score": 200, "answers": 1}, "kept", "one", id="not all of them"),
        pytest.param("two", 1, {"score": 199, "answers": 2, "heard": False}, "unknown", "two",
                     id="low perhaps for want of hearing"),
        pytest.param("two", 1, {"score": 199, "answers": 1, "heard": False}, "down", "one",
                     id="another figure is known to be low"),
        pytest.param("three", 1, {"circle_retention": 0.9}, "unknown", "three", id="no answers"),
        pytest.param("three", 1, {"answer_time": HOUR, "circle_retention": 0.79}, "down", "two",
                     id="a circle that was left"),
        pytest.param("gone", 0, {"score": 100}, "kept", "gone", id="a tier that is no more"),
    ],
)  # fmt: skip
def test_a_review(tier: str, failed: int, measures: dict[str, Any], verdict: str, after: str):
    assert judged(tier, failed, **measures) == (verdict, after)


@given(st.integers(0, 300), st.integers(0, 5), st.integers(0, 3), st.booleans())
def test_a_review_moves_one_tier_at_most_and_lowers_nobody_unwarned(
    score: int,
    answers: int,
    failed: int,
    heard: bool,  # noqa: FBT001 - drawn
):
    tiers = pack().tiers
    for place, tier in enumerate(tiers):
        found = leaders.judged(
            tiers, tier.id, failed, Measures(score=score, answers=answers, heard=heard)
        )
        if found.verdict == "ended":
            assert (place, failed > 0) == (0, True)
            continue
        moved = leaders.place_of(tiers, found.tier) - place
        assert moved == {"up": 1, "down": -1}.get(found.verdict, 0)
        assert moved >= 0 or failed


@given(
    st.integers(0, 40), st.integers(0, 40), st.integers(1, 30), st.sampled_from([0.5, 0.6, 0.67])
)
def test_one_more_aye_never_costs_the_election(ayes: int, nays: int, quorum: int, pass_: float):
    def won(more: int) -> bool:
        return leaders.elected(ayes + more, ayes + more + nays, quorum=quorum, pass_=pass_)

    assert all(after or not before for before, after in pairwise(map(won, range(4))))


@pytest.mark.parametrize(
    ("ayes", "ballots", "won"),
    [(6, 10, True), (5, 9, False), (5, 10, False), (9, 9, False), (0, 0, False), (10, 10, True)],
)
def test_the_quorum_counts_ballots_and_the_share_is_of_ayes(ayes: int, ballots: int, *, won: bool):
    assert leaders.elected(ayes, ballots, quorum=10, pass_=0.6) is won


def test_a_vote_without_a_ballot_elects_nobody_whatever_the_quorum():
    assert not leaders.elected(0, 0, quorum=0, pass_=0.0)


def told(tier: str | None) -> dict[str, int]:
    return {name: rate.count for name, rate in leaders.rights(pack(), tier).items()}


def test_rights_grow_with_the_tier_and_are_the_packs_own_on_probation():
    assert told(None) == {"ask": 1}
    assert told("one") == {"ask": 1}
    assert told("two") == told("three") == {"ask": 2, "challenge": 1}


def test_a_tier_owes_the_packs_duties_and_its_own():
    owed = leaders.duties(pack(), "three")
    assert {name: rate.count for name, rate in owed.items()} == {"answer": 8}
    owed = leaders.duties(pack(), "one")
    assert {name: rate.count for name, rate in owed.items()} == {"answer": 4, "host": 1}
