"""A step is due: whether it runs now, for whom, and what it does."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Final

from handlers import absences, facts, notes, scheduling, step_actions
from handlers.overrides import quiet_of, skipped
from handlers.ports import Context, Outcome
from sop import conditions, localtime, quiet, schedule, standing, triggers
from sop.actions import Action, Do
from sop.durations import DAY_MS
from sop.events import StepDue
from sop.model import Group, Member, Occurrence, Person, StepRun
from sop.pack_actions import (
    AskAction,
    DmAction,
    DropAction,
    PostAction,
    QuestionsAction,
    ReportAction,
)
from sop.pack_steps import Step

OUTLASTING: Final = ("left:", "promoted:", "demoted:")
"""Causes after which the member may be out of the group and is still meant."""

PERIOD_MS: Final = {"day": 2 * DAY_MS, "week": 8 * DAY_MS}
"""How far back runs of the current local day or week can lie, at the most."""

SPEAKING: Final = (PostAction, DmAction, DropAction, AskAction, QuestionsAction, ReportAction)
"""Actions that make the bot speak first: quiet hours hold their step."""


def run_due_step(event: StepDue, context: Context) -> Outcome:
    """Handle a planned occurrence of a step once, whatever becomes of it."""
    occurrence = scheduling.occurrence_of(event, context)
    group = context.group
    if occurrence is None or occurrence.status != "pending":
        return Outcome()
    step = context.book.step(event.step)
    if step is None or group is None or group.retired:
        return _settled(context, occurrence, "dropped", "edited")
    if occurrence.cause == "" and "held" not in occurrence.body:
        return _run_timed(context, group, step, occurrence)
    if "held" not in occurrence.body and occurrence.cause != "made-up":
        lateness = context.now - occurrence.run_at
        grace = 0 if step.missed == "skip" else step.grace_ms
        if lateness > max(grace, schedule.ON_TIME_MS):
            return _settled(context, occurrence, "dropped", "missed")
    return _run(context, group, step, occurrence)


def run_silence(event: StepDue, context: Context) -> Outcome:
    """Fire once per silent spell; if somebody spoke meanwhile, look again later."""
    occurrence = scheduling.occurrence_of(event, context)
    group = context.group
    step = context.book.step(event.step)
    if occurrence is None or occurrence.status != "pending":
        return Outcome()
    if step is None or group is None or not isinstance(step.when, triggers.Silence):
        return _settled(context, occurrence, "dropped", "edited")
    context.store.put(replace(occurrence, status="done"))
    since = group.spoken_at or group.created_at or group.adopted_at
    if str(since) != occurrence.cause:
        scheduling.plan_silence(context, group, step)
        return Outcome()
    again = quiet.waking_deadline(
        context.now, step.when.ms, quiet_of(context, group), context.book.zone
    )
    scheduling.plan(
        context, group.id, scheduling.SILENCE, again, step=step.id, cause=occurrence.cause
    )
    if _fired(context, occurrence):
        return Outcome()
    return _run(context, group, step, occurrence)


def _fired(context: Context, occurrence: Occurrence) -> bool:
    """Tell whether the step has already fired in the silent spell the occurrence belongs to."""
    earlier = context.store.count(
        Occurrence, community=context.community, group=occurrence.group, kind=occurrence.kind,
        step=occurrence.step, cause=occurrence.cause, status="done",
        due_at__lt=occurrence.due_at,
    )  # fmt: skip
    return earlier > 0


def _run_timed(context: Context, group: Group, step: Step, occurrence: Occurrence) -> Outcome:
    """A time-driven occurrence: plan the next one, then make up what the pack wants made up."""
    table = scheduling.timetable(context, group, step)
    if table is None or occurrence.body.get("when") != repr(step.when):
        return _settled(context, occurrence, "dropped", "edited")
    runs, following = schedule.made_up(
        table, occurrence.due_at, context.now, step.missed, step.grace_ms
    )
    scheduling.plan_timed(context, group, step, following)
    for due in runs:
        if due != occurrence.due_at:
            scheduling.plan(
                context, group.id, scheduling.STEP, due, step=step.id, cause="made-up",
                run_at=context.now,
            )  # fmt: skip
    if occurrence.due_at not in runs:
        return _settled(context, occurrence, "dropped", "missed")
    return _run(context, group, step, occurrence)


def _run(context: Context, group: Group, step: Step, occurrence: Occurrence) -> Outcome:
    silenced = _silenced(context, group, step, occurrence.due_at)
    if silenced:
        return _settled(context, occurrence, "dropped", silenced)
    waking = quiet.quiet_end(quiet_of(context, group), context.now, context.book.zone)
    if _speaks(step) and waking > context.now:
        return _hold(context, group, step, occurrence, until=waking, reason="quiet")
    if _spent(context, group, step):
        return _hold(context, group, step, occurrence, until=_tomorrow(context), reason="cap")
    batch = _batch(context, step, occurrence)
    subjects = [person for each in batch for person in _subject(context, group, each)]
    for each in batch:
        context.store.put(replace(each, status="done", body={**each.body, "held": ""}))
    if not subjects and any(each.subject for each in batch):
        return Outcome()
    return Outcome(run_step(context, group, step, subjects=subjects, due_at=occurrence.due_at))


def run_step(
    context: Context, group: Group, step: Step, *, subjects: Sequence[Person], due_at: int
) -> tuple[Action, ...]:
    """Run a step's actions for those its conditions and limits allow; record that it ran.

    Without subjects the step is the group's: it runs once or not at all.
    """
    if not subjects:
        if not _allowed(context, group, step, None):
            return ()
        return _act(context, group, step, (), due_at)
    willing = [person for person in subjects if _allowed(context, group, step, person)]
    return _act(context, group, step, willing, due_at) if willing else ()


def _act(
    context: Context, group: Group, step: Step, subjects: Sequence[Person], due_at: int
) -> tuple[Action, ...]:
    actions, ran = step_actions.expand(context, group, step, subjects)
    if not ran:
        return actions
    for person in subjects or (None,):
        number = person.id if person else 0
        context.store.put(
            StepRun(
                community=context.community,
                id=context.store.number(context.community, "run"),
                group=group.id,
                step=step.id,
                person=number,
                at=context.now,
                due_at=due_at,
            )
        )
        scheduling.plan_after(context, group, step, number, due_at)
    return actions


def _allowed(context: Context, group: Group, step: Step, person: Person | None) -> bool:
    known = facts.StoredFacts(context, group, person)
    if step.is_conditional and not conditions.allows(step.if_, step.unless, known).holds:
        return False
    return _within_limits(context, group, step, person)


def _within_limits(context: Context, group: Group, step: Step, person: Person | None) -> bool:
    for rate, narrow in (
        (step.limit.group, {"group": group.id}),
        (step.limit.member, {"person": person.id} if person else None),
    ):
        if rate is None or narrow is None:
            continue
        since = context.now - rate.within_ms if rate.within_ms is not None else -1
        found = context.store.find(
            StepRun, community=context.community, step=step.id, at__gt=since, **narrow
        )
        # A run for several members is one run of the group's, with a row for each.
        if len({(run.at, run.due_at) for run in found}) >= rate.count:
            return False
    return True


def _hold(
    context: Context, group: Group, step: Step, occurrence: Occurrence, *, until: int, reason: str
) -> Outcome:
    """Wait for the end of quiet hours, or of a cap's day; all is read again then."""
    held = {**occurrence.body, "held": reason}
    version = occurrence.version or context.book.version
    context.store.put(replace(occurrence, run_at=until, body=held, version=version))
    return Outcome((_noted(context, group.id, "held", step.id, reason),))


def _spent(context: Context, group: Group, step: Step) -> bool:
    """Tell whether a batched step has run as often as its `at_most` allows in this period."""
    if step.batch is None or step.batch.at_most is None:
        return False
    cap = step.batch.at_most
    period = standing.period_of(cap.period, context.now, context.book.zone)
    runs = context.store.find(
        StepRun, community=context.community, group=group.id, step=step.id,
        at__gt=context.now - PERIOD_MS[cap.period],
    )  # fmt: skip
    instants = {
        run.at for run in runs
        if standing.period_of(cap.period, run.at, context.book.zone) == period
    }  # fmt: skip
    return len(instants) >= cap.n


def _tomorrow(context: Context) -> int:
    today = localtime.local_date(context.now, context.book.zone)
    return localtime.local_midnight(today + timedelta(days=1), context.book.zone)


def _settled(context: Context, occurrence: Occurrence, status: str, reason: str) -> Outcome:
    context.store.put(replace(occurrence, status=status))
    line = _noted(context, occurrence.group, "dropped", occurrence.step, reason)
    return Outcome((line,) if reason != "edited" else ())


def _noted(context: Context, group: str, do: Do, step: str, reason: str) -> Action:
    notes.keep(context, group, do, {"step": step, "reason": reason})
    return Action(do=do, group=group, step=step, reason=reason)


def _silenced(context: Context, group: Group, step: Step, due_at: int) -> str:
    """Why the step does not run at all, or nothing."""
    if group.paused:
        return "paused"
    if not scheduling.runs_in(step, group):
        return "layer"
    day = localtime.local_date(due_at, context.book.zone)
    timed = isinstance(step.when, triggers.TimeTrigger)
    if timed and (skipped(context, group, day) or any(day in days for days in step.skip)):
        return "skip"
    return ""


def _speaks(step: Step) -> bool:
    return any(isinstance(action, SPEAKING) for action in step.do)


def _batch(context: Context, step: Step, occurrence: Occurrence) -> Sequence[Occurrence]:
    """The occurrences that share one run: for a batched step all that are due with this one."""
    if step.batch is None:
        return (occurrence,)
    return context.store.find(
        Occurrence, community=context.community, group=occurrence.group, kind=occurrence.kind,
        step=step.id, status="pending", run_at__le=context.now, order="due_at",
        version=occurrence.version,
    )  # fmt: skip


def _subject(context: Context, group: Group, occurrence: Occurrence) -> tuple[Person, ...]:
    """The occurrence's member, if the membership that caused it still lasts."""
    if not occurrence.subject:
        return ()
    person = context.store.get(Person, context.community, int(occurrence.subject))
    member = context.store.get(Member, context.community, group.id, int(occurrence.subject))
    if person is None or member is None:
        return ()
    gone = member.left_at and not occurrence.cause.startswith(OUTLASTING)
    other = occurrence.cause.startswith("stint:") and occurrence.cause != f"stint:{member.stint}"
    back = occurrence.cause.startswith(absences.SPELL) and not absences.lasts(
        group, member, occurrence.cause
    )
    return () if gone or other or back else (person,)
