"""Whether conditions can hold at all, and what always holds where they do."""

from typing import Any

import pytest

from sop.pack.pack_conditions import Conditions
from sop.pack.satisfiable import Meaning, both, cases, gapless, implies

MEANING = Meaning(
    segments={
        "quiet-ones": Conditions.model_validate({"last_seen": "> 14d"}),
        "self": Conditions.model_validate({"segment": "self", "paid": True}),
    },
    levels={"reader": 30},
)


def conditions(**asked: Any) -> Conditions:
    return Conditions.model_validate(asked)


@pytest.mark.parametrize(
    "asked",
    [
        {"score": "< 30", "level": "reader"},
        {"score": "== 1.5"},
        {"strikes": "< 0 in 30d"},
        {"active_days": ">= 40 in 30d"},
        {"tenure": "< 0s"},
        {"segment": "quiet-ones", "last_seen": "< 1d"},
        {"score": ">= 50", "any": [{"score": "< 20"}, {"level": "reader", "score": "< 10"}]},
        {"paid": True, "any": [{"paid": False}]},
        {"deeds": {"share": "< 0"}},
        {"liked_in": {"tag": "互助", "count": "< 0 in 30d"}},
    ],
)
def test_what_can_never_hold_has_no_case(asked: Any):
    assert cases(conditions(**asked), MEANING) == ()


@pytest.mark.parametrize(
    "asked",
    [
        {},
        {"score": ">= 30", "balance": "< 30"},
        {"score": "!= 30", "level": "reader"},
        {"active_days": ">= 31 in 30d"},
        {"strikes": ">= 1 in 30d", "any": [{"strikes": "== 0 in 7d"}]},
        {"segment": "unknown", "level": "unknown"},
        {"score": ">= 50", "any": [{"score": "< 20"}, {"score": "< 70"}]},
        {"recognised": "1d", "tag": "a", "step_done": "b"},
    ],
)
def test_what_can_hold_has_a_case(asked: Any):
    assert cases(conditions(**asked), MEANING)


def test_too_many_cases_are_not_looked_into():
    branch = {"any": [{"score": f">= {n}"} for n in range(7)]}

    assert cases(conditions(any=[branch] * 7), MEANING) is None


def test_a_segment_that_is_defined_by_itself_is_not_looked_into():
    assert cases(conditions(segment="self"), MEANING) is None


def test_segments_that_double_at_every_turn_are_told_at_once():
    table = {
        f"s{n}": conditions(any=[{"segment": f"s{n + 1}"}, {"segment": f"s{n + 1}"}])
        for n in range(2_000)
    }

    assert cases(conditions(segment="s0"), Meaning(segments=table, levels={})) is None


@pytest.mark.parametrize(
    ("asked", "wanted", "expected"),
    [
        ({"score": ">= 30"}, {"score": ">= 20"}, True),
        ({"score": ">= 20"}, {"score": ">= 30"}, False),
        ({"score": ">= 30"}, {"level": "reader"}, True),
        ({"score": ">= 30"}, {"score": "!= 5"}, False),
        ({"score": "!= 5"}, {"score": "!= 5"}, True),
        ({}, {"strikes": ">= 0 in 30d"}, True),
        ({}, {"tag": "a"}, False),
        ({"tag": "a"}, {"tag": "a"}, True),
        ({"paid": True}, {"any": [{"paid": False}, {"paid": True}]}, True),
        ({"paid": True}, {"paid": True, "score": "> 1"}, False),
        ({"segment": "quiet-ones"}, {"last_seen": "> 7d"}, True),
    ],
)
def test_what_is_implied(asked: Any, wanted: Any, expected: bool):  # noqa: FBT001 - a table
    (case,) = cases(conditions(**asked), MEANING) or ()

    assert implies(case, conditions(**wanted), MEANING) is expected


@pytest.mark.parametrize(
    ("enter", "leave", "expected"),
    [
        ({"score": ">= 120"}, {"score": "< 120"}, {"score"}),
        ({"score": ">= 120"}, {"score": "< 119"}, set()),
        ({"score": "> 119"}, {"score": "<= 119"}, {"score"}),
        ({"level": "reader"}, {"score": "< 40"}, {"score"}),
        ({"strikes": "== 0 in 30d"}, {"strikes": ">= 1 in 30d"}, {"strikes"}),
        ({"strikes": "== 0 in 30d"}, {"strikes": ">= 1 in 7d"}, set()),
        ({"strikes": "== 0 in 30d"}, {"strikes": ">= 2 in 30d"}, set()),
        ({"score": ">= 120", "paid": True}, {"score": "< 130", "paid": False}, set()),
        ({"score": ">= 120"}, {"balance": "< 130"}, set()),
    ],
)
def test_where_no_room_is_left_between_two_cases(enter: Any, leave: Any, expected: set[str]):
    (one,) = cases(conditions(**enter), MEANING) or ()
    (other,) = cases(conditions(**leave), MEANING) or ()

    assert {key[0] for key in gapless(one, other)} == expected


def test_two_cases_that_contradict_each_other_are_none():
    (core,) = cases(conditions(layer="core"), MEANING) or ()
    (regular,) = cases(conditions(layer="regular"), MEANING) or ()

    assert both(core, regular) is None
    assert both(core, core) == core
