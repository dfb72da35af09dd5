"""`确认`: what somebody was asked last begins, and nothing that they were asked before."""

from typing import TypeVar

from handlers.clean_up import cleaning
from handlers.collections import bulk_answers
from handlers.ports import Context, Outcome
from handlers.replies import privately, stopping
from sop.activities.clean_up import GOOD_FOR_MS
from sop.events import MessageReceived
from sop.model import BulkAnswer, CleanUp
from sop.texts import text

Asked = TypeVar("Asked", CleanUp, BulkAnswer)


def confirm(event: MessageReceived, context: Context, argument: str) -> Outcome:
    """Begin with what the person has just been shown, a clean-up or an answer to many entries."""
    del argument
    silent, entries = _newest(context, CleanUp), _newest(context, BulkAnswer)
    if entries is not None and (silent is None or silent.at < entries.at):
        if entries.status == "asked":
            return bulk_answers.confirm(event, context, entries)
    elif silent is not None and silent.status == "previewed":
        return cleaning.confirm(event, context, silent)
    return stopping(privately(text("clean-up.nothing-to-confirm")))


def _newest(context: Context, kind: type[Asked]) -> Asked | None:
    """Return what the person was asked last of a kind, while it could be confirmed."""
    found = context.store.find(
        kind, community=context.community, by=context.person_id,
        at__gt=context.now - GOOD_FOR_MS, order="-id", limit=1,
    )  # fmt: skip
    return found[0] if found else None
