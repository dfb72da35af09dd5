"""Taking a strike back: its points, its mute, its removal, and a word to the member."""

from dataclasses import replace
from typing import Final

from handlers.moderation import moderation
from handlers.ports import Context
from handlers.tasks import tasks
from sop.actions import Action
from sop.model import Member, Outgoing, Strike, Task
from sop.texts import text

PARDONED: Final = "pardoned"
"""The error of a removal that was called off."""


def forgive(context: Context, strike: Strike) -> tuple[Action, ...]:
    """Reverse a strike with all that followed from it; one reversed already stays as it is."""
    if strike.reversed_at:
        return ()
    heard = _is_heard_of(context, strike)
    for kind in moderation.LEFT_TO_PEOPLE:
        tasks.void(context, f"{kind}:{strike.group}:{strike.person}")
    tasks.void(context, f"appeal:{strike.id}")
    lines = moderation.pardon(context, strike)
    person = str(strike.person)
    words = text("commands.pardoned-member")
    told = Action(do="dm", group=strike.group, to=person, member=person, text=words)
    return (*lines, *_back(context, strike), *((told,) if heard else ()))


def _is_heard_of(context: Context, strike: Strike) -> bool:
    """Tell whether a member may know of a strike: not while people have yet to tell them."""
    appeals = {"community": context.community, "about": f"appeal:{strike.id}"}
    if context.store.count(Task, **appeals):
        return True
    # Who is to be taken out has been told already, where they can be reached.
    waiting = (
        tasks.find_open(context, f"{kind}:{strike.group}:{strike.person}")
        for kind in moderation.LEFT_TO_PEOPLE
        if kind != "remove"
    )
    return all(each is None or each.created_at < strike.known_from for each in waiting)


def once(*lines: Action) -> tuple[Action, ...]:
    """Leave out what somebody is told twice: one apology is enough, however much it is for."""
    told: set[tuple[str, str]] = set()
    kept = []
    for line in lines:
        if line.do != "dm" or (line.to, line.text) not in told:
            kept.append(line)
        if line.do == "dm":
            told.add((line.to, line.text))
    return tuple(kept)


def _back(context: Context, strike: Strike) -> tuple[Action, ...]:
    """Let a member back in whom the strike removed; who is not out yet is not removed."""
    member = context.store.get(Member, context.community, strike.group, strike.person)
    if strike.measure != "remove" or member is None:
        return ()
    if not member.left_at and not _called_off(context, strike):
        return ()
    return (Action(do="add", group=strike.group, member=str(strike.person)),)


def _called_off(context: Context, strike: Strike) -> bool:
    """Call off a removal that has not begun; tells whether one is under way for all that."""
    removals = context.store.find(
        Outgoing, community=context.community, group=strike.group, do="remove",
        status__in=("pending", "sending"),
    )  # fmt: skip
    theirs = [each for each in removals if each.body.get("member") == str(strike.person)]
    for each in theirs:
        if each.status == "pending":
            context.store.put(replace(each, status="dropped", done_at=context.now, error=PARDONED))
    return any(each.status == "sending" for each in theirs)
