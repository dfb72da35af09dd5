"""Effects: the same weekday without the step is what a step is compared with."""

from datetime import date
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sop.figures import effects
from sop.figures.effects import Window, after, baseline, effect
from sop.times import localtime

ZONE = ZoneInfo("Asia/Shanghai")
HOUR = 3_600_000
DAY = 24 * HOUR
WEEK = 7 * DAY


def at(day: int, hour: int, minute: int = 0) -> int:
    """An instant in November 2026, which begins on a Sunday."""
    return localtime.instant(date(2026, 11, day), 60 * hour + minute, ZONE)


SINCE, UNTIL = at(2, 0), at(30, 0)


def test_a_weekly_step_that_rested_twice_is_compared_with_those_weekdays():
    runs = [at(4, 20), at(18, 20)]
    found = baseline(runs[0], runs, SINCE, UNTIL, ZONE)

    assert found.against == "same-time"
    assert [each.since for each in found.windows] == [at(11, 20), at(25, 20)]


def test_a_step_that_never_rests_is_compared_with_the_rest_of_its_weekday():
    runs = [at(day, 20) for day in (4, 11, 18, 25)]
    found = baseline(runs[0], runs, SINCE, UNTIL, ZONE)
    starts = {localtime.wall_time(each.since, ZONE).hour for each in found.windows}

    assert found.against == "same-day"
    assert starts == {8, 10, 12, 14, 16, 18}
    assert {localtime.wall_time(each.since, ZONE).weekday() for each in found.windows} == {2}


def test_without_another_such_day_nothing_is_compared():
    found = baseline(at(4, 20), [at(4, 20)], at(4, 20), at(4, 22), ZONE)

    assert (found.against, found.windows) == ("nothing", ())


def test_where_clocks_change_it_is_the_same_time_on_the_wall():
    berlin = ZoneInfo("Europe/Berlin")
    run = localtime.instant(date(2026, 10, 21), 20 * 60, berlin)
    since = localtime.local_midnight(date(2026, 10, 1), berlin)
    found = baseline(run, [run], since, since + 6 * WEEK, berlin)

    assert {localtime.wall_time(each.since, berlin).hour for each in found.windows} == {20}
    assert len({(each.since - run) % WEEK for each in found.windows}) == 2


@given(st.lists(st.integers(SINCE, UNTIL), min_size=1, max_size=30))
def test_no_window_of_a_baseline_meets_a_run_or_leaves_the_time_that_was_seen(runs: list[int]):
    found = baseline(runs[0], runs, SINCE, UNTIL, ZONE)

    assert not any(each.meets(after(run)) for each in found.windows for run in runs)
    assert all(each.since >= SINCE and each.until <= UNTIL for each in found.windows)
    assert not any(one.meets(other) for one, other in pairwise(found.windows))


Runs = list[tuple[float, list[float]]]
MORE: Runs = [*[(9.0, [3.0, 4.0, 3.0])] * 5, (8.0, [4.0, 3.0, 4.0])]
LESS: Runs = [*[(0.0, [3.0, 4.0, 5.0])] * 5, (1.0, [4.0, 3.0, 4.0])]
CHANCE: Runs = [(float(own), [4.0, 3.0, 5.0]) for own in (1, 9, 2, 8, 3, 5)]


@pytest.mark.parametrize(
    ("runs", "told"),
    [
        pytest.param(MORE, ("more", False), id="up"),
        pytest.param(LESS, ("less", False), id="down"),
        pytest.param(CHANCE, ("chance", False), id="chance"),
        pytest.param(MORE[2:], ("more", True), id="few runs"),
        pytest.param([(own, usual[:1]) for own, usual in MORE], ("more", True), id="few windows"),
        pytest.param(MORE[:1], ("unknown", True), id="one run"),
        pytest.param([(own, []) for own, _ in MORE], ("unknown", True), id="nothing to compare"),
    ],
)
def test_what_chance_explains_is_no_effect(runs: Runs, told: tuple[str, bool]):
    found = effect(runs)

    assert found is not None
    assert (found.verdict, found.small) == told


FIGURE = st.floats(0, 1_000)


@given(st.lists(st.tuples(FIGURE, st.lists(FIGURE, max_size=6)), min_size=1, max_size=12))
def test_a_difference_is_what_comes_after_less_what_is_usual(runs: Runs):
    found = effect(runs)

    assert found is not None
    assert found.runs == len(runs)
    assert (found.difference is None) == (not any(others for _, others in runs))
    if found.difference is not None and all(others for _, others in runs):
        assert found.usual is not None
        assert found.difference == pytest.approx(found.after - found.usual, abs=1e-6)


def test_no_run_no_effect():
    assert effect([]) is None
    assert Window(0, 2).meets(Window(1, 3))
    assert not Window(0, 2).meets(Window(2, 3))
    assert effects.WINDOW_MS == 2 * HOUR
