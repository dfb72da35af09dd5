"""What will be due: occurrences planned when something happens, one row each.

The key of an occurrence (group, step, subject, cause, due_at) makes a second plan for the same
thing harmless. Time-driven steps keep exactly one planned occurrence per group ahead.
"""

from dataclasses import replace
from datetime import date

from handlers.overrides import quiet_of
from handlers.ports import Context
from sop import channels, quiet, schedule, triggers
from sop.actions import Action
from sop.model import Group, Member, Occurrence, Person, StepRun
from sop.pack_steps import Step

STEP = "step"
SILENCE = "silence"


def runs_in(step: Step, group: Group) -> bool:
    """Tell whether the step belongs to groups of this kind."""
    return step.in_ in ("all", group.kind)


def plan(
    context: Context,
    group: str,
    kind: str,
    due_at: int,
    *,
    step: str = "",
    subject: str = "",
    cause: str = "",
    run_at: int = 0,
    body: dict[str, object] | None = None,
) -> None:
    """Plan an occurrence, unless the very same one was planned before."""
    key = (context.community, group, kind, step, subject, cause, due_at)
    if context.store.get(Occurrence, *key) is None:
        context.store.put(
            Occurrence(
                community=context.community,
                group=group,
                kind=kind,
                step=step,
                subject=subject,
                cause=cause,
                due_at=due_at,
                run_at=run_at or due_at,
                body=body or {},
            )
        )


def group_started(
    context: Context, group: Group, how: str, at: int
) -> tuple[Action, ...]:
    """Plan the steps of group.created or group.adopted, and the silence that may follow."""
    wanted = triggers.GroupCreated if how == "created" else triggers.GroupAdopted
    for step in context.book.pack.steps:
        if isinstance(step.when, wanted) and runs_in(step, group):
            due = schedule.offset_due(step.when.offset, at, context.book.zone)
            plan(context, group.id, STEP, due, step=step.id, cause=how)
        if isinstance(step.when, triggers.Silence) and runs_in(step, group):
            plan_silence(context, group, step)
    return ()


def member_joined(
    context: Context, group: Group, person: Person, member: Member
) -> tuple[Action, ...]:
    """Plan the steps that begin with a membership; newcomers of one batch share a moment."""
    for step in context.book.pack.steps:
        if isinstance(step.when, triggers.MemberJoined) and runs_in(step, group):
            due = schedule.offset_due(step.when.offset, member.joined_at, context.book.zone)
            due, run_at = _in_batch(context, group, step, due)
            plan(
                context, group.id, STEP, due, step=step.id, subject=str(person.id),
                cause=f"stint:{member.stint}", run_at=run_at,
            )  # fmt: skip
    return ()


def _in_batch(context: Context, group: Group, step: Step, due: int) -> tuple[int, int]:
    """Return (due_at, run_at) in the batch open for the step, or in one that opens now."""
    if step.batch is None:
        return due, due
    waiting = context.store.find(
        Occurrence, community=context.community, group=group.id, kind=STEP, step=step.id,
        status="pending", due_at__gt=due, order="due_at",
    )  # fmt: skip
    if not waiting:
        return due + step.batch.for_ms, due + step.batch.for_ms
    end = waiting[0].due_at
    if not step.batch.or_count or len(waiting) + 1 < step.batch.or_count:
        return end, end
    for occurrence in waiting:
        context.store.put(replace(occurrence, run_at=context.now))
    return end, context.now


def member_moment(
    context: Context, name: str, person: int, group: Group | None = None
) -> tuple[Action, ...]:
    """Plan the steps of a moment in a member's life (left, level-up, promoted, demoted)."""
    group = group or context.group
    if group is None:
        return ()
    for step in context.book.pack.steps:
        trigger = step.when
        if isinstance(trigger, triggers.MemberMoment) and trigger.name == name:
            if runs_in(step, group):
                plan(
                    context, group.id, STEP, context.now, step=step.id, subject=str(person),
                    cause=f"{name}:{context.now}",
                )  # fmt: skip
    return ()


def plan_after(context: Context, group: Group, done: Step, person: int, due_at: int) -> None:
    """Plan the steps chained to one that has just run."""
    for step in context.book.pack.steps:
        trigger = step.when
        if isinstance(trigger, triggers.After) and trigger.step == done.id:
            plan(
                context, group.id, STEP, context.now + trigger.delay_ms, step=step.id,
                subject=str(person) if person else "", cause=f"{done.id}:{due_at}",
            )  # fmt: skip


def plan_silence(context: Context, group: Group, step: Step) -> None:
    """Plan the moment at which the group will have been silent; nothing where that is unknown."""
    if not isinstance(step.when, triggers.Silence) or not channels.hears_all(group.channels):
        return
    since = group.spoken_at or group.created_at or group.adopted_at
    if not since:
        return
    due = quiet.waking_deadline(
        since, step.when.ms, quiet_of(context, group), context.book.zone
    )
    plan(context, group.id, SILENCE, due, step=step.id, cause=str(since))


def timetable(context: Context, group: Group, step: Step) -> schedule.Timetable | None:
    """The step's timetable in that group, or None where no clock drives it."""
    if not isinstance(step.when, triggers.TimeTrigger):
        return None
    starts = date.fromisoformat(group.starts) if group.starts else None
    return schedule.Timetable(
        trigger=step.when, zone=context.book.zone, calendar=context.book.calendar, starts=starts
    )


def plan_timed(context: Context, group: Group, step: Step, due: int | None) -> None:
    """Plan the next occurrence of a time-driven step; `due` None means there is none any more."""
    if due is not None:
        plan(context, group.id, STEP, due, step=step.id, body={"when": repr(step.when)})


def follow_edit(context: Context, group: Group, step: Step) -> None:
    """Bring the planned occurrence of a time-driven step in line with the pack now in force.

    An unchanged trigger keeps its row, even an overdue one. A changed one is planned anew:
    nothing due before now, and never twice on one local date.
    """
    table = timetable(context, group, step)
    if table is None:
        return
    planned = context.store.find(
        Occurrence, community=context.community, group=group.id, kind=STEP, step=step.id,
        status="pending", cause="",
    )  # fmt: skip
    if any(row.body.get("when") == repr(step.when) for row in planned):
        return
    for row in planned:
        context.store.put(replace(row, status="dropped"))
    due = schedule.next_after_edit(table, context.now, _last_run(context, group, step))
    plan_timed(context, group, step, due)


def _last_run(context: Context, group: Group, step: Step) -> int | None:
    runs = context.store.find(
        StepRun, community=context.community, group=group.id, step=step.id, order="-at", limit=1
    )
    return runs[0].due_at if runs else None
