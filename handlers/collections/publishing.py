"""An entry becomes one: it is paid, counted, and shown where its words were not read already.

What was given in private, or waited for a yes, is told the group in one post every ten minutes;
a check-in is counted, and names its author in the summary alone.
"""

from typing import Final

from handlers.collections import progress, snags
from handlers.ledger import hidden_authors, ledger, streaks
from handlers.ports import Context
from handlers.posting import showing
from handlers.questions import contributions
from handlers.shares import shares
from sop.actions import Action
from sop.model import Group, Item, Thread

UNECHOED: Final = frozenset({"checkin", "snag"})
"""Kinds that nobody need like: silence about them says nothing to their author."""


def publish(
    context: Context, group: Group, thread: Thread, found: Item, *, said_openly: bool
) -> tuple[Action, ...]:
    """Let an entry count from now on; `said_openly`: the group has read its words."""
    if thread.body["anonymous"]:
        hidden_authors.owe(context, found)
        lines: tuple[Action, ...] = ()
    else:
        lines = ledger.credit(
            context, found.person, found.kind, source=contributions.source_of(found),
            step=thread.step, said=found.text,
        )  # fmt: skip
        if found.kind not in UNECHOED:
            shares.await_echo(context, group, found, found.kind)
    if any(line.deed == streaks.DEED for line in lines):
        streaks.extend(context, found.person)
    progress.note(context, thread, found, 1)
    if found.kind == "snag":
        lines = (*lines, *snags.assign(context, group, thread, found))
    if not said_openly and found.kind != "checkin":
        showing.join(context, group, thread, (found.number,))
    return lines
