"""Laws of the schedule, through the real handlers: nothing is lost or doubled, whatever stops,
restarts, repeats or puts the clock back, also where the clocks change.
"""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import example, given, settings
from hypothesis import strategies as st

from sop.model import Occurrence, Outgoing, StepRun
from sop.times.calendars import Calendar
from sop.triggers import schedule, triggers
from tests import builders
from tests.lives import DAY, HOUR, MINUTE, Life, life

CHANGES = {
    "America/New_York": ("2027-03-14T07:00", "2027-11-07T06:00"),
    "Europe/London": ("2027-03-28T01:00", "2027-10-31T01:00"),
    "Australia/Lord_Howe": ("2027-04-03T15:00", "2027-10-02T15:30"),
    "America/Santiago": ("2027-04-04T03:00", "2027-09-05T04:00"),
    "Asia/Shanghai": ("2027-02-05T16:00", "2027-12-31T16:00"),
}
"""Instants (UTC) at which the clocks change; in Shanghai a new year, as people count it."""

TIMES = ("00:00", "00:15", "01:30", "02:10", "02:30", "03:00", "23:45")

turns = st.lists(
    st.tuples(
        st.sampled_from([0, MINUTE, 20 * MINUTE, HOUR, 7 * HOUR, 26 * HOUR, -HOUR, -30 * HOUR]),
        st.integers(1, 5),
        st.sampled_from(["", "crash", "twice", "restart"]),
    ),
    max_size=14,
)


def instant(text: str) -> int:
    return int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp() * 1000)


def lived(club: Life, told: list[tuple[int, int, str]]) -> int:
    """Let the clock do what it does; returns the latest moment it ever showed."""
    start = latest = club.now
    for pause, size, what in told:
        club.now = max(start, club.now + pause)
        latest = max(latest, club.now)
        if what == "restart":
            club.enforce()
        found = club.due(size)
        club.handle(*found, *(found if what == "twice" else ()), crash=what == "crash")
    club.now = latest = latest + 2 * DAY
    club.tick()
    return latest


def pack_of(zone: str, when: str) -> str:
    return f"""
pack: club
title: 书友会
timezone: {zone}
steps: [{{id: it, when: {when}, missed: all, grace: 60d, do: [{{post: 到点了}}]}}]
"""


def by_hand(zone: ZoneInfo, time: str, start: int, end: int) -> list[int]:
    """The first minute of every local day whose time of day has come: no library asked."""
    found = []
    moment = datetime.fromtimestamp(start / 1000, UTC) - timedelta(days=2)
    seen = set()
    while moment.timestamp() * 1000 <= end:
        local = moment.astimezone(zone)
        if f"{local:%H:%M}" >= time and local.date() not in seen:
            seen.add(local.date())
            if moment.timestamp() * 1000 > start:
                found.append(int(moment.timestamp() * 1000))
        moment += timedelta(minutes=1)
    return found


@given(
    st.sampled_from([(zone, at) for zone, changes in CHANGES.items() for at in changes]),
    st.sampled_from(TIMES), st.integers(0, 36), turns,
)  # fmt: skip
@example(("America/New_York", "2027-03-14T07:00"), "02:30", 30, [])
@example(("America/Santiago", "2027-09-05T04:00"), "00:15", 30, [(26 * HOUR, 1, "restart")])
@example(("America/New_York", "2027-11-07T06:00"), "01:30", 5, [(7 * HOUR, 1, ""), (-HOUR, 1, "")])
@settings(max_examples=8, deadline=None)
def test_a_daily_step_runs_once_on_every_local_day(
    change: tuple[str, str], time: str, before: int, told: list[tuple[int, int, str]]
):
    zone, at = change
    start = instant(at) - before * HOUR - 7 * MINUTE
    with life(now=start) as club:
        club.book = builders.book(pack_of(zone, f'"{time} daily"'))
        club.enforce()
        latest = lived(club, told)

        dues = [run.due_at for run in club.read(StepRun, order="id")]
        assert sorted(dues) == by_hand(ZoneInfo(zone), time, start, latest)
        assert len(club.read(Outgoing)) == len(dues)
        assert len(club.read(Occurrence, status="pending", step="it")) == 1


WHENS = (
    '{cron: "*/30 * * * *"}', '{cron: "15 1,2,3 * * *"}', '"02:30 sat,sun"', '"01:30 workdays"',
    '"00:30 holidays"', '"23:30 day 6"', '"10:00 last day"', '"08:00 festival 春节"',
    '"2027-03-14 02:30"', '"start + 1d at 02:30"', '"start - 1d at 00:15"', '"每周日 01:30"',
    '"每月最后一天 10:00"',
)  # fmt: skip


@given(
    st.sampled_from([(zone, at) for zone, changes in CHANGES.items() for at in changes]),
    st.sampled_from(WHENS), st.integers(0, 30), turns,
)  # fmt: skip
@example(
    ("Asia/Shanghai", "2027-02-05T16:00"), WHENS[0], 5,
    [(7 * HOUR, 5, ""), (-HOUR, 5, "restart"), (20 * MINUTE, 5, "restart")],
)  # fmt: skip
@settings(max_examples=8, deadline=None)
def test_whatever_the_clock_drives_runs_once_at_each_of_its_times(
    change: tuple[str, str], when: str, before: int, told: list[tuple[int, int, str]]
):
    zone, at = change
    start = instant(at) - before * HOUR - 7 * MINUTE
    starts = datetime.fromtimestamp(instant(at) / 1000, UTC).astimezone(ZoneInfo(zone)).date()
    group = builders.group(starts=starts.isoformat())
    with life(now=start, groups=[group]) as club:
        club.book = builders.book(pack_of(zone, when))
        club.enforce(group)
        # Every restart brings the binding as it is.
        club.enforce = lambda *_: Life.enforce(club, group)  # type: ignore[method-assign] # as above
        latest = lived(club, told)

        trigger = club.book.pack.steps[0].when
        assert isinstance(trigger, triggers.TimeTrigger)
        expected = schedule.occurrences(trigger, club.book.zone, Calendar(), start, latest, starts)
        assert sorted(run.due_at for run in club.read(StepRun)) == list(expected)
