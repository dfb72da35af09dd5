"""Taking a strike back: its points, its mute, its removal, and a word to the member."""

from handlers.moderation import moderation
from handlers.ports import Context
from handlers.tasks import tasks
from sop.actions import Action
from sop.model import Member, Strike
from sop.texts import text

PENDING: tuple[str, ...] = ("remind", "confirm-removal", "remove", "breach")
"""Kinds of tasks, about a group and a member, that a strike may have left for people to do."""


def forgive(context: Context, strike: Strike) -> tuple[Action, ...]:
    """Reverse a strike with all that followed from it; one reversed already stays as it is."""
    if strike.reversed_at:
        return ()
    for kind in PENDING:
        tasks.void(context, f"{kind}:{strike.group}:{strike.person}")
    tasks.void(context, f"appeal:{strike.id}")
    lines = moderation.pardon(context, strike)
    person = str(strike.person)
    words = text("commands.pardoned-member")
    told = Action(do="dm", group=strike.group, to=person, member=person, text=words)
    return (*lines, *_back(context, strike), told)


def _back(context: Context, strike: Strike) -> tuple[Action, ...]:
    """Let a member back in whom the strike removed."""
    member = context.store.get(Member, context.community, strike.group, strike.person)
    if strike.measure != "remove" or member is None or not member.left_at:
        return ()
    return (Action(do="add", group=strike.group, member=str(strike.person)),)
