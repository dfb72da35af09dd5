"""Conditions: true, false, and what nobody can know."""

from dataclasses import dataclass, field
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sop.pack import conditions
from sop.pack.pack_conditions import NEEDS_HEARING, Conditions
from sop.times.durations import DAY_MS


@dataclass
class Told:
    """Facts as a table; what is asked with a window is kept in `windows`."""

    known: dict[str, Any] = field(default_factory=dict)
    segments: dict[str, Conditions] = field(default_factory=dict)
    windows: list[int | None] = field(default_factory=list)

    def __getattr__(self, name: str) -> Any:
        def tell(*asked: Any) -> Any:
            self.windows += [each for each in asked[-1:] if not isinstance(each, str)]
            return self.known[name]

        return tell

    def segment(self, name: str) -> Conditions:
        return self.segments[name]

    def unheard(self) -> str:
        return "mentions only"


def asked(**wanted: Any) -> Conditions:
    return Conditions.model_validate(wanted)


CASES = [
    ("layer", {"layer": "core"}, "core", "regular"),
    ("level_reached", {"level": "reader"}, True, False),
    ("role", {"role": "leader"}, "leader", "member"),
    ("has_tag", {"tag": "摄影"}, True, False),
    ("paid", {"paid": True}, True, False),
    ("paid", {"paid": False}, False, True),
    ("score", {"score": ">= 30"}, 30, 29),
    ("balance", {"balance": "< 0"}, -1, 0),
    ("active_days", {"active_days": ">= 3 in 14d"}, 3, 2),
    ("introduced", {"introduced": False}, False, True),
    ("strikes", {"strikes": "== 0 in 30d"}, 0, 1),
    ("value_posts", {"value_posts": "> 3 in 7d"}, 4, 3),
    ("recognised", {"recognised": "1d"}, True, False),
    ("step_done", {"step_done": "welcome"}, True, False),
    ("tenure", {"tenure": "< 7d"}, 7 * DAY_MS - 1, 7 * DAY_MS),
    ("last_seen", {"last_seen": "> 14d"}, 14 * DAY_MS + 1, 14 * DAY_MS),
    ("deeds", {"deeds": {"share": ">= 3 in 30d"}}, 3, 2),
    ("liked_in", {"liked_in": {"tag": "互助", "count": ">= 10 in 30d"}}, 10, 9),
]


@pytest.mark.parametrize(("fact", "wanted", "good", "bad"), CASES)
def test_a_condition_holds_for_the_right_side_of_its_border(
    fact: str, wanted: dict[str, Any], good: Any, bad: Any
):
    assert conditions.ruling(asked(**wanted), Told({fact: good})).holds is True
    assert conditions.ruling(asked(**wanted), Told({fact: bad})).holds is False


@pytest.mark.parametrize("name", NEEDS_HEARING)
def test_what_cannot_be_heard_neither_holds_nor_fails(name: str):
    wanted = next(each for fact, each, _, _ in CASES if fact == name)

    found = conditions.ruling(asked(**wanted), Told({name: None}))
    assert found.holds is None
    assert found.reasons == found.against == (f"{name}: unknown: mentions only",)
    assert conditions.allows(asked(), asked(**wanted), Told({name: None})).holds is None


def test_every_condition_of_the_format_is_decided():
    assert set(conditions.TESTS) == set(Conditions.model_fields)


def test_a_window_reaches_the_fact():
    told = Told({"deeds": 3, "active_days": 3})
    conditions.ruling(asked(active_days=">= 3 in 14d", deeds={"share": ">= 1"}), told)

    assert told.windows == [14 * DAY_MS, None]


def test_without_conditions_everybody_is_meant():
    assert conditions.allows(asked(), asked(), Told()).holds is True
    assert asked().is_empty
    assert not asked(paid=False).is_empty


FACTS = {"score": st.integers(0, 3), "active_days": st.none() | st.integers(0, 3)}
tables = st.fixed_dictionaries(FACTS)
part = st.builds(
    lambda score, days: {
        **({} if score is None else {"score": f">= {score}"}),
        **({} if days is None else {"active_days": f">= {days} in 7d"}),
    },
    st.none() | st.integers(0, 3),
    st.none() | st.integers(0, 3),
)


def truth(wanted: dict[str, str], known: dict[str, Any]) -> list[bool | None]:
    return [
        None if known[name] is None else known[name] >= int(rule.split()[1])
        for name, rule in wanted.items()
    ]


def all_of(found: list[bool | None]) -> bool | None:
    return False if False in found else (None if None in found else True)


@given(part, part, tables)
def test_all_of_if_must_hold_and_nothing_of_unless(
    wanted: dict[str, str], unwanted: dict[str, str], known: dict[str, Any]
):
    denied = [None if each is None else not each for each in truth(unwanted, known)]
    expected = all_of([all_of(truth(wanted, known)), *denied])

    found = conditions.allows(asked(**wanted), asked(**unwanted), Told(known))
    # Whatever is unknown beside it, what is settled is settled.
    assert found.holds is expected
    assert bool(found.against) == (expected is not True)
    assert set(found.against) <= set(found.reasons)


@given(st.lists(part.filter(bool), min_size=1, max_size=4), tables)
def test_any_holds_when_one_entry_does_and_is_unknown_when_one_might(
    entries: list[dict[str, str]], known: dict[str, Any]
):
    found = [all_of(truth(each, known)) for each in entries]
    expected = True if True in found else (None if None in found else False)

    assert conditions.ruling(asked(any=entries), Told(known)).holds == expected


def test_a_segment_is_what_its_conditions_say():
    told = Told({"score": 40}, {"busy": asked(score=">= 30"), "quiet": asked(score="< 30")})

    assert conditions.ruling(asked(segment="busy"), told).holds is True
    assert conditions.ruling(asked(segment="quiet"), told).holds is False
    assert conditions.allows(asked(), asked(segment="busy"), told).holds is False


def test_a_ruling_says_which_condition_failed_and_why():
    found = conditions.ruling(asked(paid=True, score=">= 30"), Told({"paid": True, "score": 29}))

    assert found.holds is False
    assert found.reasons[-1] == "score: 29, needs >= 30"


@pytest.mark.parametrize(
    ("wanted", "known", "figure"),
    [
        ({"score": ">= 20"}, {"score": 18}, "score: 18, needs >= 20"),
        ({"strikes": "== 0 in 30d"}, {"strikes": 1}, "strikes: 1 in 30d, needs == 0"),
        ({"tenure": "< 7d"}, {"tenure": 8 * DAY_MS + 3_700_000}, "tenure: 8d1h, needs < 7d"),
        ({"last_seen": "> 14d"}, {"last_seen": 0}, "last_seen: 0s, needs > 14d"),
        ({"deeds": {"share": ">= 3 in 30d"}}, {"deeds": 2},
         "deeds: share: 2 in 30d, needs >= 3"),
        ({"liked_in": {"tag": "互助", "count": ">= 10 in 30d"}}, {"liked_in": 9},
         "liked_in: 互助: 9 in 30d, needs >= 10"),
        ({"level": "reader"}, {"level_reached": False}, "level: reader not reached"),
        ({"paid": True}, {"paid": False}, "paid: no, needs yes"),
        ({"layer": "core"}, {"layer": "regular"}, "layer: regular, needs core"),
        ({"recognised": "1d"}, {"recognised": False},
         "recognised: something of theirs needs to be recognised within 1d"),
        ({"step_done": "welcome"}, {"step_done": False}, "step_done: welcome has not run"),
        ({"segment": "busy"}, {"score": 1}, "segment: busy: score: 1, needs >= 30"),
        ({"any": [{"score": ">= 30"}, {"paid": True}]}, {"score": 1, "paid": False},
         "any: score: 1, needs >= 30"),
    ],
)  # fmt: skip
def test_a_figure_says_what_was_found_and_what_was_wanted(
    wanted: dict[str, Any], known: dict[str, Any], figure: str
):
    told = Told(known, {"busy": asked(score=">= 30")})

    found = conditions.ruling(asked(**wanted), told)
    assert found.holds is False
    assert found.against[0] == figure
    denied = conditions.allows(asked(), asked(**wanted), told)
    assert denied.holds is True
    assert denied.against == ()
    assert denied.reasons[0] == f"unless: {figure}"


def test_what_must_not_hold_is_told_with_its_figure():
    found = conditions.allows(
        asked(score=">= 1"), asked(paid=True), Told({"score": 3, "paid": False})
    )

    assert found.holds is True
    found = conditions.allows(asked(score=">= 1"), asked(score="> 2"), Told({"score": 3}))
    assert found.holds is False
    assert found.against == ("unless: score: 3, meets > 2",)
    assert found.reasons[0] == "score: 3, needs >= 1"


def test_of_what_must_not_hold_only_what_does_is_told():
    unwanted = asked(any=[{"score": ">= 20"}, {"paid": True}])
    found = conditions.allows(asked(), unwanted, Told({"score": 27, "paid": False}))

    assert found.holds is False
    assert found.against == ("unless: any: score: 27, meets >= 20",)
