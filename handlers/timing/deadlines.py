"""Deadlines of the program's own: a planned occurrence is carried out once."""

from dataclasses import replace

from handlers.ports import Context
from handlers.timing import scheduling
from handlers.traces import Verdict
from sop.actions import Action
from sop.events import StepDue
from sop.model import Occurrence


def pending(event: StepDue, context: Context) -> Occurrence | None:
    """Return the occurrence the event is about, unless it was settled before."""
    found = scheduling.occurrence_of(event, context)
    return found if found is not None and found.status == "pending" else None


def hold(context: Context, occurrence: Occurrence, verdict: Verdict) -> Action:
    """Let a deadline wait; returns the line that says so."""
    body = {**occurrence.body, "held": verdict.reason}
    run_at = max(verdict.until, context.now + 1)
    context.store.put(replace(occurrence, status="pending", run_at=run_at, body=body))
    return Action(
        do="held", group=occurrence.group, step=occurrence.step, reason=verdict.reason,
        why=verdict.why,
    )  # fmt: skip


def settle(event: StepDue, context: Context) -> bool:
    """Mark the occurrence as done; tells whether it still had to be."""
    found = pending(event, context)
    if found is not None:
        context.store.put(replace(found, status="done"))
    return found is not None
