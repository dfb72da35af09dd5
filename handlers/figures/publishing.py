"""Reports of a step: figures are wanted, reckoned outside of the writer, and then told."""

from typing import Any, Final

from handlers.figures import advising, making, pictured, telling
from handlers.limits import budgets
from handlers.ports import Context, Outcome
from handlers.tasks import tasks
from sop.actions import Action, Button
from sop.events import ReportMade
from sop.figures import report as reporting
from sop.figures.report import Report
from sop.frozen import replace
from sop.model import Group, Outgoing
from sop.pack.pack_actions import ReportAction
from sop.pack.pack_steps import Step
from sop.texts import text

EXPLAINED: Final = "weekly"
"""The kind of report that brings advice: every day would be too much of it."""


def wanted(context: Context, group: Group, step: Step, action: ReportAction) -> Action:
    """Return the action that has the figures of a report reckoned."""
    wish = {
        "kind": action.kind, "to": action.to, "picture": action.picture, "step": step.id,
        "community": context.community, "group": group.id, "at": context.now,
        "version": context.in_force.version,
    }  # fmt: skip
    expires = context.now + step.grace_ms
    return Action(do="reckon", group=group.id, step=step.id, wish=wish, expires_at=expires)


def reckoned(context: Context, wish: dict[str, Any]) -> dict[str, Any]:
    """Return the figures that were wanted, as JSON has them; it only reads."""
    group = context.store.get(Group, context.community, wish["group"])
    assert group is not None, "figures are wanted of a group that exists"
    return reporting.plain(making.report(context, group, wish["kind"]))


def publish(event: ReportMade, context: Context) -> Outcome:
    """Tell a report that was made: the group what honours people, its owner everything."""
    group = context.group
    if group is None or group.retired:
        return Outcome()
    report, wish = reporting.restored(event.figures), event.wish
    if wish["to"] == "group":
        line = _line(context, group, event, telling.for_group(report), report)
        return Outcome(budgets.charge(context, group, (line,)))
    first, buttons = "", tuple[Button, ...]()
    if report.kind == EXPLAINED:
        given = advising.propose(context, group, report.advice)
        first, buttons = advising.proposal(given), advising.buttons(context, given)
    words = telling.full(report, context.book.zone, first)
    line = replace(_line(context, group, event, words, report), buttons=buttons)
    return Outcome((line,))


def _line(context: Context, group: Group, event: ReportMade, words: str, report: Report) -> Action:
    to = str(event.wish["to"])
    step = context.book.step(str(event.wish["step"]))
    picture = pictured.wish(report, context.book.zone, to) if event.wish["picture"] else {}
    return Action(
        do="post" if to == "group" else "dm", group=group.id, to="" if to == "group" else to,
        text=words, step=str(event.wish["step"]), picture=picture,
        expires_at=context.now + step.grace_ms if step is not None else None,
    )  # fmt: skip


def failed(context: Context, lost: Outgoing) -> tuple[Action, ...]:
    """Let staff know that the figures could not be had."""
    wish = lost.body.get("wish", {})
    group = context.store.get(Group, context.community, lost.group)
    kind = text(f"figure-names.{wish.get('kind', EXPLAINED)}")
    return tasks.open_task(
        context, kind="failed", to="staff", group=lost.group,
        about=f"report:{lost.group}:{wish.get('step', '')}", step=str(wish.get("step", "")),
        words=lambda number: text(
            "figures.failed", group=(group.title if group else "") or lost.group, kind=kind,
            number=number,
        ),
    )  # fmt: skip
