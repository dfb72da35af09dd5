"""Today's item from a person: asked for ahead of a step's time, kept, and used in its place."""

from dataclasses import replace
from typing import Final

from handlers.limits import gates
from handlers.pools import pools
from handlers.ports import Context, Outcome
from handlers.questions import questions
from handlers.tasks import tasks
from handlers.timing import ahead, deadlines, scheduling
from handlers.traces import DROPPED
from sop.actions import Action
from sop.events import StepDue
from sop.model import Group, Occurrence, Preparation, StepRun, Task
from sop.pack.pack import Item
from sop.pack.pack_actions import DropAction
from sop.pack.pack_steps import Step
from sop.pack.templates import Verbatim
from sop.texts import text
from sop.times import localtime
from sop.times.durations import MINUTE_MS

TASK: Final = "prepare"
"""The kind of task that is done with a text."""

LONGEST: Final = 4_000
"""Characters of an item that a person brings."""

LAST_CALL_MS: Final = 10 * MINUTE_MS
"""How long before the step's time people are reminded, where there is time for it."""

CAUSES: Final = ("", "created", "adopted")
"""Causes of the occurrences of a step that is no member's and whose time is known ahead."""


def ask(event: StepDue, context: Context) -> Outcome:
    """Ask for the item of a step that is still to come, once for all it is for."""
    step, group = context.book.step(event.step), context.group
    if not deadlines.settle(event, context) or step is None or group is None:
        return Outcome()
    due, drop = int(event.cause), ahead.prepared_drop(step)
    if drop is None or drop.prepare is None or not comes(context, group, step, due):
        return Outcome()
    wanted = _wanted(context, group, step, drop, due)
    if context.store.get(Preparation, *wanted.key) is not None:
        return Outcome()
    moved = _moved(context, wanted)
    if moved is not None and moved.text:
        context.store.put(replace(wanted, text=moved.text, by=moved.by))
        return Outcome()
    if moved is not None:
        tasks.void(context, _about(moved))
    return Outcome(_asked(context, group, step, drop, wanted))


def read(context: Context, argument: str) -> tuple[int, str]:
    """Part `12 text` into the task's number and the text; (0, "") where it is anything else."""
    number, said = questions.split_number(argument, context.book.words.separators)
    task = context.store.get(Task, context.community, number) if number else None
    return (number, said) if task is not None and task.kind == TASK else (0, "")


def give(context: Context, task: Task, said: str, by: int) -> str:
    """Keep what a person brought for the step; returns thanks, or nothing where it is no use."""
    scope, step, due = task.target.rsplit("|", 2)
    wanted = context.store.get(Preparation, context.community, scope, step, int(due))
    group = context.store.get(Group, context.community, task.group)
    if wanted is None or group is None or not said.strip():
        return ""
    if not _still_comes(context, wanted):
        return text("tasks.prepare-late")
    context.store.put(replace(wanted, text=said.strip()[:LONGEST], by=by))
    goes_out = ahead.goes_out_at(context, group, wanted.due_at)
    at = localtime.wall_time(goes_out, context.book.zone)
    return text("tasks.prepared", time=f"{at:%H:%M}")


def item_for(
    context: Context, group: Group, step: Step, action: DropAction, due_at: int
) -> Item | None:
    """Return the item that goes out: a person's, else the pool's; None where there is none."""
    brought = _brought(context, group, step, action, due_at)
    if brought is not None and brought.text:
        return Item.model_construct(text=Verbatim(brought.text))
    if brought is not None:
        tasks.void(context, _about(brought))
    return pools.take(context, group, pools.need_of(action))


def lacking(context: Context, group: Group, step: Step, due_at: int) -> str:
    """Return the first pool the step needs and finds empty, before any of it has happened."""
    drop = ahead.prepared_drop(step)
    brought = _brought(context, group, step, drop, due_at) if drop is not None else None
    given = pools.need_of(drop) if drop is not None and brought and brought.text else None
    for need in pools.needs(step):
        if need != given and pools.is_empty(context, group, need):
            return need.pools[0]
    return ""


def _brought(
    context: Context, group: Group, step: Step, drop: DropAction, due_at: int
) -> Preparation | None:
    if drop.prepare is None:
        return None
    return context.store.get(Preparation, *_wanted(context, group, step, drop, due_at).key)


def _wanted(context: Context, group: Group, step: Step, drop: DropAction, due: int) -> Preparation:
    scope = pools.scope_of(context, group, str(drop.pool))
    return Preparation(community=context.community, scope=scope, step=step.id, due_at=due)


def comes(context: Context, group: Group, step: Step, due: int) -> bool:
    """Tell whether the step's occurrence is still planned, and nothing shuts it."""
    rows = (
        context.store.get(
            Occurrence, context.community, group.id, scheduling.STEP, step.id, "", cause, due
        )
        for cause in CAUSES
    )
    if group.retired or not any(row is not None and row.status == "pending" for row in rows):
        return False
    shut = gates.closed(context, group, step, due)
    return shut is None or shut.verdict != DROPPED


def _moved(context: Context, wanted: Preparation) -> Preparation | None:
    """Return what was asked for the same day before the step's time was edited."""
    zone = context.book.zone
    midnight = localtime.local_midnight(localtime.local_date(wanted.due_at, zone), zone)
    for each in context.store.find(
        Preparation, community=context.community, scope=wanted.scope, step=wanted.step,
        due_at__ge=midnight, order="-due_at",
    ):  # fmt: skip
        ran = context.store.count(
            StepRun, community=context.community, step=each.step, due_at=each.due_at
        )
        same_day = localtime.local_date(each.due_at, zone) == localtime.local_date(
            wanted.due_at, zone
        )
        if same_day and not ran and not _still_comes(context, each):
            return each
    return None


def _still_comes(context: Context, other: Preparation) -> bool:
    found = context.store.count(
        Occurrence, community=context.community, kind=scheduling.STEP, step=other.step,
        due_at=other.due_at, status="pending",
    )  # fmt: skip
    return found > 0


def _asked(
    context: Context, group: Group, step: Step, drop: DropAction, wanted: Preparation
) -> tuple[Action, ...]:
    assert drop.prepare is not None
    goes_out = ahead.goes_out_at(context, group, wanted.due_at)
    at = localtime.wall_time(goes_out, context.book.zone)
    where = group.title or group.id if wanted.scope else context.book.pack.title

    empty = pools.is_empty(context, group, pools.need_of(drop))
    key = "tasks.prepare-only" if empty else "tasks.prepare"

    def words(number: int) -> str:
        return text(
            key, group=where, title=step.title or step.id, time=f"{at:%H:%M}",
            number=number,
        )  # fmt: skip

    lead = min(LAST_CALL_MS, (goes_out - context.now) // 3)
    context.store.put(wanted)
    return tasks.open_task(
        context, kind=TASK, to=drop.prepare.by, group=group.id, step=step.id, words=words,
        about=_about(wanted), due_at=goes_out - lead,
        target=f"{wanted.scope}|{wanted.step}|{wanted.due_at}",
    )  # fmt: skip


def _about(wanted: Preparation) -> str:
    return f"prepare:{wanted.scope}:{wanted.step}:{wanted.due_at}"
