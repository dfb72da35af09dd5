"""Settling an occurrence: it is held, dropped, did not fire or has run; recorded each time."""

from dataclasses import replace
from typing import Final

from handlers import notes, traces
from handlers.ports import Context
from handlers.traces import DROPPED, HELD, Verdict
from sop.actions import Action, Do
from sop.model import Group, Occurrence

SILENT: Final = frozenset({"edited", "left", "pool"})
"""Reasons of a drop that is not shown: occurrence or member are gone, or a task tells of it."""


def hold(context: Context, occurrence: Occurrence, verdict: Verdict) -> tuple[Action, ...]:
    """Let an occurrence wait; all is read again when it is released.

    It ends under the pack under which it began.
    """
    waits = (*traces.waits(occurrence), (context.now, verdict.reason))[-traces.WAITS_KEPT :]
    waiting = replace(
        occurrence,
        status="pending",
        run_at=max(verdict.until, context.now + 1),
        body={**occurrence.body, "held": verdict.reason, "waits": waits},
        version=occurrence.version or context.book.version,
    )
    context.store.put(waiting)
    traces.keep(context, waiting, verdict)
    return (_line(context, occurrence, "held", verdict),)


def settle(context: Context, occurrence: Occurrence, verdict: Verdict) -> tuple[Action, ...]:
    """End an occurrence. What was dropped says so, and so does what was held for nothing."""
    if verdict.verdict == HELD:
        return hold(context, occurrence, verdict)
    status = "dropped" if verdict.verdict == DROPPED else "done"
    context.store.put(replace(occurrence, status=status, body={**occurrence.body, "held": ""}))
    traces.keep(context, occurrence, verdict)
    return (_line(context, occurrence, "dropped", verdict),) if _told(occurrence, verdict) else ()


def _told(occurrence: Occurrence, verdict: Verdict) -> bool:
    """Tell whether people see it: a held one's end they do, whatever it is."""
    if verdict.verdict in (traces.RUN, traces.MERGED):
        return False
    if traces.waits(occurrence):
        return verdict.reason != "edited"
    return verdict.verdict == DROPPED and verdict.reason not in SILENT


def lost(context: Context, group: Group, line: Action, verdict: Verdict) -> Action:
    """Record that one line of a step goes out to nobody."""
    body = {"step": line.step, "reason": verdict.reason, "why": verdict.why}
    notes.keep(context, group.id, "dropped", body)
    return replace(line, do="dropped", reason=verdict.reason, why=verdict.why)


def _line(context: Context, occurrence: Occurrence, do: Do, verdict: Verdict) -> Action:
    step, reason = occurrence.step, verdict.reason
    body = {"step": step, "reason": reason, "why": verdict.why}
    notes.keep(context, occurrence.group, do, body)
    return Action(
        do=do,
        group=occurrence.group,
        step=step,
        member=occurrence.subject,
        reason=reason,
        why=verdict.why,
    )
