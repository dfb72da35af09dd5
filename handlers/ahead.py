"""What is planned ahead of a step's time: asking a person to bring today's item."""

from typing import Final

from handlers.overrides import quiet_of
from handlers.ports import Context
from sop import quiet
from sop.model import Group, Occurrence
from sop.pack_actions import DropAction
from sop.pack_steps import Step

PREPARE: Final = "prepare"
"""The kind of occurrence at which a person is asked."""


def prepared_drop(step: Step) -> DropAction | None:
    """Return the step's drop that a person is asked to prepare, or None."""
    drops = (action for action in step.do if isinstance(action, DropAction))
    return next((each for each in drops if each.prepare is not None), None)


def plan(context: Context, group: Group, step: Step, due: int) -> None:
    """Plan to ask for what the step will drop at `due`: soon enough, or at once."""
    drop = prepared_drop(step)
    if drop is None or drop.prepare is None or due <= context.now:
        return
    due_at = goes_out_at(context, group, due) - drop.prepare.before_ms
    key = (context.community, group.id, PREPARE, step.id, "", str(due), due_at)
    if context.store.get(Occurrence, *key) is None:
        context.store.put(
            Occurrence(
                community=context.community, group=group.id, kind=PREPARE, step=step.id,
                subject="", cause=str(due), due_at=due_at, run_at=max(due_at, context.now),
            )
        )  # fmt: skip


def goes_out_at(context: Context, group: Group, due: int) -> int:
    """When a step that falls due then is really posted: quiet hours hold it."""
    return quiet.quiet_end(quiet_of(context, group), due, context.book.zone)
