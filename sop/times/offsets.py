"""Owns delays after an event: a length of time, or a time of day some calendar days later."""

from dataclasses import dataclass

from sop.times import durations
from sop.times.durations import shown


@dataclass(frozen=True, slots=True, kw_only=True)
class Offset:
    """`delay_ms` later, or at `at_minute` on the `days`-th calendar day after.

    The calendar form is meant when `days` is not None; then `at_minute` is set as well.
    """

    delay_ms: int = 0
    days: int | None = None
    at_minute: int | None = None


AT_ONCE = Offset()


def parse_offset(delay: str | None, at: str | None) -> Offset:
    """Return the offset of `+ DELAY`, of `+ Nd at HH:MM`, or (both None) none at all."""
    if delay is None:
        return Offset()
    length = durations.parse_duration(delay)
    if at is None:
        return Offset(delay_ms=length)

    days, rest = divmod(length, durations.DAY_MS)
    if rest or not days:
        raise ValueError(
            f"{shown(delay)} before a time of day must be whole days, 1d or more: "
            "write + 3d at 09:00, or + 2h without a time"
        )
    return Offset(days=days, at_minute=durations.parse_time_of_day(at))
