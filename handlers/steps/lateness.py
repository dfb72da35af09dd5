"""What fell due and is looked at for the first time: what follows upon it, and whether it is late.

Each occurrence passes here once, alone or as part of a bundle, before anything else is asked.
"""

from typing import Final

from handlers.ports import Context
from handlers.timing import scheduling
from handlers.traces import DROPPED, Verdict
from sop.model import Group, Occurrence
from sop.pack.pack_steps import Step
from sop.times.durations import format_duration
from sop.triggers import schedule

MADE_UP: Final = "made-up"
"""The cause of an occurrence that is made up."""


def judged(context: Context, group: Group, step: Step, occurrence: Occurrence) -> Verdict | None:
    """Return why the occurrence runs no more, or None; of what the clock drives, plan the next.

    What was held has passed before, and what is made up was found to be in time.
    """
    if "held" in occurrence.body:
        return None
    if occurrence.cause == "" and not occurrence.subject:
        return _timed(context, group, step, occurrence)
    late = context.now - occurrence.run_at
    grace = 0 if step.missed == "skip" else step.grace_ms
    if occurrence.cause == MADE_UP or late <= max(grace, schedule.ON_TIME_MS):
        return None
    return _missed(context, step, occurrence)


def _timed(context: Context, group: Group, step: Step, occurrence: Occurrence) -> Verdict | None:
    """Plan the next one, and what the pack wants made up beside this one."""
    table = scheduling.timetable(context, group, step)
    if table is None or occurrence.body.get("when") != repr(step.when):
        return Verdict(verdict=DROPPED, reason="edited")
    due_now, following = schedule.made_up(
        table, occurrence.due_at, context.now, step.missed, step.grace_ms
    )
    scheduling.plan_timed(context, group, step, following)
    for due in due_now:
        if due != occurrence.due_at:
            scheduling.plan(context, group.id, scheduling.STEP, due, step=step.id, cause=MADE_UP)
    return None if occurrence.due_at in due_now else _missed(context, step, occurrence)


def _missed(context: Context, step: Step, occurrence: Occurrence) -> Verdict:
    late = format_duration(context.now - occurrence.due_at)
    grace = "0s" if step.missed == "skip" else format_duration(step.grace_ms)
    return Verdict(verdict=DROPPED, reason="missed", figures=(f"late: {late}, grace {grace}",))
