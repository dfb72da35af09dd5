"""What an open thing brought, posted once when it is over: at night, or over budget, it waits."""

from collections.abc import Callable, Mapping
from typing import Any

from handlers.limits import budgets
from handlers.overrides import quiet_of
from handlers.ports import Context
from handlers.posting import announcing
from sop.actions import Action
from sop.budgets.budget import LONGEST_WAIT_MS
from sop.model import Group, Occurrence, Thread
from sop.times import quiet


def post(
    context: Context, occurrence: Occurrence, group: Group, thread: Thread,
    words: Callable[[], str], picture: Callable[[], Mapping[str, Any]] = dict,
) -> tuple[Action, ...]:  # fmt: skip
    """Post what `words` says at that moment, with its `picture`; nothing where it says nothing.

    `occurrence` is the end of the thread, to come again where the post has to wait. What waited
    for the budget comes when it can, as long as anybody may still want it; otherwise nothing is
    posted after the step's grace (`grace` in the thread's body, ms): the bot was away.
    """
    if group.retired or group.paused:
        return ()
    grace = int(thread.body["grace"])
    ready = quiet.quiet_end(quiet_of(context, group), thread.closes_at, context.book.zone)
    budgeted = occurrence.body.get("held") == budgets.REASON
    if context.now - ready > (LONGEST_WAIT_MS if budgeted else grace):
        reason = budgets.REASON if budgeted else "missed"
        return (Action(do="dropped", group=group.id, step=thread.step, reason=reason),)
    said = words()
    if not said:
        return ()
    return announcing.announce(
        context, occurrence, group, said, step=thread.step, picture=picture(),
        expires_at=context.now + grace,
    )  # fmt: skip
