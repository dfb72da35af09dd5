"""What the bot says to somebody alone, and through which of their groups."""

from collections.abc import Iterable

from handlers.people import people
from handlers.ports import Context
from sop import channels
from sop.actions import Action
from sop.model import Group, Person


def through(context: Context, person: Person, groups: Iterable[str]) -> str:
    """Return the first of the groups, then of the person's own, by which they are reached alone.

    Empty where no channel of any does that.
    """
    own = (each.group for each in people.memberships(context, person.id))
    found = (context.store.get(Group, context.community, each) for each in (*groups, *own))
    able = (each.id for each in found if each and channels.can(each.channels, "dm"))
    return next(able, "")


def tell(
    context: Context, person: Person, words: str, group: str, *more: str
) -> tuple[Action, ...]:
    """Say it to the person alone, in a group's name, unless they want nothing the bot starts.

    Where no channel of theirs carries that, the outbox makes it a task with these words.
    """
    if person.nudges_off:
        return ()
    to, name = str(person.id), through(context, person, (group, *more)) or group
    return (Action(do="dm", group=name, to=to, member=to, text=words),)
