"""What something brings beyond chance."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sop.activities.lift import Share, lift, wilson

shares = st.integers(1, 500).flatmap(
    lambda people: st.builds(Share, st.integers(0, people), st.just(people))
)


@given(shares, shares)
def test_the_interval_holds_the_difference_and_turns_with_the_sides(one: Share, other: Share):
    found, turned = lift(one, other), lift(other, one)
    assert found is not None
    assert turned is not None
    assert -1 <= found.low <= found.value + 1e-12
    assert found.value - 1e-12 <= found.high <= 1
    assert found.low == pytest.approx(-turned.high)
    assert found.is_certain == turned.is_certain


def test_published_intervals_are_met():
    # Newcombe 1998, table II: 56/70 against 48/80, and 9/10 against 3/10, by method 10.
    found = lift(Share(56, 70), Share(48, 80))
    assert found is not None
    assert (round(found.low, 4), round(found.high, 4)) == (0.0524, 0.3339)
    found = lift(Share(9, 10), Share(3, 10))
    assert found is not None
    assert (round(found.low, 4), round(found.high, 4)) == (0.1705, 0.8090)
    assert found.is_certain
    assert found.few


def test_of_nobody_nothing_is_told():
    assert lift(Share(0, 0), Share(3, 9)) is None
    assert wilson(Share(0, 0)) == (0.0, 1.0)


def test_where_there_is_no_lift_certainty_is_as_rare_as_it_says():
    dice = random.Random(7)
    certain = 0
    for _ in range(1_000):
        one = Share(sum(dice.random() < 0.1 for _ in range(300)), 300)
        other = Share(sum(dice.random() < 0.1 for _ in range(60)), 60)
        found = lift(one, other)
        certain += found is not None and found.is_certain
    assert certain < 70
