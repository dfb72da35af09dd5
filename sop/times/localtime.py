"""Owns the way between instants (integer milliseconds UTC) and local dates and wall times.

A wall time that does not exist is the first valid instant after it; one that exists twice
is the first of the two. Zones are IANA names; `zoneinfo` keeps the loaded ones.
"""

from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo, available_timezones

from sop import suggestions
from sop.times import durations

# Beyond these an instant is a mistake, and local conversion could leave the range of `date`.
FIRST_YEAR = 1970
LAST_YEAR = 2199

QUARTER_MS = 15 * durations.MINUTE_MS

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_WALL_EPOCH = datetime(1970, 1, 1)  # noqa: DTZ001 - wall time is counted without a zone
_MS = timedelta(milliseconds=1)


@lru_cache(maxsize=1024)
def parse_zone(name: str) -> ZoneInfo:
    """Load the zone of an IANA name (`Asia/Shanghai`); `ValueError` says what was meant."""
    known = available_timezones()
    if name in known:
        return ZoneInfo(name)
    hint = suggestions.did_you_mean(name, sorted(known), "write one like Asia/Shanghai")
    raise ValueError(f"{durations.shown(name)} is no time zone: {hint}")


def wall_time(ms: int, zone: ZoneInfo) -> datetime:
    """Return the clock on the wall at that instant, aware of its zone."""
    return (_EPOCH + ms * _MS).astimezone(zone)


def local_date(ms: int, zone: ZoneInfo) -> date:
    """Return the calendar date in `zone` at that instant."""
    return _date_at(ms // 1_000, zone)


# One message asks for today's date half a dozen times; no offset has parts of a second.
@lru_cache(maxsize=1024)
def _date_at(second: int, zone: ZoneInfo) -> date:
    return wall_time(second * 1_000, zone).date()


def minute_of_day(ms: int, zone: ZoneInfo) -> int:
    """Return the minutes that the clock on the wall has gone since midnight, 0 to 1439."""
    wall = wall_time(ms, zone)
    return wall.hour * 60 + wall.minute


def local_midnight(day: date, zone: ZoneInfo) -> int:
    """Return the first instant of that local date."""
    return instant(day, 0, zone)


def instant(day: date, minute: int, zone: ZoneInfo) -> int:
    """Return the instant of a local wall time, `minute` counted from midnight (0 to 1439)."""
    hour, minute = divmod(minute, 60)
    wall = datetime(day.year, day.month, day.day, hour, minute)  # noqa: DTZ001 - see resolve
    return resolve(wall, zone)


def resolve(wall: datetime, zone: ZoneInfo) -> int:
    """Return the instant of a wall time given without a zone, by the rule of this module."""
    local = wall.replace(tzinfo=zone)
    first = _offset(local)
    second = _offset(local.replace(fold=1))
    since_epoch = wall - _WALL_EPOCH
    if first >= second:
        return (since_epoch - first) // _MS
    return _end_of_gap((since_epoch - second) // _MS, (since_epoch - first) // _MS, zone)


def _offset(local: datetime) -> timedelta:
    offset = local.utcoffset()
    assert offset is not None
    return offset


def _end_of_gap(before: int, after: int, zone: ZoneInfo) -> int:
    """Find the transition in (before, after]: the offset is the old one at `before`."""
    old = _offset(wall_time(before, zone))
    while after - before > 1:
        middle = (before + after) // 2
        if _offset(wall_time(middle, zone)) == old:
            before = middle
        else:
            after = middle
    return after


def quarter_after(ms: int) -> int:
    """Return the first full quarter of an hour from the instant on, in every zone of today."""
    return ms + -ms % QUARTER_MS
