"""What a member is told of their invitations: the code for friends, and who has come by it.

Who brought whom stays between the two and staff.
"""

from typing import Final

from handlers.invitations import link_desk, personal_codes
from handlers.invitations.invited import DAYS
from handlers.people import people, places
from handlers.ports import Context, Outcome
from handlers.posting.rendering import say_words
from handlers.replies import privately, stopping
from handlers.threads.whose import whose
from sop.events import MessageReceived
from sop.model import Invitation, Person
from sop.texts import text

NAMED: Final = 20
"""Guests named at most, the latest ones."""


def mine(event: MessageReceived, context: Context, argument: str) -> Outcome:
    """Tell the code and the words to forward, and the guests so far; staff may ask for others."""
    about = whose(event, context, argument, "invitation")
    if about.person is None:
        return stopping(privately(about.problem))
    guests = _guests(context, about.person, other=about.other)
    if about.other:
        return stopping(privately(guests))
    code = personal_codes.of(context, event.key)
    words = text(
        "invitations.code", name=people.shown(about.person), code=code, days=DAYS,
        forward=_forward(context, code),
    )  # fmt: skip
    url = link_desk.invitation(context, about.person)
    lines = [words.rstrip(), *([text("invitations.page", url=url)] if url else []), guests]
    return stopping(privately("\n".join(lines)))


def _forward(context: Context, code: str) -> str:
    """Return what a friend is sent: where to come, and what to say there."""
    group = context.group or next(iter(places.own_groups(context)), None)
    if group is None:
        return text("invitations.forward-anywhere", code=code)
    say = say_words(context, group, f"{context.book.words.shown('invite_code')} {code}")
    return text("invitations.forward", group=group.title or group.id, say=say)


def _guests(context: Context, person: Person, *, other: bool) -> str:
    """Say who has come, how many of them take part, and how many people still look at."""
    found = context.store.find(
        Invitation, community=context.community, inviter=person.id, order="-at", at__gt=0
    )
    counted = [each for each in found if each.status == "counted" and each.guest != person.id]
    held = sum(1 for each in found if each.status == "held")
    name = people.shown(person)
    words = text("invitations.none-of" if other else "invitations.none", name=name)
    if counted:
        known = [context.store.get(Person, context.community, each.guest) for each in counted]
        words = text(
            "invitations.guests-of" if other else "invitations.guests", name=name,
            count=len(counted), names=people.named(known[:NAMED]),
            paid=sum(1 for each in known if each and each.invite_paid),
        )  # fmt: skip
    return "\n".join((words, text("invitations.held", count=held))) if held else words
