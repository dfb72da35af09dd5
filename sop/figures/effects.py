"""What a step brings: what happens in the two hours after it, against the same weekday without it.

A step that runs every Wednesday at 20:00 always meets Wednesday evening; so it is compared with
Wednesdays at 20:00 on which it did not run, or, where there are none, with the other hours of
Wednesdays, which is said.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from statistics import fmean
from typing import Final, Literal
from zoneinfo import ZoneInfo

from sop.figures import intervals
from sop.figures.intervals import Interval
from sop.times import localtime
from sop.times.durations import HOUR_MS

WINDOW_MS: Final = 2 * HOUR_MS
"""How long after a run what happens is put down to it."""

ENOUGH_RUNS: Final = 5
ENOUGH_WINDOWS: Final = 3
"""Runs, and windows to compare a run with, below which a figure is from a small sample."""

DAYTIME: Final = (8, 22)
"""Local hours whose windows stand for a weekday."""

Against = Literal["same-time", "same-day", "nothing"]
Verdict = Literal["more", "less", "chance", "unknown"]


@dataclass(frozen=True, slots=True)
class Window:
    """From `since` on and before `until`, in ms."""

    since: int
    until: int

    def meets(self, other: "Window") -> bool:
        """Tell whether they share any time."""
        return self.since < other.until and other.since < self.until


@dataclass(frozen=True, slots=True, kw_only=True)
class Baseline:
    """What a run is compared with."""

    against: Against
    windows: tuple[Window, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    """A figure after a step's runs, and how much it is above what is usual (`difference`).

    `usual` and `difference` are None where there is nothing to compare with, the interval is
    where one run alone was. `small`: from too few to build on.
    """

    after: float
    usual: float | None
    difference: float | None
    interval: Interval | None
    runs: int
    small: bool

    @property
    def verdict(self) -> Verdict:
        """Whether there is more or less than usual, as far as that can be told from chance."""
        return self.judged(1)

    def judged(self, looks: int) -> Verdict:
        """Return the verdict that holds even if this is the most striking of so many figures."""
        if self.interval is None:
            return "unknown"
        sure = intervals.widened(self.interval, self.runs - 1, looks)
        if sure.low > 0:
            return "more"
        return "less" if sure.high < 0 else "chance"


def after(run_at: int) -> Window:
    """Return the window of a run."""
    return Window(run_at, run_at + WINDOW_MS)


def baseline(run_at: int, runs: Iterable[int], since: int, until: int, zone: ZoneInfo) -> Baseline:
    """Return the windows between `since` and `until` that tell what is usual at a run's time.

    None of them meets a window of any of the step's `runs`.
    """
    taken = [after(each) for each in runs]
    same_time = _free(_same_time(run_at, since, until, zone), taken)
    if same_time:
        return Baseline(against="same-time", windows=same_time)
    same_day = _free(_same_day(run_at, since, until, zone), taken)
    return Baseline(against="same-day" if same_day else "nothing", windows=same_day)


def _free(windows: Iterable[Window], taken: Sequence[Window]) -> tuple[Window, ...]:
    return tuple(each for each in windows if not any(each.meets(other) for other in taken))


def _same_time(run_at: int, since: int, until: int, zone: ZoneInfo) -> list[Window]:
    """Return the windows at the run's time of day on all its weekdays."""
    wall = localtime.wall_time(run_at, zone).replace(tzinfo=None)
    weeks = range((since - run_at) // _WEEK_MS, (until - run_at) // _WEEK_MS + 1)
    starts = (localtime.resolve(wall + timedelta(weeks=each), zone) for each in weeks)
    return _inside((after(start) for start in starts), since, until)


def _same_day(run_at: int, since: int, until: int, zone: ZoneInfo) -> list[Window]:
    """Return the windows of the daytime on all of the run's weekdays, one after the other."""
    today = localtime.local_date(run_at, zone)
    weeks = range((since - run_at) // _WEEK_MS, (until - run_at) // _WEEK_MS + 1)
    starts = (
        localtime.instant(today + timedelta(weeks=week), 60 * hour, zone)
        for week in weeks
        for hour in range(*DAYTIME, WINDOW_MS // HOUR_MS)
    )
    return _inside((after(start) for start in starts), since, until)


_WEEK_MS: Final = 7 * 24 * HOUR_MS


def _inside(windows: Iterable[Window], since: int, until: int) -> list[Window]:
    return [each for each in windows if since <= each.since and each.until <= until]


def effect(runs: Sequence[tuple[float, Sequence[float]]]) -> Effect | None:
    """Return what the runs brought; None without any run.

    Each run is its own figure and those of the windows it is compared with. The difference is
    the mean over the runs of (own figure minus the mean of its windows), with Student's interval
    of paired differences (see `intervals.mean`).
    """
    if not runs:
        return None
    pairs = [(own, fmean(others)) for own, others in runs if others]
    differences = [own - usual for own, usual in pairs]
    few = len(runs) < ENOUGH_RUNS
    thin = any(len(others) < ENOUGH_WINDOWS for _, others in runs)
    return Effect(
        after=fmean(own for own, _ in runs),
        usual=fmean(usual for _, usual in pairs) if pairs else None,
        difference=fmean(differences) if differences else None,
        interval=intervals.mean(differences),
        runs=len(runs), small=few or thin,
    )  # fmt: skip
