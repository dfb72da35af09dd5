"""What is planned ahead of a step's time: asking for today's item, inviting who will share."""

from collections.abc import Iterator
from typing import Final

from handlers.overrides import quiet_of
from handlers.ports import Context
from sop.model import Group, Occurrence
from sop.pack.pack_actions import DropAction, Invite, ShareDayAction
from sop.pack.pack_steps import Step
from sop.times import quiet

PREPARE: Final = "prepare"
"""The kind of occurrence at which a person is asked."""

INVITE: Final = "invite-speakers"
"""The kind of occurrence at which the places of a share day are offered."""


def prepared_drop(step: Step) -> DropAction | None:
    """Return the step's drop that a person is asked to prepare, or None."""
    drops = (action for action in step.do if isinstance(action, DropAction))
    return next((each for each in drops if each.prepare is not None), None)


def invitation(step: Step) -> Invite | None:
    """Return how people are invited to the step's share day, or None."""
    return next((each.invite for each in share_days(step) if each.invite is not None), None)


def share_days(step: Step) -> Iterator[ShareDayAction]:
    """Yield the step's share days: one, as a rule."""
    return (action for action in step.do if isinstance(action, ShareDayAction))


def plan(context: Context, group: Group, step: Step, due: int) -> None:
    """Plan to ask for what the step needs at `due`: soon enough, or at once."""
    if due <= context.now:
        return
    drop, invite = prepared_drop(step), invitation(step)
    if drop is not None and drop.prepare is not None:
        _plan(context, group, step, due, PREPARE, drop.prepare.before_ms)
    if invite is not None:
        _plan(context, group, step, due, INVITE, invite.before_ms)


def _plan(context: Context, group: Group, step: Step, due: int, kind: str, before: int) -> None:
    due_at = goes_out_at(context, group, due) - before
    key = (context.community, group.id, kind, step.id, "", str(due), due_at)
    if context.store.get(Occurrence, *key) is None:
        context.store.put(
            Occurrence(
                community=context.community, group=group.id, kind=kind, step=step.id,
                subject="", cause=str(due), due_at=due_at, run_at=max(due_at, context.now),
            )
        )  # fmt: skip


def goes_out_at(context: Context, group: Group, due: int) -> int:
    """When a step that falls due then is really posted: quiet hours hold it."""
    return quiet.quiet_end(quiet_of(context, group), due, context.book.zone)
