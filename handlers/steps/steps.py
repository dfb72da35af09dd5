"""A step is due: whether it runs now, waits, or is dropped; what it does is told by `runs`."""

from dataclasses import replace

from handlers.limits import gates, rounds, settling
from handlers.overrides import quiet_of
from handlers.ports import Context, Outcome
from handlers.steps import bundles, lateness, runs
from handlers.timing import scheduling
from handlers.traces import DROPPED, Verdict
from sop.events import StepDue
from sop.model import Group, Occurrence
from sop.pack.pack_steps import Step
from sop.times import quiet
from sop.triggers import triggers


def run_due_step(event: StepDue, context: Context) -> Outcome:
    """Handle a planned occurrence of a step once, whatever becomes of it."""
    occurrence = scheduling.occurrence_of(event, context)
    group = context.group
    if occurrence is None or occurrence.status != "pending":
        return Outcome()
    context = context.under(occurrence.version)
    step = context.book.step(event.step)
    if step is None or group is None or group.retired:
        return _dropped(context, occurrence, "edited")
    over = lateness.judged(context, group, step, occurrence)
    if over is not None:
        return Outcome(settling.settle(context, occurrence, over))
    return _run(context, group, step, occurrence)


def run_silence(event: StepDue, context: Context) -> Outcome:
    """Fire once per silent spell; if somebody spoke meanwhile, look again later."""
    occurrence = scheduling.occurrence_of(event, context)
    group = context.group
    if occurrence is None or occurrence.status != "pending":
        return Outcome()
    context = context.under(occurrence.version)
    step = context.book.step(event.step)
    if step is None or group is None or not isinstance(step.when, triggers.Silence):
        return _dropped(context, occurrence, "edited")
    context.store.put(replace(occurrence, status="done"))
    since = group.spoken_at or group.created_at or group.adopted_at
    if str(since) != occurrence.cause:
        scheduling.plan_silence(context, group, step)
        held = bool(occurrence.body.get("held"))
        return _dropped(context, occurrence, "spoken") if held else Outcome()
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
    """Tell whether the step has fired, or waits to, in the occurrence's silent spell."""
    earlier = context.store.count(
        Occurrence, community=context.community, group=occurrence.group, kind=occurrence.kind,
        step=occurrence.step, cause=occurrence.cause, status__in=("done", "pending"),
        due_at__lt=occurrence.due_at,
    )  # fmt: skip
    return earlier > 0


def _run(context: Context, group: Group, step: Step, occurrence: Occurrence) -> Outcome:
    shut = gates.closed(context, group, step, occurrence.due_at)
    if shut is not None:
        return Outcome(settling.settle(context, occurrence, shut))
    if rounds.is_round(step, occurrence):
        return rounds.run(context, group, step, occurrence)
    bundle = bundles.bundle_of(context, group, step)
    if bundle is None:
        batch = runs.sharing(context, step, occurrence)
        return Outcome(runs.run(context, group, step, batch))
    waits = bundles.wait(context, bundle, occurrence)
    if waits is not None:
        return Outcome(settling.hold(context, occurrence, waits))
    return Outcome(bundles.send(context, group, bundle, occurrence))


def _dropped(context: Context, occurrence: Occurrence, reason: str) -> Outcome:
    verdict = Verdict(verdict=DROPPED, reason=reason)
    return Outcome(settling.settle(context, occurrence, verdict))
