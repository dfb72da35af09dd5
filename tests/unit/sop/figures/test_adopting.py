"""Changes go in and out of an override, and leave everything else as it was."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from sop.figures.adopting import adopted, before, holds, overlap, picked, places, undone

NAMES = st.sampled_from(["quiet", "budget", "steps", "group", "morning", "at"])
VALUES = st.one_of(st.integers(0, 9), st.booleans(), st.text(max_size=3))


def trees(most: int = 6) -> st.SearchStrategy[dict[str, Any]]:
    return st.recursive(
        st.dictionaries(NAMES, VALUES, min_size=1, max_size=3),
        lambda inner: st.dictionaries(NAMES, st.one_of(VALUES, inner), min_size=1, max_size=3),
        max_leaves=most,
    )


def fits(override: dict[str, Any], change: dict[str, Any]) -> bool:
    """Whether both have values and mappings in the same places, as a model makes sure."""
    for name, value in change.items():
        known = override.get(name)
        if known is not None and isinstance(known, dict) != isinstance(value, dict):
            return False
        if isinstance(known, dict) and not fits(known, value):
            return False
    return True


@given(st.one_of(st.just({}), trees()), trees())
def test_what_is_adopted_says_the_change_and_what_is_undone_is_as_before(
    override: dict[str, Any], change: dict[str, Any]
):
    if not fits(override, change):
        return
    was = before(override, change)
    now = adopted(override, change)

    assert all(picked(now, place) == value for place, value in places(change))
    assert undone(now, was) == override
    assert holds(override, was)


def test_a_value_the_files_say_otherwise_since_holds_no_longer():
    was = before({"budget": {"group": "3/day"}}, {"budget": {"group": "2/day"}})

    assert was == {"budget": {"group": "3/day"}}
    assert holds({"budget": {"group": "3/day", "member": "1/day"}}, was)
    assert not holds({"budget": {"group": "5/day"}}, was)
    assert not holds({}, was)


def test_a_value_nobody_had_goes_with_what_was_around_it():
    change = {"steps": {"morning": {"at": "20:00"}}}
    was = before({}, change)

    assert was == {"steps": {"morning": {"at": None}}}
    assert adopted({"quiet": "x"}, change) == {"quiet": "x", **change}
    assert undone({"quiet": "x", **change}, was) == {"quiet": "x"}


def test_changes_overlap_where_they_say_the_same_value():
    assert overlap({"steps": {"a": {"at": "1"}}}, {"steps": {"a": {"at": "2"}}})
    assert not overlap({"steps": {"a": {"at": "1"}}}, {"steps": {"a": {"off": True}}})
