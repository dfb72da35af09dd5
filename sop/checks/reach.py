"""How many points deeds can bring: what caps allow within a time, and what nothing bounds."""

import math
from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

from sop.pack.pack_score import Earn, Score
from sop.times.durations import DAY_MS

WEEK_DAYS: Final = 7


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """Points that caps allow (after the factor of paying members), and deeds without a bound."""

    points: int
    unbounded: tuple[str, ...]

    @property
    def most(self) -> float:
        """The most that can be reached; infinite where a deed has no bound."""
        return math.inf if self.unbounded else self.points


def reach(score: Score, deeds: Collection[str], days: int | None) -> Reach:
    """Return what the deeds, of those that earn anything, bring in so many local days at most.

    `days` None: without end, so that only what is earned once has a bound.
    """
    points, unbounded = 0, []
    for deed, earn in score.earn.items():
        times = _times(earn, days) if deed in deeds and earn.points else 0
        if times is None:
            unbounded.append(str(deed))
        else:
            points += times * math.floor(earn.points * max(1, score.paid_multiplier.score) + 0.5)
    return Reach(points=points, unbounded=tuple(unbounded))


def _times(earn: Earn, days: int | None) -> int | None:
    if earn.once:
        return 1
    if earn.cap is None or days is None:
        return None
    periods = days if earn.cap.period == "day" else math.ceil(days / WEEK_DAYS)
    return earn.cap.n * periods


def window_days(score: Score) -> int | None:
    """Return how many local days the window of the score touches at most; None: it is endless."""
    return None if score.window_ms is None else math.ceil(score.window_ms / DAY_MS) + 1


def most_score(score: Score) -> float:
    """Return the highest score anybody can ever have; infinite where nothing bounds it."""
    days = window_days(score)
    # A window may touch one ISO week more than its length in weeks.
    return reach(score, score.earn, None if days is None else days + WEEK_DAYS).most
