"""QR codes in pictures that staff bring in private: where they lead, and how to track that."""

from typing import Final

from handlers.people import places
from handlers.ports import Context, Outcome
from handlers.recognition.answers import is_answered
from handlers.replies import excerpt, privately, stopping
from sop.events import MessageReceived
from sop.links import link_targets
from sop.texts import text

NAMED: Final = 3
"""Codes of one picture that are told."""


def hear(event: MessageReceived, context: Context) -> Outcome:
    """Answer a picture that nothing else has answered: to staff with what its codes say."""
    if not event.has_image or is_answered(context):
        return Outcome()
    if not places.own_groups(context, staff=True):
        if event.text.strip():
            return Outcome()
        word = context.book.words.shown("submit")
        return stopping(privately(text("short-links.picture-member", word=word)))
    if not event.codes:
        return stopping(privately(text(f"short-links.unread-{_problem(event)}")))
    lines = [_told(context, each) for each in event.codes[:NAMED]]
    if len(event.codes) > 1:
        lines.insert(0, text("short-links.picture-many", count=len(event.codes)))
    return stopping(privately("\n".join(lines)))


def _problem(event: MessageReceived) -> str:
    return {"": "unseen", "yes": "none"}.get(event.looked, event.looked)


def _told(context: Context, target: str) -> str:
    """Say where a code leads, and how to make a short link there or why none may."""
    why = link_targets.refusal(target)
    shown = excerpt(target) if why else target
    if why:
        offer = text(f"short-links.refused-{why}")
    elif not context.in_force.public_url:
        offer = text("short-links.closed-staff")
    else:
        word = context.book.words.shown("make_link")
        offer = text("short-links.picture-offer", word=word, target=target)
    return "\n".join((text("short-links.picture-code", target=shown), offer))
