"""Copies of frozen values: as the standard library makes them."""

import copy
import dataclasses
import pickle

import pytest

from sop.actions import Action
from sop.events import MemberJoined
from sop.frozen import filled, quick, replace
from sop.model import Counter, Person

ANNA = Person(community="c", id=1, userid="anna", recent=("a",), tallies={"message": ("d", 2)})


@pytest.mark.parametrize(
    ("value", "changes"),
    [
        (ANNA, {}),
        (ANNA, {"balance": 7, "recent": (), "community": "d"}),
        (Action(do="post", group="g", text="hi"), {"text": "bye", "to": "1"}),
        (MemberJoined(key="k", community="c", at=1, member="m"), {"key": "other", "by": "x"}),
        (Counter(community="c", name="n"), {"value": 3}),
    ],
)
def test_a_copy_is_what_the_standard_library_makes(value: object, changes: dict[str, object]):
    assert replace(value, **changes) == dataclasses.replace(value, **changes)  # type: ignore[type-var] # all are
    assert type(replace(value, **changes)) is type(value)


def test_the_copied_value_stays_and_the_copy_is_frozen():
    copy = replace(ANNA, balance=7)

    assert (ANNA.balance, copy.balance) == (0, 7)
    with pytest.raises(dataclasses.FrozenInstanceError):
        copy.balance = 8  # type: ignore[misc] # that is the point


def test_a_field_that_is_none_is_refused():
    with pytest.raises(TypeError, match="Person has no field 'blance'"):
        replace(ANNA, blance=7)


def test_a_value_needs_all_its_fields():
    with pytest.raises(ValueError, match="values to unpack"):
        filled(Counter, ["c", "n"])


@quick
@dataclasses.dataclass(frozen=True, slots=True)
class Quick:
    """One of every kind of field."""

    first: int
    second: str = "two"
    _: dataclasses.KW_ONLY
    third: list[int] = dataclasses.field(default_factory=list)
    fourth: int


def test_a_quick_value_is_made_as_the_standard_library_makes_it():
    made = Quick(1, fourth=4)

    assert (made.first, made.second, made.third, made.fourth) == (1, "two", [], 4)
    assert Quick(1, fourth=4).third is not made.third
    assert made == Quick(first=1, second="two", third=[], fourth=4)
    assert hash(Quick(1, third=(), fourth=4)) == hash(Quick(1, third=(), fourth=4))  # type: ignore[arg-type] # hashable
    with pytest.raises(dataclasses.FrozenInstanceError):
        made.first = 2  # type: ignore[misc] # that is the point
    for wrong in ({}, {"first": 1}, {"first": 1, "fourth": 4, "fifth": 5}):
        with pytest.raises(TypeError):
            Quick(**wrong)  # type: ignore[arg-type] # that is the point
    assert pickle.loads(pickle.dumps(made)) == copy.deepcopy(made) == made
