"""Days in a row."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sop.standing import streaks

MONDAY = date(2026, 11, 30)
DAYS = st.lists(st.integers(-40, 0).map(lambda back: MONDAY + timedelta(days=back)), max_size=40)


@given(DAYS, st.integers(0, 3))
def test_a_run_is_never_longer_than_its_days_and_grows_with_grace(days: list[date], grace: int):
    run = streaks.run_of(days, grace=grace)

    assert run <= len(set(days))
    assert bool(run) == bool(days)
    assert run <= streaks.run_of(days, grace=grace + 1)


@given(DAYS)
def test_counting_day_by_day_is_counting_at_once(days: list[date]):
    run, last = 0, ""
    for day in sorted(days):
        run, last = streaks.continued(run, last, day), day.isoformat()

    assert run == streaks.run_of(days)


def test_a_missed_day_ends_a_run_unless_it_may_be_made_up():
    days = [MONDAY - timedelta(days=back) for back in (0, 1, 3, 6)]

    assert streaks.run_of(days) == 2
    assert streaks.run_of(days, grace=1) == 3
    assert streaks.run_of(days, grace=2) == 3
    assert streaks.run_of(days, grace=3) == 4
    assert streaks.run_of(days, MONDAY - timedelta(days=2)) == 1
    assert streaks.run_of([]) == 0


def test_a_run_stands_until_a_whole_day_was_missed():
    last = MONDAY.isoformat()
    ahead = [MONDAY + timedelta(days=each) for each in (-1, 0, 1, 2)]

    assert [streaks.standing(5, last, day) for day in ahead] == [5, 5, 5, 0]
    assert streaks.standing(0, "", MONDAY) == 0
    assert [streaks.continued(5, last, day) for day in ahead] == [5, 5, 6, 1]


@given(DAYS)
def test_making_up_what_was_missed_last_joins_the_runs_day_by_day(days: list[date]):
    first, known = MONDAY - timedelta(days=10), set(days)
    while (day := streaks.missed(known, first, MONDAY)) is not None:
        assert first <= day < MONDAY
        assert day not in known
        known.add(day)

    assert streaks.run_of(known | {MONDAY}, MONDAY) > (MONDAY - first).days


@pytest.mark.parametrize(("days", "times"), [(0.5, 1), (7, 1), (13, 1), (21, 3), (30, 4)])
def test_one_day_a_week_may_be_made_up_and_always_one(days: float, times: int):
    assert streaks.make_ups(days) == times
