"""Intervals: known values, and the laws they keep whatever was seen."""

import random
from statistics import fmean

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sop.figures import intervals
from sop.figures.intervals import Interval, apart, mean, share, student


@pytest.mark.parametrize(
    ("hits", "of", "low", "high"),
    [
        # Newcombe, "Two-sided confidence intervals for the single proportion" (1998), table I.
        pytest.param(81, 263, 0.2553, 0.3662, id="many"),
        pytest.param(15, 148, 0.0624, 0.1605, id="a small share"),
        pytest.param(0, 20, 0.0, 0.1611, id="none"),
        pytest.param(1, 29, 0.0061, 0.1718, id="one"),
    ],
)
def test_the_interval_of_a_share_is_wilsons(hits: int, of: int, low: float, high: float):
    found = share(hits, of)

    assert found is not None
    assert (found.low, found.high) == (pytest.approx(low, abs=1e-4), pytest.approx(high, abs=1e-4))


@pytest.mark.parametrize(
    ("freedom", "chance", "point"),
    [
        (1, 0.05, 12.706), (2, 0.05, 4.303), (3, 0.05, 3.182), (7, 0.05, 2.365),
        (30, 0.05, 2.042), (1000, 0.05, 1.962), (3, 0.001, 12.924), (7, 0.001, 5.408),
        (10, 0.001, 4.587),
    ],
)  # fmt: skip
def test_students_points_are_those_of_the_tables(freedom: int, chance: float, point: float):
    assert student(freedom, chance) == pytest.approx(point, abs=6e-4)


@given(of=st.integers(1, 10**7), part=st.floats(0, 1))
def test_a_share_lies_in_its_interval_and_the_interval_between_none_and_all(of: int, part: float):
    hits = round(of * part)
    found = share(hits, of)

    assert found is not None
    assert 0 <= found.low <= hits / of <= found.high <= 1


@given(hits=st.integers(0, 500), more=st.integers(0, 500), times=st.integers(2, 20))
def test_the_more_was_seen_the_narrower_is_the_interval(hits: int, more: int, times: int):
    of = hits + more
    few, many = share(hits, of), share(hits * times, of * times)

    assert (few is None) == (of == 0)
    if few is not None and many is not None:
        assert many.high - many.low <= few.high - few.low


@given(st.lists(st.floats(-1e6, 1e6), min_size=2, max_size=50))
def test_a_mean_lies_in_the_middle_of_its_interval(values: list[float]):
    found = mean(values)

    assert found is not None
    assert (found.low + found.high) / 2 == pytest.approx(fmean(values), abs=1e-3)


@given(st.lists(st.floats(-100, 100), min_size=2, max_size=20), st.integers(2, 168))
def test_who_looks_at_more_needs_a_wider_interval(values: list[float], looks: int):
    one, many = mean(values), mean(values, looks=looks)

    assert one is not None
    assert many is not None
    assert many.high - many.low >= one.high - one.low


def test_ninety_five_of_a_hundred_intervals_hold_the_truth():
    chance = random.Random(3)
    held = sum(
        found is not None and found.low <= 10 <= found.high
        for _ in range(2_000)
        for found in [mean([chance.gauss(10, 4) for _ in range(8)])]
    )

    assert 0.935 < held / 2_000 < 0.965


def test_nothing_and_a_single_value_have_no_interval():
    assert share(0, 0) is None
    assert mean([]) is None
    assert mean([3.0]) is None


def test_figures_are_apart_where_their_intervals_do_not_touch():
    assert apart(Interval(0, 1), Interval(1.1, 2))
    assert apart(Interval(3, 4), Interval(1, 2.9))
    assert not apart(Interval(0, 1), Interval(1, 2))
    assert not apart(None, Interval(1, 2))
    assert intervals.CHANCE == 0.05
