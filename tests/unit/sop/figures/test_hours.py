"""Hours: local ones, each once; the best are those in which people really are there."""

import random
from datetime import UTC, datetime
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sop.figures import hours
from sop.figures.hours import Hour
from sop.times import localtime
from sop.times.durations import DAY_MS

SHANGHAI = ZoneInfo("Asia/Shanghai")
BERLIN = ZoneInfo("Europe/Berlin")
HOUR = 3_600_000
WEEK = 7 * 24 * HOUR


def always(_hour: int) -> bool:
    return True


def weeks(count: int, value: dict[tuple[int, int], list[float]]) -> list[tuple[Hour, float]]:
    """Some weeks in which nobody speaks but where `value` says so, week by week."""
    return [
        (Hour(day, hour, 0, 1), value.get((day, hour), [0.0] * count)[week])
        for week in range(count)
        for day in range(7)
        for hour in range(24)
    ]


@given(st.integers(1_700_000_000_000, 1_900_000_000_000), st.integers(0, 3 * WEEK))
@pytest.mark.parametrize("zone", [SHANGHAI, BERLIN, ZoneInfo("Asia/Kolkata")], ids=str)
def test_hours_follow_each_other_without_a_gap_and_lie_within(
    zone: ZoneInfo, since: int, length: int
):
    found = list(hours.within(since, since + length, zone))

    assert all(since <= each.since < each.until <= since + length for each in found)
    assert all(one.until == other.since for one, other in pairwise(found))
    assert all(
        (wall := localtime.wall_time(each.since, zone)).weekday() == each.weekday
        and wall.hour == each.hour
        for each in found
    )


@pytest.mark.parametrize(
    ("month", "day", "count"), [(3, 28, 23), (10, 31, 24), (6, 6, 24)], ids=str
)
def test_a_day_with_a_change_of_clocks_has_the_hours_of_its_wall(month: int, day: int, count: int):
    noon = int(datetime(2027, month, day, 12, tzinfo=UTC).timestamp() * 1_000)
    midnight = localtime.local_midnight(localtime.local_date(noon, BERLIN), BERLIN)
    found = list(hours.within(midnight, midnight + 25 * HOUR, BERLIN))

    assert len([each for each in found if each.weekday == found[0].weekday]) == count


def test_the_map_has_means_and_says_what_was_not_looked_at():
    seen = [(Hour(2, 20, 0, 1), 4.0), (Hour(2, 20, 0, 1), 8.0), (Hour(0, 9, 0, 1), 0.0)]
    found = hours.heat(seen)

    assert found[2][20] == 6.0
    assert found[0][9] == 0.0
    assert found[0][10] is None
    assert [len(row) for row in found] == [24] * 7


def test_an_hour_that_is_busy_every_week_is_surely_a_good_one():
    (first, *_) = hours.best(weeks(8, {(2, 20): [9, 8, 9, 10, 9, 8, 9, 10]}), 3, always)

    assert (first.weekday, first.hour, first.confidence) == (2, 20, "sure")
    assert first.interval is not None
    assert first.interval.low > 8


def test_one_lucky_evening_comes_after_a_steady_one():
    lucky, steady = [0, 0, 0, 40, 0, 0, 0, 0], [3, 4, 3, 4, 3, 4, 3, 4]
    found = hours.best(weeks(8, {(1, 21): lucky, (4, 12): steady}), 3, always)

    assert [(each.weekday, each.confidence) for each in found] == [(4, "sure"), (1, "likely")]


def test_three_weeks_are_too_few_to_be_sure():
    (found,) = hours.best(weeks(3, {(2, 20): [9.0, 9.0, 8.0]}), 1, always)

    assert found.confidence == "thin"


def test_where_all_hours_are_alike_none_is_surely_better():
    chance = random.Random(5)
    same = {
        (day, hour): [float(chance.randrange(80, 121)) for _ in range(8)]
        for day in range(7)
        for hour in range(24)
    }

    assert [each.confidence for each in hours.best(weeks(8, same), 3, always)].count("sure") == 0


def test_quiet_hours_and_neighbours_are_no_times_to_post():
    busy = {(day, hour): [5.0, 6.0, 5.0, 6.0] for day in range(7) for hour in (2, 20, 21)}
    found = hours.best(weeks(4, busy), 3, lambda hour: hour >= 8)

    assert [each.hour for each in found] == [20]


def test_the_hours_on_both_sides_of_midnight_are_neighbours():
    busy = {(day, hour): [5.0, 6.0, 5.0, 6.0] for day in range(7) for hour in (23, 0)}
    found = hours.best(weeks(4, busy), 3, always)

    assert len(found) == 1


def test_weeks_are_counted_by_the_hour_that_was_seen_most():
    assert hours.weeks(weeks(3, {})) == 3
    assert hours.weeks([(Hour(day, 20, (4 + day) * DAY_MS, 0), 1.0) for day in range(7)]) == 1
    assert hours.weeks([]) == 0


def test_where_nobody_spoke_there_is_no_best_hour():
    assert hours.best(weeks(4, {}), 3, always) == ()
    assert hours.best([], 3, always) == ()
