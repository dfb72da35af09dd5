"""The clock for pauses."""

from hypothesis import given
from hypothesis import strategies as st

from bot.clock.wall import steady


@given(st.lists(st.integers(-(10**9), 10**9)))
def test_a_steady_clock_goes_on_by_as_much_as_the_time_and_never_back(steps: list[int]):
    time = [0]
    told = steady(lambda: time[0])
    shown = told()
    for step in steps:
        time[0] += step
        assert told() == shown + max(0, step)
        shown = told()
