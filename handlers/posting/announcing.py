"""What the bot says to a group at a moment of its own: at night, or over budget, it waits."""

from dataclasses import replace
from typing import Any

from handlers.limits import budgets
from handlers.ports import Context
from handlers.posting import acknowledging
from handlers.timing import deadlines
from sop.actions import Action
from sop.model import Group, Occurrence


def announce(
    context: Context, occurrence: Occurrence, group: Group, words: str, **fields: Any
) -> tuple[Action, ...]:
    """Post `words` and settle the occurrence, or let it come again when the post may go out.

    `fields` are the post's: its step, whom it mentions, when it expires.
    """
    waits = acknowledging.sleeping(context, group) or budgets.short_of(context, group, 1)
    if waits is not None:
        return (deadlines.hold(context, occurrence, waits),)
    context.store.put(replace(occurrence, status="done"))
    budgets.spend_post(context, group)
    return (Action(do="post", group=group.id, text=words, **fields),)
