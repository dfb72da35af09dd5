"""How human tasks get on: how many, how soon, how many in time, and who did them."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Final

from handlers.people import people
from handlers.ports import Context
from handlers.questions import response_times
from handlers.tasks import tasks
from sop.activities import tasks as policy
from sop.model import Task
from sop.texts import text
from sop.times.durations import DAY_MS

SPAN_MS: Final = 30 * DAY_MS
"""The time that is looked back over."""

MOST: Final = 2_000
"""Tasks that are looked at, the newest."""

NAMED: Final = 5
"""Helpers told by name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """What became of the tasks of a span; times are ms, None where there is nothing to time.

    `done` counts those done or decided, `settled` those that settled themselves, `in_time` those
    of the done that were in time. `taken_ms`: until somebody took it, or closed it; `done_ms`:
    until it was closed. `helpers` are (person, tasks done), most first.
    """

    opened: int
    waiting: int
    overdue: int
    done: int
    declined: int
    settled: int
    in_time: int
    taken_ms: int | None
    done_ms: int | None
    helpers: tuple[tuple[int, int], ...]


def figures(context: Context, groups: Iterable[str], since: int) -> Figures:
    """Return the figures of the tasks opened in those groups since then."""
    found = context.store.find(
        Task, community=context.community, group__in=list(groups), created_at__gt=since,
        order="-id", limit=MOST,
    )  # fmt: skip
    closed = [task for task in found if task.status in tasks.CHOICES.values()]
    waiting = [task for task in found if task.status == "open"]
    status = Counter(task.status for task in found)
    helpers = Counter(task.taken_by or task.closed_by for task in closed)
    helpers.pop(0, None)
    return Figures(
        opened=len(found), waiting=len(waiting), done=len(closed), declined=status[tasks.DECLINED],
        settled=status["void"],
        overdue=sum(policy.is_overdue(task, context.now) for task in waiting),
        in_time=sum(not policy.is_overdue(task, task.closed_at) for task in closed),
        taken_ms=_median([(task.taken_at or task.closed_at) - task.created_at for task in closed]),
        done_ms=_median([task.closed_at - task.created_at for task in closed]),
        helpers=tuple(sorted(helpers.items(), key=lambda each: (-each[1], each[0]))),
    )  # fmt: skip


def _median(times: Sequence[int]) -> int | None:
    return int(median(times)) if times else None


def told(context: Context, groups: Iterable[str]) -> str:
    """Return the figures of the last days in a few lines, for owner and staff alone."""
    found = figures(context, groups, context.now - SPAN_MS)
    if not found.opened:
        return text("tasks.figures-none", days=SPAN_MS // DAY_MS)
    lines = [
        text(
            "tasks.figures", days=SPAN_MS // DAY_MS, opened=found.opened, done=found.done,
            waiting=found.waiting, overdue=found.overdue,
        )
    ]  # fmt: skip
    if found.declined or found.settled:
        lines.append(
            text("tasks.figures-rest", declined=found.declined, settled=found.settled)
        )  # fmt: skip
    if found.taken_ms is not None and found.done_ms is not None:
        taken, done = (response_times.shown(each) for each in (found.taken_ms, found.done_ms))
        rate = round(100 * found.in_time / found.done)
        lines.append(text("tasks.figures-times", taken=taken, done=done, rate=rate))
    if found.helpers:
        lines.append(text("tasks.figures-helpers", names=_names(context, found.helpers)))
    return "\n".join(lines)


def _names(context: Context, helpers: Sequence[tuple[int, int]]) -> str:
    shown = (
        (people.shown(people.current(context.store, context.community, number)), count)
        for number, count in helpers[:NAMED]
    )
    return text("people.joiner").join(
        text("tasks.figures-helper", name=name, count=count) for name, count in shown
    )
