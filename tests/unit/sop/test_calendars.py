from dataclasses import dataclass
from datetime import date, timedelta
from itertools import islice

import pytest

from sop.times import calendars, time_words
from sop.times.calendars import Calendar


@dataclass(frozen=True)
class Corrections:
    base: str = "cn"
    off: tuple[date, ...] = ()
    on: tuple[date, ...] = ()


@pytest.mark.parametrize(
    ("day", "works"),
    [
        pytest.param(date(2026, 1, 1), False, id="new year"),
        pytest.param(date(2026, 1, 4), True, id="a Sunday made up for new year"),
        pytest.param(date(2026, 2, 14), True, id="a Saturday made up for spring festival"),
        pytest.param(date(2026, 2, 15), False, id="first day of spring festival"),
        pytest.param(date(2026, 2, 23), False, id="last day of spring festival, a Monday"),
        pytest.param(date(2026, 2, 24), True, id="the Tuesday after spring festival"),
        pytest.param(date(2026, 2, 28), True, id="a Saturday made up"),
        pytest.param(date(2026, 4, 6), False, id="the Monday of qingming"),
        pytest.param(date(2026, 5, 9), True, id="a Saturday made up for labour day"),
        pytest.param(date(2026, 9, 20), True, id="a Sunday made up for national day"),
        pytest.param(date(2026, 9, 25), False, id="mid-autumn, a Friday"),
        pytest.param(date(2026, 10, 7), False, id="last day of national day"),
        pytest.param(date(2026, 10, 10), True, id="a Saturday made up for national day"),
        pytest.param(date(2026, 10, 11), False, id="an ordinary Sunday"),
        pytest.param(date(2026, 11, 20), True, id="an ordinary Friday"),
    ],
)
def test_workdays_of_2026_follow_the_official_calendar(day: date, *, works: bool):
    assert Calendar().is_workday(day) is works


def test_where_nothing_is_published_only_saturday_and_sunday_are_off():
    unknown = max(year for year in range(2020, 2199) if Calendar().knows(year)) + 1
    days = [date(unknown, 1, 1) + timedelta(days=n) for n in range(365)]

    assert not Calendar().knows(unknown)
    assert [day for day in days if Calendar().is_workday(day)] == [
        day for day in days if day.weekday() < 5
    ]


def test_the_years_of_the_package_are_known():
    assert all(Calendar().knows(year) for year in range(2004, 2027))
    assert not Calendar().knows(2003)


def test_without_a_base_only_the_week_counts_and_every_year_is_known():
    plain = calendars.calendar_for(Corrections(base="none"))

    assert plain.is_workday(date(2026, 10, 1))
    assert not plain.is_workday(date(2026, 10, 10))
    assert plain.knows(2150)


def test_corrections_win_over_the_base():
    corrected = calendars.calendar_for(
        Corrections(off=(date(2027, 2, 8),), on=(date(2027, 2, 14), date(2026, 10, 1)))
    )

    assert not corrected.is_workday(date(2027, 2, 8))
    assert corrected.is_workday(date(2027, 2, 14))
    assert corrected.is_workday(date(2026, 10, 1))
    assert not corrected.is_workday(date(2026, 10, 2))


def dates_of(name: str, year: int):
    found = calendars.festival_dates(calendars.parse_festival(name), year)
    return [day for day in (next(found) for _ in range(5)) if day.year == year]


@pytest.mark.parametrize(
    ("name", "day"),
    [
        ("元旦", date(2026, 1, 1)),
        ("腊八", date(2026, 1, 26)),
        ("小年", date(2026, 2, 10)),
        ("除夕", date(2026, 2, 16)),
        ("春节", date(2026, 2, 17)),
        ("元宵节", date(2026, 3, 3)),
        ("清明", date(2026, 4, 5)),
        ("母亲节", date(2026, 5, 10)),
        ("端午", date(2026, 6, 19)),
        ("父亲节", date(2026, 6, 21)),
        ("七夕", date(2026, 8, 19)),
        ("中秋节", date(2026, 9, 25)),
        ("national day", date(2026, 10, 1)),
        ("重阳", date(2026, 10, 18)),
        ("感恩节", date(2026, 11, 26)),
        ("冬至", date(2026, 12, 22)),
        ("除夕", date(2027, 2, 5)),
        ("spring festival", date(2027, 2, 6)),
        ("清明", date(2027, 4, 5)),
        ("端午", date(2027, 6, 9)),
        ("中秋", date(2027, 9, 15)),
    ],
)
def test_festivals_fall_on_their_dates(name: str, day: date):
    assert dates_of(name, day.year) == [day]


def test_a_leap_month_does_not_repeat_a_festival():
    # 2025 had two sixth months, 2028 has two fifth: dragon boat is kept in the first of them.
    assert dates_of("端午", 2028) == [date(2028, 5, 28)]


def test_a_festival_at_the_end_of_a_lunar_year_is_found_in_the_next_solar_year():
    assert dates_of("腊八", 2012) == [date(2012, 1, 1)]
    assert dates_of("腊八", 2013) == [date(2013, 1, 19)]


def test_every_festival_of_the_data_has_ascending_dates():
    for row in time_words.packaged().festivals:
        found = calendars.festival_dates(row["names"][0], 2026)
        days = [next(found) for _ in range(30)]

        assert days == sorted(set(days)), row
        assert days[0] < date(2027, 1, 1), row


def test_no_two_festivals_share_a_name():
    names = [name for row in time_words.packaged().festivals for name in row["names"]]

    assert len(names) == len(set(names))


def test_an_unknown_festival_is_refused_with_a_near_one():
    with pytest.raises(ValueError, match="did you mean 国庆"):
        calendars.parse_festival("国庆日")
    with pytest.raises(ValueError, match="known are 元旦"):
        calendars.parse_festival("qqqq")


@pytest.mark.parametrize(
    ("day", "name", "works"),
    [
        pytest.param(date(2026, 2, 17), "春节", False, id="new year's day of the moon"),
        pytest.param(date(2026, 2, 14), "", True, id="a Saturday made up for it"),
        pytest.param(date(2026, 3, 14), "", False, id="a plain Saturday"),
        pytest.param(date(2026, 3, 16), "", False, id="a plain Monday"),
        pytest.param(date(2035, 10, 1), "", False, id="a year that is not published"),
    ],
)
def test_an_official_holiday_has_a_name_and_a_made_up_day_is_known(
    day: date,
    name: str,
    works: bool,  # noqa: FBT001 - a column of the table
):
    assert (Calendar().holiday(day), Calendar().is_made_up(day)) == (name, works)


def test_a_pack_s_own_days_have_no_official_name():
    day, worked = date(2026, 12, 2), date(2026, 2, 17)
    corrected = Calendar(off=frozenset({day}), on=frozenset({worked}))

    assert corrected.holiday(day) == corrected.holiday(worked) == ""
    assert Calendar(base="none").holiday(worked) == ""


def test_festivals_stand_on_their_days_those_of_the_old_lunar_year_too():
    assert calendars.festivals_on(date(2026, 2, 16)) == ("除夕",)
    assert calendars.festivals_on(date(2027, 1, 15)) == ("腊八",)
    assert calendars.festivals_on(date(2026, 12, 22)) == ("冬至",)
    assert calendars.festivals_on(date(2026, 12, 2)) == ()


@pytest.mark.parametrize("year", [2025, 2026, 2033])
def test_every_festival_of_a_year_is_on_the_day_it_is_said_to_be(year: int):
    days = (date(year, 1, 1) + timedelta(days=ahead) for ahead in range(365))

    named = [(day, name) for day in days for name in calendars.festivals_on(day)]

    assert len(named) >= len(time_words.packaged().festivals) - 2
    for day, name in named:
        assert day in islice(calendars.festival_dates(name, year), 4)
