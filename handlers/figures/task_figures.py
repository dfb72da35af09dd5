"""How human tasks get on: how many, how soon, how many in time, who did them, what waits."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from statistics import median
from typing import Any, Final

from handlers.people import people
from handlers.ports import Context
from handlers.questions import response_times
from handlers.tasks import tasks
from sop.activities import tasks as policy
from sop.figures.report import Helper, Tasks
from sop.model import Task
from sop.texts import text
from sop.times.durations import DAY_MS

DAYS: Final = 30
"""How many days are looked back over, where nobody says."""

MOST: Final = 2_000
"""Tasks that are looked at, the newest."""

NAMED: Final = 5
"""Helpers told by name."""


def figures(context: Context, groups: Iterable[str], since: int) -> Tasks:
    """Return what became of the tasks opened in those groups since then, and what is open."""
    where: dict[str, Any] = {"community": context.community, "group__in": list(groups)}
    found = context.store.find(Task, created_at__gt=since, order="-id", limit=MOST, **where)
    waiting = context.store.find(Task, status="open", order="-id", limit=MOST, **where)
    closed = [task for task in found if task.status in tasks.CHOICES.values()]
    status = Counter(task.status for task in found)
    return Tasks(
        opened=len(found), done=len(closed), declined=status[tasks.DECLINED],
        settled=status["void"], waiting=len(waiting),
        overdue=sum(policy.is_overdue(task, context.now) for task in waiting),
        in_time=sum(not policy.is_overdue(task, task.closed_at) for task in closed),
        taken_ms=_median([(task.taken_at or task.closed_at) - task.created_at for task in closed]),
        done_ms=_median([task.closed_at - task.created_at for task in closed]),
        helpers=tuple(_helpers(context, closed)), least=MOST in (len(found), len(waiting)),
    )  # fmt: skip


def _median(times: Sequence[int]) -> int | None:
    """Return it; where a clock was set back meanwhile, nothing took less than no time."""
    return int(median(max(0, each) for each in times)) if times else None


def _helpers(context: Context, closed: Iterable[Task]) -> Iterator[Helper]:
    """Yield who did them, by name, those who did most first."""
    counts = Counter(task.taken_by or task.closed_by for task in closed)
    counts.pop(0, None)
    for who, done in sorted(counts.items(), key=lambda each: (-each[1], each[0])):
        person = people.current(context.store, context.community, who)
        yield Helper(name=people.shown(person), done=done)


def told(context: Context, groups: Iterable[str]) -> str:
    """Return the figures of the last days in a few lines, for owner and staff alone."""
    found = figures(context, groups, context.now - DAYS * DAY_MS)
    if not (found.opened or found.waiting):
        return text("tasks.figures-none", days=DAYS)
    return "\n".join(words(found, DAYS))


def words(found: Tasks, days: int) -> Iterator[str]:
    """Yield figures of so many days in a few lines, for owner and staff alone.

    What is overdue and still open was not in time either.
    """
    opened, waiting = (
        text("figures.least", value=each) if each == MOST else each
        for each in (found.opened, found.waiting)
    )
    yield text(
        "tasks.figures", days=days, opened=opened, done=found.done, waiting=waiting,
        overdue=found.overdue,
    )  # fmt: skip
    if found.declined or found.settled:
        yield text("tasks.figures-rest", declined=found.declined, settled=found.settled)
    if found.taken_ms is not None and found.done_ms is not None:
        taken, done = (response_times.shown(each) for each in (found.taken_ms, found.done_ms))
        rate = round(100 * found.in_time / (found.done + found.overdue))
        yield text("tasks.figures-times", taken=taken, done=done, rate=rate)
    if found.helpers:
        names = (
            text("tasks.figures-helper", name=each.name, count=each.done)
            for each in found.helpers[:NAMED]
        )
        yield text("tasks.figures-helpers", names=text("people.joiner").join(names))
