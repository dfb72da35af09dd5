"""`确认`: what somebody was asked last begins, and nothing that they were asked before."""

from handlers.clean_up import cleaning
from handlers.collections import bulk_answers
from handlers.ports import Context, Outcome
from handlers.replies import privately, stopping
from sop.events import MessageReceived
from sop.model import BulkAnswer
from sop.texts import text


def confirm(event: MessageReceived, context: Context, argument: str) -> Outcome:
    """Begin with what the person has just been shown, a clean-up or an answer to many entries."""
    del argument
    shown = (cleaning.shown(context), bulk_answers.asked(context))
    newest = max(
        (each for each in shown if each is not None), key=lambda each: each.at, default=None
    )
    if isinstance(newest, BulkAnswer) and newest.status == "asked":
        return bulk_answers.confirm(event, context, newest)
    if newest is None or newest.status != "previewed":
        return stopping(privately(text("clean-up.nothing-to-confirm")))
    return cleaning.confirm(event, context, newest)
