"""Copies of frozen values: as the standard library makes them."""

import dataclasses

import pytest

from sop.actions import Action
from sop.events import MemberJoined
from sop.frozen import filled, replace
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
    with pytest.raises(ValueError, match="shorter"):
        filled(Counter, ["c", "n"])
