"""A challenge of many days: which day it is, what counts, and who has come through.

All members go by the same calendar: day 1 is the local date on which it was opened. A day counts
once; days that were missed may be made up until the end, so many of them. Dates are local.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final, Literal
from zoneinfo import ZoneInfo

from sop.pack.pack_campaigns import ChallengeAction
from sop.pack.pack_steps import Step
from sop.times import localtime

NOON: Final = 12 * 60
"""Minute of the day after the last one at which it ends: until then that one can be made up."""

EVENING: Final = 20 * 60
"""Minute of the day at which who has not yet sent anything today is reminded."""

WEEK: Final = 7

ASLEEP_DAYS: Final = 2
"""Days without a word after which nobody is reminded any more: they know, and have stopped."""

Standing = Literal["completed", "open", "missed"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """How long a challenge runs; `grace` is the number of days that each may make up."""

    first: date
    days: int
    grace: int

    @property
    def last(self) -> date:
        """The last day."""
        return self.first + timedelta(days=self.days - 1)

    def number(self, day: date) -> int:
        """Return which day that is, from 1; 0 for one that is none of its days."""
        number = (day - self.first).days + 1
        return number if 1 <= number <= self.days else 0

    def ends_at(self, zone: ZoneInfo) -> int:
        """Return the instant at which nothing counts any more."""
        return localtime.instant(self.last + timedelta(days=1), NOON, zone)

    def evening_after(self, now: int, zone: ZoneInfo) -> int:
        """Return the next instant at which members are reminded; 0 where there is none."""
        day = localtime.local_date(now, zone)
        found = localtime.instant(day, EVENING, zone)
        if found <= now:
            day += timedelta(days=1)
            found = localtime.instant(day, EVENING, zone)
        return found if self.number(day) else 0

    def is_week(self, day: date) -> bool:
        """Tell whether a week of it ends that day, and more days follow."""
        number = self.number(day)
        return number % WEEK == 0 and 0 < number < self.days

    def missed(self, done: Collection[str], made_up: int, today: date) -> int:
        """Return how many of the days before today are missing, what was made up taken off."""
        past = min(max((today - self.first).days, 0), self.days)
        kept = sum(1 for each in done if self._before(each, today))
        return max(past - kept - made_up, 0)

    def _before(self, day: str, today: date) -> bool:
        return self.first.isoformat() <= day < today.isoformat()

    def left(self, made_up: int) -> int:
        """Return how many days may still be made up."""
        return max(self.grace - made_up, 0)

    def standing(self, done: Collection[str], made_up: int, today: date) -> Standing:
        """Tell whether somebody has come through, still may, or cannot any more."""
        if len(done) + made_up >= self.days:
            return "completed"
        fits = self.missed(done, made_up, today) <= self.left(made_up)
        return "open" if fits else "missed"


def actions_of(step: Step) -> tuple[ChallengeAction, ...]:
    """Return the challenges that a step begins."""
    return tuple(action for action in step.do if isinstance(action, ChallengeAction))


def daily_words(steps: Iterable[Step]) -> tuple[str, ...]:
    """Return the words under which the challenges of a pack take their days."""
    found = (action.daily for step in steps for action in actions_of(step))
    return tuple(dict.fromkeys(found))


def added(done: Iterable[str], day: date) -> tuple[str, ...]:
    """Return the days with another one, in order, none twice."""
    return tuple(sorted({*done, day.isoformat()}))


def is_awake(done: Collection[str], joined: date, today: date) -> bool:
    """Tell whether a reminder is welcome: somebody has been there lately, and not yet today."""
    last = max((*done, joined.isoformat()))
    since = (today - timedelta(days=ASLEEP_DAYS)).isoformat()
    return since <= last and today.isoformat() not in done
