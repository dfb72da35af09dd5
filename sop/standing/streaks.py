"""Days in a row: how many local days somebody did something, one after the other."""

from collections.abc import Collection, Iterable
from datetime import date, timedelta

ONE_DAY = timedelta(days=1)
WEEK = 7


def run_of(days: Iterable[date], last: date | None = None, *, grace: int = 0) -> int:
    """Return how many of the days are in the run that ends with the last of them.

    A run goes on over days that are missing while they are at most `grace` in all: those are the
    days that may be made up. With `last`, days after it do not count.
    """
    known = sorted({day for day in days if last is None or day <= last}, reverse=True)
    if not known:
        return 0
    count, left, previous = 1, grace, known[0]
    for day in known[1:]:
        left -= (previous - day).days - 1
        if left < 0:
            break
        count, previous = count + 1, day
    return count


def continued(streak: int, last: str, today: date) -> int:
    """Return the run's length with today, given what it was on the ISO date `last`.

    A clock that was put back neither lengthens nor breaks a run.
    """
    if last and date.fromisoformat(last) >= today:
        return max(streak, 1)
    return streak + 1 if last == (today - ONE_DAY).isoformat() else 1


def standing(streak: int, last: str, today: date) -> int:
    """Return how long the run is that today may still go on with; 0 once a day was missed."""
    return streak if last >= (today - ONE_DAY).isoformat() else 0


def missed(days: Collection[date], first: date, today: date) -> date | None:
    """Return the latest day before today that is missing, from `first` on; None without one."""
    day = today - ONE_DAY
    while day >= first:
        if day not in days:
            return day
        day -= ONE_DAY
    return None


def make_ups(days: float) -> int:
    """Return how many of so many days may be made up: one a full week, but always one."""
    return max(1, int(days // WEEK))
