"""What is planned of time-driven steps follows the pack that comes into force.

Nothing due before now is planned, and a step whose time is edited never runs twice on one local
date. Where the clock was put back, what has run already is not planned again.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

from handlers.overrides import book_of
from handlers.ports import Context
from handlers.timing import ahead
from handlers.timing.scheduling import STEP, rank_of, step_in, timetable
from sop.model import Group, Occurrence, StepRun
from sop.pack.pack_steps import Step
from sop.times import localtime
from sop.triggers import schedule

CHUNK: Final = 500
"""Groups whose last runs are read in one statement."""


def follow_edit(
    context: Context,
    groups: Sequence[Group],
    step: Step,
    planned: Mapping[str, Sequence[Occurrence]],
) -> None:
    """Bring what is planned of a time-driven step in line with the pack now in force.

    `planned` holds the step's pending occurrences by group. What agrees with the trigger stays,
    even overdue; what is held has fallen due and stays too. The rest is planned anew: nothing
    due before now, and never twice on one local date.
    """
    coming: dict[object, int | None] = {}
    changed: list[Group] = []
    for group in groups:
        own = step_in(context, group, step) or step
        days = (group.starts, id(book_of(context, group)))
        if days not in coming:
            coming[days] = _next(context, group, own)
        rows = planned.get(group.id, ())
        if _agrees(context, own, rows, coming[days]) or _ran_ahead(context, group, own, rows):
            _keep(context, group, own, rows)
        else:
            changed.append(group)
    last = _last_runs(context, step, changed, planned)
    for group in changed:
        own = step_in(context, group, step) or step
        _replan(context, group, own, planned.get(group.id, ()), last.get(group.id))


def _next(context: Context, group: Group, step: Step) -> int | None:
    table = timetable(context, group, step)
    return schedule.next_in(table, context.now) if table is not None else None


def _keep(context: Context, group: Group, step: Step, rows: Sequence[Occurrence]) -> None:
    """Let what stays planned follow an edited priority, place in the pack or preparation."""
    rank = rank_of(context, STEP, step.id)
    for row in rows:
        ahead.plan(context, group, step, row.due_at)
        if row.rank != rank:
            context.store.put(replace(row, rank=rank))


def _agrees(
    context: Context, step: Step, rows: Sequence[Occurrence], following: int | None
) -> bool:
    free = [row for row in rows if not row.body.get("held")]
    if not free:
        return following is None
    return len(free) == 1 and (
        free[0].body.get("when") == repr(step.when)
        and (free[0].due_at <= context.now or free[0].due_at == following)
    )


def _ran_ahead(context: Context, group: Group, step: Step, rows: Sequence[Occurrence]) -> bool:
    """Tell whether what is planned follows upon what fell due before the clock was put back."""
    table = timetable(context, group, step)
    if table is None or not rows or any(row.body.get("when") != repr(step.when) for row in rows):
        return False
    newest = context.store.find(
        Occurrence, community=context.community, group=group.id, kind=STEP, step=step.id,
        subject="", status__in=("done", "pending"), due_at__gt=context.now, order="-due_at",
        limit=len(rows) + 1,
    )  # fmt: skip
    dealt_with = [row.due_at for row in newest if row not in rows]
    if not dealt_with:
        return False
    return _agrees(context, step, rows, schedule.next_in(table, max(dealt_with)))


def _replan(
    context: Context, group: Group, step: Step, rows: Sequence[Occurrence], last: int | None
) -> None:
    table = timetable(context, group, step)
    due = schedule.next_after_edit(table, context.now, last) if table is not None else None
    body: dict[str, object] = {"when": repr(step.when)}
    for row in rows:
        if not row.body.get("held") and (row.due_at != due or row.body != body):
            context.store.put(replace(row, status="dropped"))
    if due is not None:
        ahead.plan(context, group, step, due)
    if due is not None and not any(row.due_at == due and row.body == body for row in rows):
        # Put, not planned: an edit may be taken back, and then the dropped row is wanted again.
        context.store.put(
            Occurrence(
                community=context.community, group=group.id, kind=STEP, step=step.id, subject="",
                cause="", due_at=due, run_at=due, body=body,
                rank=rank_of(context, STEP, step.id),
            )
        )  # fmt: skip


def _last_runs(
    context: Context,
    step: Step,
    groups: Sequence[Group],
    planned: Mapping[str, Sequence[Occurrence]],
) -> dict[str, int]:
    """Return when the step last ran in each group, or will when its quiet hours end.

    Only today's runs are read: an earlier one can share its local date with nothing to come.
    """
    today = localtime.local_date(context.now, context.book.zone)
    midnight = localtime.local_midnight(today, context.book.zone)
    last: dict[str, int] = {}
    for start in range(0, len(groups), CHUNK):
        names = [group.id for group in groups[start : start + CHUNK]]
        for run in context.store.find(
            StepRun, community=context.community, group__in=names, step=step.id,
            at__ge=midnight,
        ):  # fmt: skip
            last[run.group] = max(last.get(run.group, 0), run.at, run.due_at)
        for name in names:
            held = [row.run_at for row in planned.get(name, ()) if row.body.get("held")]
            if held:
                last[name] = max(last.get(name, 0), *held)
    return last
