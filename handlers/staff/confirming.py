"""`确认`: what somebody was asked last begins, and nothing that they were asked before."""

from handlers.clean_up import cleaning
from handlers.collections import bulk_answers
from handlers.ports import Context, Outcome
from handlers.replies import privately, stopping
from sop.events import MessageReceived
from sop.texts import text


def confirm(event: MessageReceived, context: Context, argument: str) -> Outcome:
    """Begin with what the person has just been shown, a clean-up or an answer to many entries."""
    del argument
    silent, entries = cleaning.shown(context), bulk_answers.asked(context)
    if entries is not None and (silent is None or silent.at < entries.at):
        if entries.status == "asked":
            return bulk_answers.confirm(event, context, entries)
    elif silent is not None and silent.status == "previewed":
        return cleaning.confirm(event, context, silent)
    return stopping(privately(text("clean-up.nothing-to-confirm")))
