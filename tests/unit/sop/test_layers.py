"""Layers decided: places, floors, and what hearing too little makes unknown."""

from dataclasses import dataclass, field

import pytest

from sop.pack.pack_conditions import Conditions
from sop.standing import layers
from sop.standing.layers import Candidate

LEVELS = {"reader": 30, "companion": 120}


@dataclass
class Known:
    """Facts as a test states them."""

    points: int = 0
    days: int | None = 0
    done: dict[str, int] = field(default_factory=dict)
    struck: int = 0
    segments: dict[str, Conditions] = field(default_factory=dict)

    def score(self) -> int:
        return self.points

    def level_reached(self, level: str) -> bool:
        return self.points >= LEVELS[level]

    def active_days(self, _within_ms: int | None) -> int | None:
        return self.days

    def deeds(self, deed: str, _within_ms: int | None) -> int:
        return self.done.get(deed, 0)

    def strikes(self, _within_ms: int | None) -> int:
        return self.struck

    def paid(self) -> bool:
        return True

    def segment(self, name: str) -> Conditions:
        return self.segments[name]

    def unheard(self) -> str:
        return "mentions only"


def asked(**conditions: object) -> Conditions:
    return Conditions.model_validate(conditions)


def candidate(person: int, score: int, joined_at: int = 0) -> Candidate:
    return Candidate(person=person, score=score, joined_at=joined_at)


@pytest.mark.parametrize(
    ("free", "expected"),
    [
        pytest.param(None, [2, 3, 1], id="without a size all who qualify"),
        pytest.param(2, [2, 3], id="the highest scores first, then whoever joined earlier"),
        pytest.param(0, [], id="a full core takes nobody"),
        pytest.param(-3, [], id="a core over its size pushes nobody out and takes nobody"),
    ],
)
def test_places_go_by_score_then_by_joining(free: int | None, expected: list[int]):
    found = layers.chosen([candidate(1, 120, 9), candidate(2, 130, 5), candidate(3, 120, 4)], free)

    assert [each.person for each in found] == expected


@pytest.mark.parametrize(
    ("since", "now", "expected"),
    [
        pytest.param(0, 5, True, id="who never changed may"),
        pytest.param(100, 113, False, id="a moment too early"),
        pytest.param(100, 114, True, id="at the end of the stay"),
    ],
)
def test_a_layer_is_kept_for_its_least_stay(since: int, now: int, *, expected: bool):
    assert layers.rested(since, now, 14) is expected


@pytest.mark.parametrize(
    ("wanted", "floor"),
    [
        pytest.param(asked(score=">= 120"), 120, id="a score"),
        pytest.param(asked(score="< 80"), None, id="an upper bound is no floor"),
        pytest.param(asked(level="companion", score=">= 30"), 120, id="the higher of two"),
        pytest.param(
            asked(any=[{"score": ">= 120"}, {"paid": True, "score": ">= 40"}]), 40,
            id="the lowest of alternatives",
        ),
        pytest.param(
            asked(any=[{"score": ">= 120"}, {"paid": True}]), None,
            id="an alternative without a score has no floor",
        ),
        pytest.param(
            asked(score=">= 10", any=[{"score": ">= 50"}, {"level": "reader"}]), 30,
            id="alternatives beside a score",
        ),
    ],
)  # fmt: skip
def test_nobody_below_the_floor_can_qualify(wanted: Conditions, floor: float | None):
    assert layers.score_floor(wanted, LEVELS) == floor


def test_the_cheap_part_asks_nothing_that_needs_a_query():
    wanted = asked(score=">= 120", paid=True, active_days=">= 8 in 30d", strikes="== 0 in 30d")

    assert layers.cheap_part(wanted) == asked(paid=True, active_days=">= 8 in 30d")


@pytest.mark.parametrize(
    ("wanted", "facts", "hears_all", "expected"),
    [
        pytest.param({"score": "< 80"}, Known(points=70), True, True, id="heard and fallen"),
        pytest.param({"score": "< 80"}, Known(points=70), False, None, id="fallen or unheard"),
        pytest.param({"deeds": {"message": "< 3 in 30d"}}, Known(), False, None, id="unheard"),
        pytest.param({"deeds": {"share": "< 1 in 30d"}}, Known(), False, True, id="a command"),
        pytest.param({"strikes": ">= 3"}, Known(struck=3), False, True, id="strikes are known"),
        pytest.param(
            {"score": "< 80", "strikes": ">= 3"}, Known(struck=0), False, False,
            id="one that certainly fails settles it",
        ),
        pytest.param(
            {"any": [{"score": "< 80"}, {"strikes": ">= 3"}]}, Known(struck=3), False, True,
            id="one alternative that certainly holds is enough",
        ),
        pytest.param(
            {"any": [{"score": "< 80"}, {"strikes": ">= 3"}]}, Known(struck=0), False, None,
            id="an unknown alternative leaves it open",
        ),
        pytest.param(
            {"segment": "faded"},
            Known(points=1, segments={"faded": asked(score="< 80")}), False, None,
            id="unknown through a segment",
        ),
        pytest.param({"active_days": "< 2"}, Known(days=None), True, None, id="days not heard"),
    ],
)  # fmt: skip
def test_leaving_needs_to_be_known(
    wanted: dict[str, object], facts: Known, *, hears_all: bool, expected: bool | None
):
    assert layers.leaving(asked(**wanted), facts, hears_all=hears_all).holds is expected


def test_figures_say_what_was_found_and_what_was_wanted():
    wanted = asked(score=">= 120", active_days=">= 8 in 30d", paid=True)

    found = layers.figures(wanted, Known(points=130, days=9))

    assert [(each.name, each.found, each.wanted, each.days) for each in found] == [
        ("paid", 0, "", 0), ("score", 130, "≥120", 0), ("active-days", 9, "≥8", 30),
    ]  # fmt: skip


def test_figures_of_alternatives_are_those_of_the_one_that_holds():
    wanted = asked(any=[{"score": ">= 120"}, {"paid": True, "score": ">= 40"}])

    found = layers.figures(wanted, Known(points=50))

    assert [(each.name, each.wanted) for each in found] == [("paid", ""), ("score", "≥40")]


def test_a_part_of_conditions_asks_that_part_alone_though_the_whole_was_asked_before():
    wanted = asked(paid=True, score=">= 100")
    assert wanted.asked

    assert [name for name, _ in layers.cheap_part(wanted).asked] == ["paid"]


def test_what_is_missing_is_told_without_what_is_there():
    wanted = asked(level="companion", strikes="== 0 in 30d", score=">= 20")

    found = layers.missing(wanted, Known(points=40))
    assert [(each.name, each.detail) for each in found] == [("level", "companion")]
    assert layers.missing(wanted, Known(points=200)) == ()
