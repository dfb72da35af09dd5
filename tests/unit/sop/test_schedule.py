from collections.abc import Iterable
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sop.times import localtime
from sop.times.calendars import Calendar
from sop.times.offsets import Offset
from sop.triggers import schedule, triggers
from sop.triggers.schedule import Timetable

ZONES = [
    localtime.parse_zone(name)
    for name in ("America/New_York", "Europe/London", "Australia/Lord_Howe", "Asia/Shanghai")
]
NEW_YORK, LONDON, LORD_HOWE, SHANGHAI = ZONES
CALENDAR = Calendar()
MINUTE, HOUR, DAY = 60_000, 3_600_000, 86_400_000


def at(text: str, zone: ZoneInfo = SHANGHAI):
    """The instant of a local time like `2026-11-20 08:00`, or of an ISO text with an offset."""
    moment = datetime.fromisoformat(text)
    return int((moment if moment.tzinfo else moment.replace(tzinfo=zone)).timestamp() * 1000)


def shown(instants: Iterable[int], zone: ZoneInfo):
    return [localtime.wall_time(ms, zone).strftime("%m-%d %H:%M %z") for ms in instants]


def due(
    when: object,
    first: str,
    last: str,
    zone: ZoneInfo = SHANGHAI,
    calendar: Calendar = CALENDAR,
    starts: date | None = None,
):
    """What falls due after local `first` up to local `last`."""
    trigger = triggers.parse_trigger(when)
    return list(
        schedule.occurrences(trigger, zone, calendar, at(first, zone), at(last, zone), starts)
    )


def table(when: object, zone: ZoneInfo = SHANGHAI):
    return Timetable(
        trigger=triggers.parse_trigger(when), zone=zone, calendar=CALENDAR, starts=None
    )


@pytest.mark.parametrize(
    ("when", "days"),
    [
        ("08:00 daily", [f"09-{day}" for day in range(18, 31)]),
        ("08:00 workdays", ["09-18", *(f"09-{day}" for day in (20, 21, 22, 23, 24, 28, 29, 30))]),
        ("08:00 holidays", ["09-19", "09-25", "09-26", "09-27"]),
        ("08:00 mon,thu", ["09-21", "09-24", "09-28"]),
        ("08:00 day 20", ["09-20"]),
        ("08:00 last day", ["09-30"]),
        ("2026-09-22 08:00", ["09-22"]),
        ("08:00 festival 中秋", ["09-25"]),
        ("start - 1d at 08:00", ["09-21"]),
        ({"cron": "0 8 * * 1-5"}, [f"09-{day}" for day in (18, 21, 22, 23, 24, 25, 28, 29, 30)]),
    ],
)  # fmt: skip
def test_a_trigger_falls_due_on_its_days(when: object, days: list[str]):
    found = due(when, "2026-09-18 00:00", "2026-09-30 23:59", starts=date(2026, 9, 22))

    assert shown(found, SHANGHAI) == [f"{day} 08:00 +0800" for day in days]


def test_the_start_is_excluded_and_the_end_included():
    assert due("08:00 daily", "2026-09-18 08:00", "2026-09-19 08:00") == [at("2026-09-19 08:00")]


def test_a_day_of_the_month_is_skipped_in_months_without_it():
    found = due("10:00 day 31", "2027-01-01 00:00", "2027-06-01 00:00")

    assert shown(found, SHANGHAI) == [f"{day} 10:00 +0800" for day in ("01-31", "03-31", "05-31")]


def test_around_the_start_nothing_is_due_without_a_start():
    assert due("start at 08:00", "2026-09-01 00:00", "2027-09-01 00:00") == []


def test_corrections_move_workdays():
    corrected = Calendar(
        base="none", off=frozenset({date(2027, 2, 8)}), on=frozenset({date(2027, 2, 14)})
    )
    found = due("08:00 workdays", "2027-02-06 00:00", "2027-02-15 00:00", calendar=corrected)

    assert shown(found, SHANGHAI) == [
        f"02-{day} 08:00 +0800" for day in ("09", "10", "11", "12", "14")
    ]


@pytest.mark.parametrize(
    ("expr", "days"),
    [
        pytest.param("0 8 * * 0", ["06", "13"], id="0 is Sunday"),
        pytest.param("0 8 * * 7", ["06", "13"], id="7 is Sunday"),
        pytest.param("0 8 10 * *", ["10"], id="only the day of the month"),
        pytest.param("0 8 10 * 1", ["07", "10", "14"], id="either day field may match"),
        pytest.param("0 8 1-14/5 12 *", ["01", "06", "11"], id="steps within a range"),
    ],
)
def test_cron_reads_days_as_posix_does(expr: str, days: list[str]):
    found = due({"cron": expr}, "2026-12-01 00:00", "2026-12-15 00:00")

    assert shown(found, SHANGHAI) == [f"12-{day} 08:00 +0800" for day in days]


@pytest.mark.parametrize("when", ["02:30 daily", {"cron": "30 2 * * *"}])
def test_a_time_that_does_not_exist_falls_due_at_the_first_valid_instant(when: object):
    found = due(when, "2026-03-07 12:00", "2026-03-09 12:00", NEW_YORK)

    assert shown(found, NEW_YORK) == ["03-08 03:00 -0400", "03-09 02:30 -0400"]


@pytest.mark.parametrize("when", ["01:30 daily", {"cron": "30 1 * * *"}])
def test_a_time_that_exists_twice_falls_due_the_first_time(when: object):
    found = due(when, "2026-10-31 12:00", "2026-11-02 12:00", NEW_YORK)

    assert shown(found, NEW_YORK) == ["11-01 01:30 -0400", "11-02 01:30 -0500"]


def test_a_cron_for_every_half_hour_is_not_run_twice_in_a_repeated_hour():
    found = due({"cron": "*/30 * * * *"}, "2026-11-01 00:30", "2026-11-01 02:30", NEW_YORK)

    assert shown(found, NEW_YORK) == [
        "11-01 01:00 -0400",
        "11-01 01:30 -0400",
        "11-01 02:00 -0500",
        "11-01 02:30 -0500",
    ]


def test_several_times_in_one_gap_fall_due_together_once():
    found = due({"cron": "*/20 2 * * *"}, "2026-03-08 00:00", "2026-03-08 12:00", NEW_YORK)

    assert shown(found, NEW_YORK) == ["03-08 03:00 -0400"]


def test_a_gap_of_half_an_hour_ends_where_it_ends():
    found = due("02:10 daily", "2026-10-04 00:00", "2026-10-05 12:00", LORD_HOWE)

    assert shown(found, LORD_HOWE) == ["10-04 02:30 +1100", "10-05 02:10 +1100"]


def test_the_next_occurrence_is_none_when_all_are_past():
    steps = table("2026-09-22 08:00")

    assert schedule.next_in(steps, at("2026-09-22 08:00")) is None
    assert schedule.next_in(steps, at("2026-09-22 07:59")) == at("2026-09-22 08:00")


def test_a_festival_of_the_next_lunar_year_is_found():
    found = schedule.next_in(table("09:00 festival 除夕"), at("2026-11-20 00:00"))

    assert found == at("2027-02-05 09:00")


@pytest.mark.parametrize(
    ("offset", "due_at"),
    [
        (Offset(), "2026-03-07T23:30-05:00"),
        (Offset(delay_ms=2 * HOUR), "2026-03-08T01:30-05:00"),
        (Offset(delay_ms=DAY), "2026-03-09T00:30-04:00"),
        (Offset(days=1, at_minute=540), "2026-03-08T09:00-04:00"),
        (Offset(days=1, at_minute=150), "2026-03-08T03:00-04:00"),
        (Offset(days=7, at_minute=0), "2026-03-14T00:00-04:00"),
    ],
)
def test_an_offset_counts_elapsed_time_or_calendar_days(offset: Offset, due_at: str):
    # The night before the clocks go forward in New York.
    found = schedule.offset_due(offset, at("2026-03-07 23:30", NEW_YORK), NEW_YORK)

    assert found == at(due_at)


@pytest.mark.parametrize(
    ("month", "day", "after", "due_at"),
    [
        (2, 28, "2026-02-28 08:59", "2026-02-28 09:00"),
        (2, 28, "2026-02-28 09:00", "2027-02-28 09:00"),
        (2, 29, "2026-01-01 00:00", "2026-02-28 09:00"),
        (2, 29, "2028-01-01 00:00", "2028-02-29 09:00"),
        (12, 31, "2026-12-31 23:00", "2027-12-31 09:00"),
    ],
)
def test_a_birthday_is_greeted_at_nine(month: int, day: int, after: str, due_at: str):
    assert schedule.next_birthday(month, day, SHANGHAI, at(after)) == at(due_at)


@pytest.mark.parametrize(
    ("missed", "grace", "now", "runs"),
    [
        pytest.param("latest", 2 * HOUR, "09-20 08:00", ["09-20"], id="on time"),
        pytest.param("latest", 2 * HOUR, "09-20 10:00", ["09-20"], id="as late as the grace"),
        pytest.param("latest", 2 * HOUR, "09-20 10:01", [], id="later than the grace"),
        pytest.param("latest", 48 * HOUR, "09-20 10:00", ["09-20"], id="only the newest"),
        pytest.param("latest", 0, "09-20 08:01", ["09-20"], id="a minute late is on time"),
        pytest.param("latest", 0, "09-20 08:02", [], id="two minutes late without grace"),
        pytest.param("skip", 48 * HOUR, "09-20 08:01", ["09-20"], id="skip, a minute late"),
        pytest.param("skip", 48 * HOUR, "09-20 08:02", [], id="skip, two minutes late"),
        pytest.param("all", 26 * HOUR, "09-20 10:00", ["09-19", "09-20"], id="all within grace"),
        pytest.param("all", 90 * DAY, "09-20 10:00", ["09-18", "09-19", "09-20"], id="all"),
        pytest.param("all", 90 * DAY, "09-18 07:59", [], id="nothing due yet"),
    ],
)
def test_what_was_missed_is_made_up_as_the_step_says(
    missed: schedule.Missed, grace: int, now: str, runs: list[str]
):
    due_at = at("2026-09-18 08:00")

    found, next_due = schedule.made_up(
        table("08:00 daily"), due_at, at(f"2026-{now}"), missed, grace
    )

    assert shown(found, SHANGHAI) == [f"{day} 08:00 +0800" for day in runs]
    assert next_due == (at("2026-09-21 08:00") if now >= "09-20 08:00" else due_at)


def test_a_machine_asleep_for_a_day_makes_up_the_latest_only():
    steps = table({"cron": "0 * * * *"})

    runs, next_due = schedule.made_up(
        steps, at("2026-09-18 09:00"), at("2026-09-19 09:20"), "latest", 2 * HOUR
    )

    assert runs == (at("2026-09-19 09:00"),)
    assert next_due == at("2026-09-19 10:00")


def test_a_clock_that_jumps_forward_and_back_runs_nothing_twice():
    steps = table("08:00 daily")
    handled, due_at = [], at("2026-09-18 08:00")
    for now in ("09-18 08:00", "09-20 08:00", "09-18 08:05", "09-19 08:05", "09-20 08:05",
                "09-21 08:00", "09-21 08:00"):  # fmt: skip
        runs, due_at = schedule.made_up(steps, due_at, at(f"2026-{now}"), "all", DAY)
        handled += runs

    assert shown(handled, SHANGHAI) == [
        f"{day} 08:00 +0800" for day in ("09-18", "09-19", "09-20", "09-21")
    ]


def test_nothing_comes_after_the_only_occurrence():
    once = table("2026-09-22 08:00")
    due_at = at("2026-09-22 08:00")

    assert schedule.made_up(once, due_at, due_at, "latest", 0) == ((due_at,), None)


def test_an_edit_to_midnight_keeps_the_next_day():
    found = schedule.next_after_edit(
        table("00:00 daily"), at("2026-09-18 10:00"), at("2026-09-18 08:00")
    )

    assert found == at("2026-09-19 00:00")


@pytest.mark.parametrize(
    ("last_run", "now", "next_due"),
    [
        pytest.param(None, "09-18 10:00", "09-18 20:00", id="it never ran"),
        pytest.param("09-17 08:00", "09-18 10:00", "09-18 20:00", id="it ran yesterday"),
        pytest.param("09-18 08:00", "09-18 10:00", "09-19 20:00", id="it ran today"),
        pytest.param("09-18 23:59", "09-18 10:00", "09-19 20:00", id="the clock was put back"),
        pytest.param("09-18 08:00", "09-18 21:00", "09-19 20:00", id="the new time is past"),
    ],
)
def test_an_edited_step_never_runs_twice_on_one_local_date(
    last_run: str | None, now: str, next_due: str
):
    last = at(f"2026-{last_run}") if last_run else None

    found = schedule.next_after_edit(table("20:00 daily"), at(f"2026-{now}"), last)

    assert found == at(f"2026-{next_due}")


zones = st.sampled_from(ZONES)
minutes = st.integers(0, 1439)
times = minutes.map(lambda minute: f"{minute // 60:02}:{minute % 60:02}")
day_words = st.sampled_from(
    ["daily", "workdays", "holidays", "mon,thu", "sun", "day 1,29,31", "last day",
     "festival 冬至", "festival 除夕"]
)  # fmt: skip
crons = st.sampled_from(
    ["*/30 * * * *", "15 1-3 * * *", "0 */2 * * 7", "30 2 1,15 * 0", "0 0 * * *",
     "10 2 * 3,10,11 0"]
).map(lambda expr: {"cron": expr})  # fmt: skip
whens = st.builds("{} {}".format, times, day_words) | crons
# Around the changes of clocks in 2026 as often as anywhere else in three years.
changes = st.sampled_from(
    [at("2026-03-08T07:00+00:00"), at("2026-11-01T06:00+00:00"), at("2026-03-29T01:00+00:00"),
     at("2026-10-25T01:00+00:00"), at("2026-04-04T15:00+00:00"), at("2026-10-03T15:30+00:00")]
)  # fmt: skip
near_changes = st.builds(lambda change, away: change + away, changes, st.integers(-DAY, DAY))
instants = near_changes | st.integers(at("2025-01-01T00:00+00:00"), at("2028-01-01T00:00+00:00"))


def between(when: object, zone: ZoneInfo, after: int, until: int):
    trigger = triggers.parse_trigger(when)
    return list(schedule.occurrences(trigger, zone, CALENDAR, after, until))


@given(whens, zones, instants, st.integers(0, 20 * DAY))
def test_occurrences_ascend_and_are_unique_and_within_bounds(
    when: object, zone: ZoneInfo, after: int, length: int
):
    found = between(when, zone, after, after + length)

    assert found == sorted(set(found))
    assert all(after < due <= after + length for due in found)


@given(whens, zones, instants, st.integers(0, 3 * DAY), st.integers(0, 3 * DAY))
def test_splitting_a_stretch_anywhere_loses_and_doubles_nothing(
    when: object, zone: ZoneInfo, a: int, first: int, second: int
):
    b, c = a + first, a + first + second

    assert between(when, zone, a, c) == between(when, zone, a, b) + between(when, zone, b, c)


@given(times, zones, instants)
def test_a_daily_step_falls_due_once_on_every_local_date(time: str, zone: ZoneInfo, after: int):
    found = between(f"{time} daily", zone, after, after + 10 * DAY)

    dates = [localtime.local_date(due, zone) for due in found]
    assert dates == [dates[0] + timedelta(days=n) for n in range(len(dates))]
    assert len(dates) in {9, 10, 11}


@given(whens, zones, instants, st.lists(st.integers(0, 2 * DAY), max_size=8))
def test_restarts_lose_and_double_nothing_when_all_is_made_up(
    when: object, zone: ZoneInfo, start: int, pauses: list[int]
):
    steps = table(when, zone)
    handled, now, due_at = [], start, schedule.next_in(steps, start)
    for pause in pauses:
        now += pause
        runs, due_at = schedule.made_up(steps, due_at, now, "all", 400 * DAY)
        handled += runs

    assert handled == between(when, zone, start, now)


@given(whens, zones, instants, st.lists(st.integers(-DAY, 2 * DAY), max_size=8))
def test_a_jumping_clock_never_makes_anything_run_twice(
    when: object, zone: ZoneInfo, start: int, jumps: list[int]
):
    steps = table(when, zone)
    handled, now, latest, due_at = [], start, start, schedule.next_in(steps, start)
    for jump in jumps:
        now += jump
        latest = max(latest, now)
        runs, due_at = schedule.made_up(steps, due_at, now, "all", 400 * DAY)
        handled += runs

    assert handled == between(when, zone, start, latest)


@given(whens, zones, instants, instants)
def test_after_an_edit_the_next_run_is_on_a_later_local_date(
    when: object, zone: ZoneInfo, now: int, last_run: int
):
    found = schedule.next_after_edit(table(when, zone), now, last_run)

    assert found is not None
    assert found > now
    assert localtime.local_date(found, zone) > localtime.local_date(last_run, zone)


@given(zones, instants)
def test_a_wall_time_leads_back_to_the_first_instant_that_shows_it(zone: ZoneInfo, ms: int):
    whole = ms - ms % MINUTE
    wall = localtime.wall_time(whole, zone)

    found = localtime.resolve(wall.replace(tzinfo=None, fold=0), zone)

    assert found < whole if wall.fold else found == whole
    assert localtime.wall_time(found, zone).replace(fold=0) == wall.replace(fold=0)


@given(zones, instants)
def test_the_local_midnight_is_the_first_instant_of_its_date(zone: ZoneInfo, ms: int):
    day = localtime.local_date(ms, zone)
    midnight = localtime.local_midnight(day, zone)

    assert midnight <= ms
    assert localtime.local_date(midnight, zone) == day
    assert localtime.local_date(midnight - 1, zone) == day - timedelta(days=1)


def test_a_date_without_midnight_begins_where_the_clocks_land():
    beirut = localtime.parse_zone("Asia/Beirut")

    midnight = localtime.local_midnight(date(2026, 3, 29), beirut)

    assert localtime.wall_time(midnight, beirut).strftime("%d %H:%M") == "29 01:00"


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("Asia/Shangai", "did you mean Asia/Shanghai"),
        ("../../etc/passwd", "time zone"),
        ("/etc/passwd", "time zone"),
        ("Asia", "time zone"),
        ("", "Asia/Shanghai"),
        ("\ud800", "Asia/Shanghai"),
        ("北京", "Asia/Shanghai"),
    ],
)
def test_an_unknown_zone_is_refused_with_a_sentence(name: str, told: str):
    with pytest.raises(ValueError, match=told):
        localtime.parse_zone(name)


def test_a_zone_is_loaded_once():
    assert localtime.parse_zone("Asia/Shanghai") is SHANGHAI
