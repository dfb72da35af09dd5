"""Checks of an ordinary week against the budget: what it can never let out."""

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import groupby, islice
from typing import Final
from zoneinfo import ZoneInfo

from sop.budgets import budget
from sop.checks import check_rare
from sop.checks.check_day import Due, due_at, in_order, over_a_day
from sop.checks.check_subject import Subject, warning
from sop.pack.pack import Corrections
from sop.pack.pack_actions import PostAction
from sop.pack.pack_steps import Step
from sop.problems import Path
from sop.times.calendars import calendar_for
from sop.times.durations import DAY_MS, MINUTE_MS, Cap
from sop.triggers import triggers
from sop.triggers.schedule import occurrences
from sop.yaml.schema_problems import Finding

_UTC: Final = ZoneInfo("UTC")
_PLAIN: Final = calendar_for(Corrections(base="none"))

# 2 March 2026, 00:00 UTC: any Monday would do.
_MONDAY: Final = 1_772_409_600_000
_DAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_MOST_A_WEEK: Final = 7 * 24


def over_budget(subject: Subject) -> Iterator[Finding]:
    """Find steps that post more than a day allows, and weeks whose days do."""
    cap = subject.pack.budget.group
    if cap is None:
        return
    if cap.period == "day":
        for path, step in subject.placed:
            posts = budget.posts_from(step)
            if posts > cap.n:
                message = f"posts {posts} messages, and the budget allows {cap.n} a day"
                yield warning((*path, "do"), message)
    told: set[Path] = set()
    for kind in ("regular", "core"):
        rare = check_rare.over_on_rare_days(subject, kind, cap) if cap.period == "day" else ()
        for found in (*_over(_week(subject, kind), cap), *rare):
            if found.path not in told:
                told.add(found.path)
                yield found


def _over(week: Sequence[Due], cap: Cap) -> Iterator[Finding]:
    if cap.period == "week":
        posts = sum(budget.posts_from(due.step) for due in week)
        if posts > cap.n:
            message = f"allows {cap.n} posts a week, and an ordinary week has {posts}"
            yield warning(("budget", "group"), message)
        return
    daily = [due for due in week if due.day == 0 and _is_daily(due.step)]
    posts = sum(budget.posts_from(due.step) for due in daily)
    if posts > cap.n:
        message = f"allows {cap.n} posts a day, and the daily steps alone make {posts}"
        yield warning(("budget", "group"), message)
    for day, dues in groupby(week, key=lambda due: due.day):
        yield from over_a_day(list(dues), cap, _DAYS[day], told=posts > cap.n)


def _is_daily(step: Step) -> bool:
    return isinstance(step.when, triggers.WallTime) and step.when.days.kind == "daily"


def _week(subject: Subject, kind: str) -> tuple[Due, ...]:
    """Return what falls due in a week without holidays in a group of that kind, in order."""
    found = [
        due_at(at, path, step)
        for path, step in subject.placed
        if step.in_ in {kind, "all"} and not step.is_conditional
        for at in _minutes(step)
    ]
    return in_order(found)


def _minutes(step: Step) -> Iterator[int]:
    """Yield when the step falls due in the week; what comes by the month or year does not."""
    match step.when:
        case triggers.WallTime(days=days) if days.kind not in {"month-days", "last-day"}:
            pass
        case triggers.Cron(expr=expr) if expr.split()[2] == "*":
            pass
        case _:
            return
    dues = occurrences(step.when, _UTC, _PLAIN, _MONDAY - 1, _MONDAY - 1 + 7 * DAY_MS)
    yield from ((due - _MONDAY) // MINUTE_MS for due in islice(dues, _MOST_A_WEEK))


def often_to_all(subject: Subject) -> Iterator[Finding]:
    """Find weeks in which the steps mention everybody more often than `mention_all` allows."""
    rate = subject.pack.budget.mention_all
    if rate is None or rate.within_ms is None:
        return
    loud = [due for due in _week(subject, "regular") if _mentions_all(due.step)]
    window = max(1, rate.within_ms // DAY_MS)
    found = [sum(_days_between(due, each) < window for each in loud) for due in loud]
    worst = max(found, default=0)
    if worst > rate.count:
        due = loud[found.index(worst)]
        days = f"{window} days" if window > 1 else "a day"
        what = (
            f"in {days} the steps mention all {worst} times, and mention_all allows {rate.count}"
        )
        yield warning((*due.path, "do"), what)


def _mentions_all(step: Step) -> bool:
    return any(isinstance(each, PostAction) and "all" in each.mention for each in step.do)


def _days_between(due: Due, earlier: Due) -> int:
    """Return how many days ago the other was due: this week, or (it repeats) the last."""
    return (due.day - earlier.day) % len(_DAYS)


def letters_at_once(subject: Subject) -> Iterator[Finding]:
    """Find private messages to a newcomer of one day beyond what a member's budget allows."""
    cap = subject.pack.budget.member
    if cap is None or cap.period != "day":
        return
    sent: Counter[int] = Counter()
    for path, step in subject.placed:
        if isinstance(step.when, triggers.MemberJoined) and not step.is_conditional:
            day = step.when.offset.days or step.when.offset.delay_ms // DAY_MS
            before, sent[day] = sent[day], sent[day] + budget.letters(step)
            if sent[day] > cap.n > 0 and sent[day] > before:
                what = f"message {sent[day]} to a newcomer on day {day}, and the budget allows"
                yield warning((*path, "do"), f"{what} {cap.n} a day: it will be held")
