"""A newcomer tells who brought them, by the code of a friend."""

from typing import Final

from handlers.invitations import inviting, personal_codes
from handlers.people import people
from handlers.ports import Context, Outcome
from handlers.posting.rendering import say_words
from handlers.recognition.recognition import addressed
from handlers.replies import discreetly, privately, stopping
from sop.activities import invitations
from sop.events import MessageReceived
from sop.model import Group
from sop.texts import text
from sop.times.durations import DAY_MS

DAYS: Final = invitations.SAID_WITHIN_MS // DAY_MS


def tell(event: MessageReceived, context: Context, argument: str) -> Outcome:
    """Record whose code it is as who brought the one who says it: once, and in time."""
    guest = context.person
    assert guest is not None
    code, _ = personal_codes.split(argument)
    if not code and not addressed(event):
        return Outcome()
    if not code and argument.isascii() and argument.isalnum():
        return stopping(privately(text("invitations.unknown")))
    if not code:
        words = f"{context.book.words.shown('invite_code')} …"
        say = say_words(context, context.group if event.group else None, words)
        return stopping(privately(text("invitations.form", say=say)))
    inviter = personal_codes.owner(context, code)
    if inviter is None:
        return stopping(privately(text("invitations.unknown")))
    group = _home(context)
    if group is None:
        return stopping(privately(text("invitations.not-here")))
    refused, lines = inviting.told(context, group, guest, inviter)
    if not refused:
        return stopping(*lines, discreetly(event, context, text("invitations.told")))
    key = "before" if refused == "circle" else refused
    return stopping(discreetly(event, context, text(f"invitations.refused-{key}", days=DAYS)))


def _home(context: Context) -> Group | None:
    """Return the group it is said in, or in private the first the guest is in."""
    if context.group is not None:
        return context.group
    for member in people.memberships(context, context.person_id):
        group = context.store.get(Group, context.community, member.group)
        if group is not None and not group.retired:
            return group
    return None
