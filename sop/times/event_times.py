"""Owns how the time of an event is written: a date, or days after its sign-up began."""

import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from sop.times import durations, localtime
from sop.times.durations import shown

_FORM: Final = re.compile(
    r"(?:(?P<date>[0-9]{4}-[0-9]{2}-[0-9]{2})|\+?\s*(?P<days>[0-9]{1,3})d\s+at)"
    r"\s+(?P<time>[0-9]{1,2}:[0-9]{2})",
    re.IGNORECASE | re.ASCII,
)


@dataclass(frozen=True, slots=True)
class EventTime:
    """`minute` of the local `day`, or of the `days`-th day after the sign-up opened."""

    minute: int
    day: date | None = None
    days: int = 0

    def instant(self, opened_at: int, zone: ZoneInfo) -> int:
        """Return when it is, for a sign-up that opened then."""
        day = self.day or localtime.local_date(opened_at, zone) + timedelta(days=self.days)
        return localtime.instant(day, self.minute, zone)


def parse_event_time(value: object) -> EventTime:
    """Read `2027-03-20 14:00` or `5d at 14:00`; a `ValueError` says what would be right."""
    found = _FORM.fullmatch(value.strip()) if isinstance(value, str) else None
    if found is None:
        raise ValueError(
            f"{shown(value)} is not the time of an event: write 2027-03-20 14:00, or 5d at 14:00 "
            "for the fifth day after the sign-up begins"
        )
    minute = durations.parse_time_of_day(found["time"])
    if found["days"] is not None:
        return EventTime(minute, days=int(found["days"]))
    try:
        day = date.fromisoformat(found["date"])
    except ValueError:
        raise ValueError(f"{found['date']} is not a day of the calendar") from None
    return EventTime(minute, day=day)
