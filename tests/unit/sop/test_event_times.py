"""When an event is, as operators write it."""

from datetime import date
from zoneinfo import ZoneInfo

import pytest

from sop.times import localtime
from sop.times.event_times import EventTime, parse_event_time
from tests.builders import EVENING

SHANGHAI = ZoneInfo("Asia/Shanghai")


def test_it_is_a_date_or_days_after_the_sign_up_opened():
    assert parse_event_time("2027-03-20 14:00") == EventTime(840, day=date(2027, 3, 20))
    assert parse_event_time(" +5d at 9:30") == parse_event_time("5D at 09:30")

    at = parse_event_time("5d at 14:00").instant(EVENING, SHANGHAI)
    assert localtime.wall_time(at, SHANGHAI).isoformat() == "2026-12-07T14:00:00+08:00"


@pytest.mark.parametrize(
    "wrong", ["", "14:00", "2027-02-30 14:00", "5d", "5d at 25:00", "in 5d", 5, None, True]
)
def test_what_is_none_is_told_with_what_would_be_right(wrong: object):
    with pytest.raises(ValueError, match=r"14:00|calendar|time of day"):
        parse_event_time(wrong)
