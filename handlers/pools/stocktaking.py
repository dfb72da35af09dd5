"""Pools that will soon run out: counted at night, told to people by day, once per refill."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import islice
from typing import Final

from handlers.limits.gates import is_skipped
from handlers.pools import pools
from handlers.pools.pools import Need
from handlers.ports import Context, Outcome
from handlers.tasks import tasks
from handlers.timing import deadlines, scheduling
from sop.events import PackEnforced, StepDue
from sop.model import Group, Task
from sop.pack.pack_steps import Step
from sop.text import fingerprint
from sop.texts import text
from sop.times import localtime
from sop.triggers import schedule, triggers

KIND: Final = "low-pool"
"""The kind of occurrence at which people are told, and of the task they are told by."""

EMPTY: Final = "empty-pool"
"""The kind of task that asks for content because there is none left."""

AHEAD_DAYS: Final = 3
"""For how many days, this one included, the content must last."""

MINUTE_OF_DAY: Final = 10 * 60
"""10:00 local: nobody is woken for it."""

MOST_COUNTED: Final = 1_000
"""Occurrences of one step that are looked at."""


@dataclass(frozen=True, slots=True)
class Shortage:
    """Something the steps of a group need more of than there is."""

    step: Step
    need: Need
    left: int
    needed: int


def plan(context: Context) -> None:
    """Plan to tell of every pool that will not last; called once a night."""
    today = localtime.local_date(context.now, context.book.zone)
    at = localtime.instant(today, MINUTE_OF_DAY, context.book.zone)
    if at <= context.now or not any(list(_needs(step)) for step in context.book.pack.steps):
        return
    groups = context.store.find(
        Group, community=context.community, retired=False, paused=False, order="id"
    )
    seen: set[tuple[str, str]] = set()
    for group in groups:
        for short in _shortages(context, group):
            pool = short.need.pools[0]
            key = (pools.scope_of(context, group, pool), pool)
            if key not in seen and _news(context, group, short.need):
                seen.add(key)
                scheduling.plan(context, group.id, KIND, at, subject=pool)


def tell(event: StepDue, context: Context) -> Outcome:
    """Ask staff to refill a pool that still does not last, once until somebody has done so."""
    group = context.group
    if not deadlines.settle(event, context) or group is None or group.retired:
        return Outcome()
    found = (each for each in _shortages(context, group) if each.need.pools[0] == event.subject)
    short = next(found, None)
    if short is None or not _news(context, group, short.need):
        return Outcome()
    scope = pools.scope_of(context, group, event.subject)
    use = pools.use_of(context, group, event.subject)
    context.store.put(replace(use, warned=_content(context, short.need)))

    where = (group.title or group.id) if scope else context.book.pack.title

    def words(number: int) -> str:
        return text(
            "tasks.low-pool", pool=event.subject, left=short.left, needed=short.needed,
            group=where,
            days=AHEAD_DAYS, number=number,
        )  # fmt: skip

    return Outcome(
        tasks.open_task(
            context, kind=KIND, to="staff", group=group.id, step=short.step.id,
            about=pools.scarcity(context, group, event.subject), words=words,
        )
    )  # fmt: skip


def refilled(event: PackEnforced, context: Context) -> Outcome:
    """Close what asks for content that an edit has brought, or that nothing wants any more."""
    del event
    for task in context.store.find(
        Task, community=context.community, status="open", kind__in=(KIND, EMPTY), order="id"
    ):
        group = context.store.get(Group, context.community, task.group)
        pool = task.about.rpartition(":")[2]
        if group is None or (_runs_low if task.kind == KIND else _is_empty)(context, group, pool):
            continue
        tasks.end(context, task, "void")
        if task.kind == KIND:
            context.store.put(replace(pools.use_of(context, group, pool), warned=""))
    return Outcome()


def _runs_low(context: Context, group: Group, pool: str) -> bool:
    return any(each.need.pools[0] == pool for each in _shortages(context, group))


def _is_empty(context: Context, group: Group, pool: str) -> bool:
    """Tell whether a step of the group finds nothing in the pool, or in what stands in for it."""
    return any(
        need.pools[0] == pool and pools.is_empty(context, group, need)
        for step in context.book.pack.steps
        if scheduling.runs_in(step, group)
        for need in pools.needs(step)
    )


def _needs(step: Step) -> Iterator[Need]:
    return pools.needs(step) if isinstance(step.when, triggers.TimeTrigger) else iter(())


def _shortages(context: Context, group: Group) -> list[Shortage]:
    """Return what will not last, each pool once: with all that is taken from it together."""
    last = localtime.local_date(context.now, context.book.zone) + timedelta(days=AHEAD_DAYS - 1)
    taken: dict[Need, list[date]] = defaultdict(list)
    users: dict[Need, Step] = {}
    for step in context.book.pack.steps:
        for need in _needs(step) if scheduling.runs_in(step, group) else ():
            users.setdefault(need, step)
            taken[need] += _days(context, group, step, last)
    found = []
    for need, days in taken.items():
        # Of what the whole community shares, a day takes one item, however many steps post it.
        shared = not pools.scope_of(context, group, need.pools[0])
        times = len(set(days)) if shared else len(days)
        left = pools.left(context, group, need, last) if times else None
        if left is not None and left < times:
            found.append(Shortage(users[need], need, left, times))
    return found


def _days(context: Context, group: Group, step: Step, last: date) -> list[date]:
    """Return the days of the times that the step takes an item, up to the end of that day."""
    table = scheduling.timetable(context, group, step)
    if table is None:
        return []
    zone = context.book.zone
    end = localtime.local_midnight(last + timedelta(days=1), zone) - 1
    dues = schedule.occurrences(
        table.trigger, zone, table.calendar, context.now, end, table.starts
    )
    days = [localtime.local_date(due, zone) for due in islice(dues, MOST_COUNTED)]
    return [day for day in days if not is_skipped(context, group, step, day)]


def _news(context: Context, group: Group, need: Need) -> bool:
    """Tell whether nobody was told yet that the pools run low with what they hold now.

    Who was asked already to fill one that is empty knows it.
    """
    asked = pools.emptiness(context, group, need.pools[0])
    if tasks.find_open(context, asked) is not None:
        return False
    return pools.use_of(context, group, need.pools[0]).warned != _content(context, need)


def _content(context: Context, need: Need) -> str:
    library = context.book.pack.library
    marks = [mark for name in need.pools if name in library for mark in library[name].marks]
    return fingerprint(" ".join(marks))
