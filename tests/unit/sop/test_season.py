"""Seasons and boards: which period a day is in, and what stands on a board."""

from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from sop.pack import season
from sop.pack.season import Seasons
from sop.standing import boards
from sop.times import localtime

SHANGHAI = ZoneInfo("Asia/Shanghai")
QUARTERS = Seasons(every="quarter")
DATES = Seasons(starts=[date(2026, 3, 1), date(2026, 9, 15)])

days = st.dates(date(2020, 1, 1), date(2100, 12, 31))
kinds = st.sampled_from([Seasons(every=name) for name in season.MONTHS] + [DATES])


@given(kinds, days)
def test_a_day_is_in_the_season_that_began_last_and_the_next_begins_right_after(
    seasons: Seasons, day: date
):
    found = season.season_of(seasons, day)
    following = season.next_start(seasons, day)

    if found:
        assert season.first_day(found) <= day
        assert season.season_of(seasons, season.first_day(found)) == found
    if following is not None:
        assert following > day
        assert season.season_of(seasons, following - timedelta(days=1)) == found
        assert season.season_of(seasons, following) != found
        assert season.previous(seasons, following) == found


def test_quarters_begin_with_their_month_and_before_the_first_date_there_is_none():
    assert season.season_of(QUARTERS, date(2026, 12, 31)) == "quarter:2026-10-01"
    assert season.next_start(QUARTERS, date(2026, 12, 31)) == date(2027, 1, 1)
    assert season.season_of(DATES, date(2026, 2, 28)) == ""
    assert season.next_start(DATES, date(2026, 9, 15)) is None
    assert season.season_of(None, date(2026, 9, 15)) == ""


@pytest.mark.parametrize(
    "given",
    [{}, {"every": "month", "starts": ["2027-01-01"]}, {"every": "week"},
     {"starts": ["2027-02-01", "2027-01-01"]}, {"starts": ["2027-01-01", "2027-01-01"]}],
)  # fmt: skip
def test_seasons_that_say_nothing_or_too_much_are_refused(given: dict[str, object]):
    with pytest.raises(ValidationError):
        Seasons.model_validate(given)


@given(
    st.lists(st.tuples(days, st.sampled_from(["message", "share", "redeem"]), st.integers(-9, 9))),
    st.data(),
)
def test_boards_hold_what_was_booked_in_their_period_and_stands(
    booked: list[tuple[date, str, int]], data: st.DataObject
):
    booked.sort(key=lambda each: each[0])
    found: dict[str, tuple[str, int]] = {}
    for day, deed, points in booked:
        found = boards.with_entry(found, deed, points, boards.periods(QUARTERS, day))
    undone = data.draw(st.sets(st.integers(0, max(0, len(booked) - 1)))) if booked else set()
    for place in undone:
        day, deed, points = booked[place]
        found = boards.without_entry(found, deed, points, boards.periods(QUARTERS, day))
    stood = [each for place, each in enumerate(booked) if place not in undone]

    for name, (period, amount) in found.items():
        within = boards.bounds(QUARTERS, name, period, SHANGHAI)
        assert within is not None
        points = [
            (deed, won) for day, deed, won in stood
            if within[0] <= localtime.local_midnight(day, SHANGHAI) < within[1]
        ]  # fmt: skip
        if name in boards.SUMS:
            assert amount == sum(won for _, won in points)
        else:
            assert amount == [deed for deed, _ in points].count(name)
    assert "redeem" not in found


def test_an_entry_of_an_earlier_period_leaves_a_later_board_alone():
    now = boards.periods(QUARTERS, date(2027, 1, 4))
    kept = boards.with_entry({}, "share", 5, now)

    late = boards.with_entry(kept, "share", 7, boards.periods(QUARTERS, date(2026, 12, 31)))

    assert late == kept
    assert boards.amount(late, "week", "2027-W01") == 5
    assert boards.amount(late, "week", "2026-W53") == 0


def test_seasons_of_another_kind_are_noticed():
    kept = boards.with_entry({}, "share", 5, boards.periods(QUARTERS, date(2026, 12, 4)))

    assert boards.begins_otherwise(kept, "month:2026-12-01")
    assert not boards.begins_otherwise(kept, "quarter:2027-01-01")
    assert not boards.begins_otherwise({}, "month:2026-12-01")
    assert boards.bounds(Seasons(every="month"), "season", "quarter:2026-10-01", SHANGHAI) is None
