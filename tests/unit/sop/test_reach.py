"""How many points deeds can bring."""

import math
from typing import Any

import pytest

from sop.checks.reach import most_score, reach, window_days
from sop.pack.pack_score import Score

EARN = {
    "message": {"points": 1, "cap": "10/day"},
    "checkin": {"points": 2, "cap": "3/week"},
    "introduce": {"points": 5, "once": True},
}


def score(**stated: Any) -> Score:
    return Score.model_validate(stated)


@pytest.mark.parametrize(
    ("deeds", "days", "points"),
    [
        (("message",), 30, 300),
        (("checkin",), 30, 30),
        (("checkin",), 7, 6),
        (("introduce",), 30, 5),
        (("message", "checkin", "introduce", "share"), 30, 335),
        ((), 30, 0),
    ],
)
def test_caps_bound_what_deeds_bring(deeds: tuple[str, ...], days: int, points: int):
    found = reach(score(earn=EARN), deeds, days)

    assert (found.points, found.unbounded, found.most) == (points, (), points)


def test_without_a_cap_or_an_end_there_is_no_bound():
    free = score(earn={**EARN, "answer": {"points": 5}, "reply": {"points": 0}})

    assert reach(free, free.earn, 30).unbounded == ("answer",)
    assert reach(score(earn=EARN), EARN, None).unbounded == ("message", "checkin")
    assert math.isinf(reach(free, free.earn, 30).most)


def test_paying_members_may_earn_more():
    paying = score(earn=EARN, paid_multiplier={"score": 1.25})

    assert reach(paying, ("checkin",), 7).points == 9
    assert reach(score(earn=EARN, paid_multiplier={"balance": 9}), ("checkin",), 7).points == 6


def test_a_window_touches_a_day_more_than_its_length():
    assert window_days(score(window="30d")) == 31
    assert window_days(score()) is None
    assert most_score(score(window="1d", earn={"message": EARN["message"]})) == 90
    assert math.isinf(most_score(score(earn=EARN)))
