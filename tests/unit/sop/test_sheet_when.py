"""A trigger in the words of a table is read back as the same trigger."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sop.sheets.sheet_days import Setting, read_days
from sop.sheets.sheet_when import combine, words_of
from sop.times import calendars
from sop.times.days import Days
from sop.times.offsets import Offset
from sop.times.time_words import packaged
from sop.triggers import triggers

SETTING = Setting(near=date(2026, 11, 20))

minutes = st.integers(0, 1439)
wall_days = st.one_of(
    st.sampled_from(["daily", "workdays", "holidays", "last-day"]).map(
        lambda kind: Days(kind=kind)
    ),
    st.frozensets(st.integers(1, 7), min_size=1).map(lambda n: Days(kind="weekdays", numbers=n)),
    st.frozensets(st.integers(1, 31), min_size=1, max_size=5).map(
        lambda n: Days(kind="month-days", numbers=n)
    ),
)
offsets = st.one_of(
    st.just(Offset()),
    st.builds(lambda ms: Offset(delay_ms=ms * 60_000), st.integers(1, 5_000)),
    st.builds(lambda days, at: Offset(days=days, at_minute=at), st.integers(1, 400), minutes),
)
sayable = st.one_of(
    st.builds(lambda days, at: triggers.WallTime(time_minute=at, days=days), wall_days, minutes),
    st.builds(
        lambda day, at: triggers.OneTime(date=day, minute=at),
        st.dates(date(1990, 1, 1), date(2099, 12, 31)), minutes,
    ),
    st.builds(
        lambda name, at: triggers.Festival(name=calendars.parse_festival(name), minute=at),
        st.sampled_from([each["names"][0] for each in packaged().festivals]), minutes,
    ),
    st.builds(
        lambda n, at: triggers.AroundStart(days=n, minute=at), st.integers(-99, 400), minutes
    ),
    offsets.map(lambda offset: triggers.GroupCreated(offset=offset)),
    offsets.map(lambda offset: triggers.GroupAdopted(offset=offset)),
    offsets.map(lambda offset: triggers.MemberJoined(offset=offset)),
)  # fmt: skip


@given(sayable)
def test_a_trigger_in_words_is_the_same_trigger_again(trigger: triggers.Trigger):
    words = words_of(trigger)

    assert words is not None
    assert triggers.parse_trigger(words.when) == trigger


@given(sayable)
def test_day_and_time_of_a_row_are_the_same_trigger_again(trigger: triggers.Trigger):
    words = words_of(trigger)
    assert words is not None
    found = combine(read_days(words.day, SETTING), words.time, has_time=bool(words.time))

    assert found.triggers == (trigger,)


@given(sayable)
def test_the_beginning_of_an_id_is_one(trigger: triggers.Trigger):
    words = words_of(trigger)
    assert words is not None

    assert set(words.slug) <= set("abcdefghijklmnopqrstuvwxyz0123456789-")
    assert "--" not in words.slug.strip("-") == words.slug


@pytest.mark.parametrize(
    "trigger",
    [triggers.Silence(ms=1), triggers.Says(words=("x",)), triggers.Cron(expr="0 8 * * 1")],
)  # fmt: skip
def test_what_no_day_and_time_can_say_is_not_said(trigger: triggers.Trigger):
    assert words_of(trigger) is None


def test_every_day_at_every_time_is_a_trigger_of_its_own():
    days = read_days("D1、D2", SETTING)

    assert len(combine(days, "8:00、20:00", has_time=True).triggers) == 4


def test_an_event_takes_no_time_and_everything_else_needs_one():
    assert combine(read_days("入群后", SETTING), "8:00", has_time=True).timeless
    with pytest.raises(ValueError, match="no time of day"):
        combine(read_days("每天", SETTING), None, has_time=False)
    assert combine(read_days("每周三20:00", SETTING), None, has_time=False).triggers
