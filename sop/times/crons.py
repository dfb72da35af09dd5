"""Owns cron expressions: five fields, POSIX days (0 and 7 are Sunday), local wall time.

When both day fields are restricted either may match; a field that starts with `*` restricts
nothing. Names of months and days, lists, ranges and steps are read. `cronsim` walks wall time
without a zone here, because with one it would run a wildcard job twice in a repeated hour.
"""

import re
from collections.abc import Iterator
from datetime import datetime

from cronsim import CronSim, CronSimError, cronsim

from sop.times import localtime
from sop.times.durations import shown

FIELDS = 5

_NAMES = frozenset(cronsim.SYMBOLIC_DAYS + cronsim.SYMBOLIC_MONTHS)
# A leap year's first day, from which every possible date lies within eight years.
_PROBE = datetime(2024, 1, 1)  # noqa: DTZ001 - wall time


def parse_cron(value: object) -> str:
    """Tidy an expression to upper case; `ValueError` when it is wrong or can never fire."""
    expr = " ".join(value.upper().split()) if isinstance(value, str) else ""
    if len(expr.split()) != FIELDS:
        raise ValueError(
            f"{shown(value)} is not a cron expression: write five fields "
            '(minute hour day month weekday), like "0 8 * * 1-5"'
        )
    if not set(re.findall(r"[^0-9*,/ -]+", expr)) <= _NAMES:
        raise ValueError(
            f"{shown(value)} has a sign that cron does not know: write numbers, names like MON or "
            "JAN, and the signs * , - /"
        )
    _try(expr, value)
    return expr


def cron_times(expr: str, after: datetime) -> Iterator[datetime]:
    """Yield the wall times (no zone) after `after` that match, to the end of `LAST_YEAR`."""
    for wall in CronSim(expr, after):
        if wall.year > localtime.LAST_YEAR:
            return
        yield wall


def _try(expr: str, value: object) -> None:
    try:
        fires = next(CronSim(expr, _PROBE), None)
    except (CronSimError, ValueError) as error:
        field = str(error).removeprefix("Bad ")
        raise ValueError(
            f"the {field} of the cron expression {shown(value)} is out of range: "
            'write minute hour day month weekday, like "0 8 * * 1-5"'
        ) from error
    if fires is None:
        raise ValueError(f"the cron expression {shown(value)} names a date that never comes")
