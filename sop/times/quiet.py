"""Owns quiet hours: when they hold, when they end, and when so much waking time has passed.

A quiet night is one stretch from the instant its start is reached to the instant its end is
reached; where clocks are put back, the repeated hour belongs to the same night.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from sop.times import localtime
from sop.times.durations import Span

_DAY = timedelta(days=1)


def is_quiet(span: Span | None, ms: int, zone: ZoneInfo) -> bool:
    """Tell whether the instant lies in quiet hours; never where there is no span."""
    return quiet_end(span, ms, zone) > ms


def quiet_end(span: Span | None, ms: int, zone: ZoneInfo) -> int:
    """Return the instant at which the quiet hours around `ms` end; `ms` itself outside of them."""
    if span is None:
        return ms

    today = localtime.local_date(ms, zone)
    for day in (today - _DAY, today):
        start, end = _night(span, day, zone)
        if start <= ms < end:
            return end
    return ms


def waking_deadline(from_ms: int, waking_ms: int, span: Span | None, zone: ZoneInfo) -> int:
    """Return the first instant by which `waking_ms` of waking time have passed since `from_ms`."""
    due = from_ms + waking_ms
    for start, end in _nights(span, from_ms, zone):
        if start >= due:
            break
        due += max(0, end - max(start, from_ms))
    return due


def _nights(span: Span | None, from_ms: int, zone: ZoneInfo) -> Iterator[tuple[int, int]]:
    if span is None:
        return

    day = localtime.local_date(from_ms, zone) - _DAY
    while day.year <= localtime.LAST_YEAR:
        yield _night(span, day, zone)
        day += _DAY


def _night(span: Span, day: date, zone: ZoneInfo) -> tuple[int, int]:
    """Return the quiet stretch that starts on that local date, as instants."""
    last = day + _DAY if span.end_minute < span.start_minute else day
    start = localtime.instant(day, span.start_minute, zone)
    return start, localtime.instant(last, span.end_minute, zone)


def covers(span: Span | None, minute: int) -> bool:
    """Tell whether a minute of the day (0 to 1439) is a quiet one; never without a span."""
    if span is None:
        return False
    if span.start_minute <= span.end_minute:
        return span.start_minute <= minute < span.end_minute
    return minute >= span.start_minute or minute < span.end_minute
