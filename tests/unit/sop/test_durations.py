import re
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sop.times import durations
from sop.times.durations import Cap, Span


@pytest.mark.parametrize(
    ("text", "ms"),
    [
        ("0s", 0),
        ("90s", 90_000),
        ("30m", 1_800_000),
        ("1h30m", 5_400_000),
        ("24h", 86_400_000),
        ("7d", 604_800_000),
        ("1w", 604_800_000),
        (" 2D ", 172_800_000),
        ("3660d", 3_660 * 86_400_000),
    ],
)
def test_a_length_of_time_is_read_as_milliseconds(text: str, ms: int):
    assert durations.parse_duration(text) == ms


@pytest.mark.parametrize(
    "text",
    ["", "30", "m", "1.5h", "-1h", "30m1h", "1h 30m", "5 minutes", "3661d", "99999999999w",
     "３０m", 30, None, True, ["1h"], "1h\n2h", "\ud800"],
)  # fmt: skip
def test_what_is_no_length_of_time_is_refused_with_a_sentence(text: object):
    with pytest.raises(ValueError, match="length of time"):
        durations.parse_duration(text)


@given(st.integers(0, 3_660 * 86_400).map(lambda seconds: seconds * 1_000))
def test_a_written_length_of_time_reads_back_as_itself(ms: int):
    assert durations.parse_duration(durations.format_duration(ms)) == ms


@pytest.mark.parametrize(
    ("value", "minute"),
    [("00:00", 0), ("08:30", 510), ("8:30", 510), ("23:59", 1439), ((8, 30), 510), ([0, 5], 5)],
)
def test_a_time_of_day_is_read_as_minutes_since_midnight(value: object, minute: int):
    assert durations.parse_time_of_day(value) == minute


@pytest.mark.parametrize(
    "value",
    ["24:00", "08:60", "8", "8:3", "-1:00", "08:30:00", (24, 0), (1, True), (1, 2, 3), 510, ""],
)  # fmt: skip
def test_what_is_no_time_of_day_is_refused_with_a_sentence(value: object):
    with pytest.raises(ValueError, match=r"write 00:00 to 23:59, like 08:30"):
        durations.parse_time_of_day(value)


@given(st.integers(0, 1439))
def test_a_written_time_of_day_reads_back_as_itself(minute: int):
    assert durations.parse_time_of_day(durations.format_time_of_day(minute)) == minute


@pytest.mark.parametrize(
    ("text", "span"),
    [
        ("22:30-07:30", Span(start_minute=1350, end_minute=450)),
        ("09:00 - 21:00", Span(start_minute=540, end_minute=1260)),
        ("22:00-24:00", Span(start_minute=1320, end_minute=0)),
    ],
)
def test_a_span_of_the_day_is_read(text: str, span: Span):
    assert durations.parse_span(text) == span


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("22:30", "write two times"),
        ("22:30-07:30-08:00", "write two times"),
        (None, "write two times"),
        ("22:30-25:00", "not a time of day"),
        ("24:00-07:00", "not a time of day"),
        ("08:00-08:00", "same time"),
        ("00:00-24:00", "same time"),
    ],
)
def test_what_is_no_span_is_refused_with_a_sentence(text: object, told: str):
    with pytest.raises(ValueError, match=told):
        durations.parse_span(text)


@pytest.mark.parametrize(
    ("text", "rate"),
    [("1/7d", (1, 604_800_000)), ("3 / 12h", (3, 43_200_000)), ("10/1h30m", (10, 5_400_000))],
)
def test_a_rate_is_read_as_count_and_window(text: str, rate: tuple[int, int]):
    assert durations.parse_rate(text) == rate


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("1/day", "rolling"),
        ("1", "rolling"),
        (None, "rolling"),
        ("one/7d", "rolling"),
        ("1/0d", "empty window"),
        ("1/7x", "length of time"),
        ("0/7d", "from 1"),
        ("9999999/7d", "from 1"),
    ],
)
def test_what_is_no_rate_is_refused_with_a_sentence(text: object, told: str):
    with pytest.raises(ValueError, match=told):
        durations.parse_rate(text)


@pytest.mark.parametrize(
    ("text", "cap"),
    [
        ("10/day", Cap(n=10, period="day")),
        ("1/week", Cap(n=1, period="week")),
        ("5 / Day", Cap(n=5, period="day")),
    ],
)
def test_a_cap_counts_calendar_days_or_weeks(text: str, cap: Cap):
    assert durations.parse_cap(text) == cap


@pytest.mark.parametrize(
    "text", ["10/1d", "10", "1/month", "-1/day", "0/day", None, 10, "1/day/week"]
)
def test_what_is_no_cap_is_refused_with_a_sentence(text: object):
    with pytest.raises(ValueError, match=r"like 10/day|must count from 1"):
        durations.parse_cap(text)


def refusal(parse: Callable[[object], object], value: object):
    """The sentence a reader refuses a value with; empty where it reads it."""
    try:
        parse(value)
    except ValueError as error:
        return str(error)
    return ""


@pytest.mark.parametrize(
    "parse",
    [
        durations.parse_duration,
        durations.parse_time_of_day,
        durations.parse_span,
        durations.parse_rate,
        durations.parse_cap,
    ],
)
@given(value=st.text() | st.integers() | st.none() | st.lists(st.text()))
def test_any_value_is_read_or_refused_with_what_would_be_right(
    parse: Callable[[object], object], value: object
):
    told = refusal(parse, value)

    assert not told or re.search("write|like|longest", told)
