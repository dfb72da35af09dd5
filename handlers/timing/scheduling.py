"""What will be due: occurrences planned when something happens, one row each.

The key of an occurrence (group, step, subject, cause, due_at) makes a second plan for the same
thing harmless. Time-driven steps keep exactly one planned occurrence per group ahead.
"""

from dataclasses import replace
from datetime import date
from typing import Final

from handlers.overrides import book_of, quiet_of
from handlers.ports import Context
from handlers.timing import ahead
from sop import channels
from sop.actions import Action
from sop.events import StepDue
from sop.model import Group, Member, Occurrence
from sop.pack.pack_steps import Step
from sop.times import quiet
from sop.triggers import schedule, triggers

STEP = "step"
SILENCE = "silence"

CREATED: Final = "created"
ADOPTED: Final = "adopted"
"""Causes of what counts from a group's beginning."""

STINT: Final = "stint:"
"""How the cause begins of what counts from a joining; the number of the membership follows."""


def runs_in(step: Step, group: Group) -> bool:
    """Tell whether the step belongs to groups of this kind."""
    return step.in_ in ("all", group.kind)


def step_in(context: Context, group: Group, step: Step) -> Step | None:
    """Return the step as the group has it; None where it rests there."""
    return book_of(context, group).step(step.id) if group.override else step


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
    version: str = "",
    again: bool = False,
) -> None:
    """Plan an occurrence, unless the very same one was planned before.

    A `version` says that it belongs to what has begun under that version of the pack; `again`
    that one which was dropped is wanted after all.
    """
    key = (context.community, group, kind, step, subject, cause, due_at)
    known = context.store.get(Occurrence, *key)
    if known is None or (again and known.status == "dropped"):
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
                version=version,
                rank=rank_of(context, kind, step),
            )
        )


def rank_of(context: Context, kind: str, step: str) -> int:
    """Return which of several occurrences of one instant goes first; 0 for deadlines."""
    return context.book.ranks.get(step, 0) if kind in (STEP, SILENCE) else 0


def group_started(context: Context, group: Group) -> None:
    """Plan the steps of group.created or group.adopted, and the silence that may follow."""
    for step in context.book.pack.steps:
        if runs_in(step, group):
            plan_for_group(context, group, step)
        if isinstance(step.when, triggers.Silence) and runs_in(step, group):
            plan_silence(context, group, step)


def due_of_group(context: Context, group: Group, step: Step) -> int | None:
    """Return when a step that counts from the group's beginning is due; None where none does."""
    match step.when:
        case triggers.GroupCreated():
            begun = group.created_at
        case triggers.GroupAdopted():
            begun = group.adopted_at
        case _:
            return None
    return schedule.offset_due(step.when.offset, begun, context.book.zone) if begun else None


def plan_for_group(context: Context, group: Group, step: Step) -> None:
    """Plan a step that counts from the group's beginning; nothing where it does not."""
    due = due_of_group(context, group, step)
    if due is not None:
        cause = CREATED if isinstance(step.when, triggers.GroupCreated) else ADOPTED
        plan(context, group.id, STEP, due, step=step.id, cause=cause, again=True)
        ahead.plan(context, group, step, due)


def member_joined(context: Context, group: Group, member: Member) -> None:
    """Plan the steps that begin with a membership; newcomers of one batch share a moment."""
    for step in context.book.pack.steps:
        if runs_in(step, group):
            plan_for_member(context, group, step, member)


def due_of_member(context: Context, step: Step, member: Member) -> int | None:
    """Return when a step that counts from the member's joining is due; None where none does."""
    if not isinstance(step.when, triggers.MemberJoined):
        return None
    return schedule.offset_due(step.when.offset, member.joined_at, context.book.zone)


def plan_for_member(context: Context, group: Group, step: Step, member: Member) -> None:
    """Plan a step that counts from the member's joining; nothing where it does not."""
    due = due_of_member(context, step, member)
    if due is not None:
        due, run_at, version = _in_batch(context, group, step, due)
        plan(
            context, group.id, STEP, due, step=step.id, subject=str(member.person),
            cause=f"{STINT}{member.stint}", run_at=run_at, body={"when": counted(context, step)},
            version=version, again=True,
        )  # fmt: skip


def counted(context: Context, step: Step) -> str:
    """Return from what the times of a step that counts from a joining follow: an edit shows."""
    return f"{step.when!r} {context.book.zone.key}"


def _in_batch(context: Context, group: Group, step: Step, due: int) -> tuple[int, int, str]:
    """Return (due_at, run_at, version) in the batch open for the step, or in one that opens now.

    A batch whose first newcomer's time has come has begun: it keeps its version of the pack.
    """
    if step.batch is None:
        return due, due, ""
    waiting = context.store.find(
        Occurrence, community=context.community, group=group.id, kind=STEP, step=step.id,
        status="pending", due_at__gt=due, order="due_at",
    )  # fmt: skip
    if step.batch.or_count == 1:
        return due, due, ""
    if not waiting:
        version = context.book.version if due <= context.now else ""
        return due + step.batch.for_ms, due + step.batch.for_ms, version
    end, version = waiting[0].due_at, waiting[0].version
    if not step.batch.or_count or len(waiting) + 1 < step.batch.or_count:
        return end, end, version
    # The last one's own time has to come too: it may be days after the joining.
    full = max(context.now, due)
    for occurrence in waiting:
        context.store.put(replace(occurrence, run_at=full))
    return end, full, version


def member_moment(context: Context, name: str, person: int, group: Group) -> tuple[Action, ...]:
    """Plan the steps of a moment in a member's life in a group (left, promoted, demoted)."""
    for step in context.book.pack.steps:
        trigger = step.when
        wanted = isinstance(trigger, triggers.MemberMoment) and trigger.name == name
        if wanted and runs_in(step, group):
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
    found = silence_due(context, group, step)
    if found is not None:
        since, due = found
        plan(context, group.id, SILENCE, due, step=step.id, cause=str(since))


def silence_due(
    context: Context, group: Group, step: Step, since: int = 0
) -> tuple[int, int] | None:
    """Return since when the group is silent and when that is long enough (counted from `since`).

    None where nobody could tell, or where the step does not wait for silence.
    """
    if not isinstance(step.when, triggers.Silence) or not channels.hears_all(group.channels):
        return None
    spell = group.spoken_at or group.created_at or group.adopted_at
    if not spell:
        return None
    due = quiet.waking_deadline(
        since or spell, step.when.ms, quiet_of(context, group), context.book.zone
    )
    return spell, due


def timetable(context: Context, group: Group, step: Step) -> schedule.Timetable | None:
    """The step's timetable in that group, or None where no clock drives it."""
    if not isinstance(step.when, triggers.TimeTrigger):
        return None
    starts = date.fromisoformat(group.starts) if group.starts else None
    book = book_of(context, group)
    return schedule.Timetable(
        trigger=step.when, zone=book.zone, calendar=book.calendar, starts=starts
    )


def plan_timed(context: Context, group: Group, step: Step, due: int | None) -> None:
    """Plan the next occurrence of a time-driven step; `due` None means there is none any more."""
    if due is not None:
        plan(context, group.id, STEP, due, step=step.id, body={"when": repr(step.when)})
        ahead.plan(context, group, step, due)


def occurrence_of(event: StepDue, context: Context) -> Occurrence | None:
    """Return the planned occurrence that the clock has turned into this event."""
    return context.store.get(Occurrence, *event.occurrence)
