from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sop.times import durations, localtime, quiet
from sop.times.durations import Span

ZONES = [
    localtime.parse_zone(name)
    for name in ("America/New_York", "Europe/London", "Australia/Lord_Howe", "Asia/Shanghai")
]
NEW_YORK, *_, SHANGHAI = ZONES
HOUR, DAY = 3_600_000, 86_400_000


def at(text: str):
    moment = datetime.fromisoformat(text)
    return int((moment if moment.tzinfo else moment.replace(tzinfo=SHANGHAI)).timestamp() * 1000)


@pytest.mark.parametrize(
    ("span", "now", "end"),
    [
        ("22:30-07:30", "2026-11-20 22:29", None),
        ("22:30-07:30", "2026-11-20 22:30", "2026-11-21 07:30"),
        ("22:30-07:30", "2026-11-21 00:00", "2026-11-21 07:30"),
        ("22:30-07:30", "2026-11-21 07:29", "2026-11-21 07:30"),
        ("22:30-07:30", "2026-11-21 07:30", None),
        ("12:00-14:00", "2026-11-20 11:59", None),
        ("12:00-14:00", "2026-11-20 12:00", "2026-11-20 14:00"),
        ("12:00-14:00", "2026-11-20 14:00", None),
        ("22:00-24:00", "2026-11-20 23:59", "2026-11-21 00:00"),
    ],
)
def test_quiet_hours_hold_from_their_start_to_before_their_end(
    span: str, now: str, end: str | None
):
    hours = durations.parse_span(span)

    assert quiet.is_quiet(hours, at(now), SHANGHAI) is (end is not None)
    assert quiet.quiet_end(hours, at(now), SHANGHAI) == at(end or now)


def test_without_a_span_it_is_never_quiet():
    assert not quiet.is_quiet(None, 5, SHANGHAI)
    assert quiet.quiet_end(None, 5, SHANGHAI) == 5
    assert quiet.waking_deadline(5, 7, None, SHANGHAI) == 12


@pytest.mark.parametrize(
    ("span", "now", "end"),
    [
        pytest.param("22:30-02:30", "2026-03-08T01:59-05:00", "2026-03-08T03:00-04:00", id="gap"),
        pytest.param("22:30-01:30", "2026-11-01T01:29-04:00", "2026-11-01T01:30-04:00", id="fold"),
        pytest.param("22:30-01:30", "2026-11-01T01:15-05:00", None, id="over"),
        pytest.param("01:30-06:00", "2026-11-01T01:15-05:00", "2026-11-01T06:00-05:00", id="one"),
        pytest.param("02:10-02:40", "2026-03-08T03:05-04:00", None, id="a span inside the gap"),
    ],
)  # fmt: skip
def test_a_quiet_night_is_one_stretch_when_clocks_change(span: str, now: str, end: str | None):
    hours = durations.parse_span(span)

    assert quiet.quiet_end(hours, at(now), NEW_YORK) == at(end or now)


@pytest.mark.parametrize(
    ("start", "hours", "end"),
    [
        ("2026-11-20 20:00", 2, "2026-11-20 22:00"),
        ("2026-11-20 20:00", 2.5, "2026-11-20 22:30"),
        ("2026-11-20 20:00", 3.5, "2026-11-21 08:30"),
        ("2026-11-20 23:00", 1, "2026-11-21 08:30"),
        ("2026-11-20 20:00", 30, "2026-11-22 20:00"),
    ],
)
def test_waking_time_leaves_quiet_hours_out(start: str, hours: float, end: str):
    night = durations.parse_span("22:30-07:30")

    assert quiet.waking_deadline(at(start), int(hours * HOUR), night, SHANGHAI) == at(end)


spans = st.builds(
    lambda start, length: Span(start_minute=start, end_minute=(start + length) % 1440),
    st.integers(0, 1439),
    st.integers(1, 1439),
)
zones = st.sampled_from(ZONES)
instants = st.integers(at("2026-01-01 00:00"), at("2027-01-01 00:00")) | st.builds(
    lambda change, away: change + away,
    st.sampled_from(
        [at("2026-03-08T07:00+00:00"), at("2026-11-01T06:00+00:00"), at("2026-10-25T01:00+00:00")]
    ),
    st.integers(-DAY, DAY),
)


@given(spans, zones, instants)
def test_quiet_hours_end_in_the_future_and_are_over_then(span: Span, zone: ZoneInfo, now: int):
    end = quiet.quiet_end(span, now, zone)

    assert quiet.is_quiet(span, now, zone) is (end > now)
    assert now <= end <= now + 25 * HOUR
    assert end == now or quiet.is_quiet(span, end - 1, zone)


@given(spans, zones, instants)
def test_the_first_waking_instant_comes_once_quiet_hours_are_over(
    span: Span, zone: ZoneInfo, now: int
):
    assert quiet.waking_deadline(now, 1, span, zone) == quiet.quiet_end(span, now, zone) + 1


@given(spans, zones, instants, st.integers(1, 3 * DAY), st.integers(1, 3 * DAY))
def test_waking_time_adds_up_over_any_split(
    span: Span, zone: ZoneInfo, start: int, first: int, second: int
):
    middle = quiet.waking_deadline(start, first, span, zone)

    whole = quiet.waking_deadline(start, first + second, span, zone)

    assert quiet.waking_deadline(middle, second, span, zone) == whole
