"""Where something that concerns a person, and no group of its own, happens: in one group."""

from handlers.people import people
from handlers.ports import Context
from handlers.timing import scheduling
from sop.model import Group
from sop.pack.pack_steps import Step


def home_of(context: Context, person: int, step: Step, happened_in: str = "") -> Group | None:
    """Return the one group in which a step of a person's runs; None where it runs in none.

    That is where it happened, else the group of theirs that heard of them last.
    """
    here = context.store.get(Group, context.community, happened_in) if happened_in else None
    if here is not None and _fits(step, here):
        return here
    known = people.memberships(context, person)
    for member in sorted(known, key=lambda each: -max(each.last_at, each.joined_at)):
        group = context.store.get(Group, context.community, member.group)
        if group is not None and _fits(step, group):
            return group
    return None


def last_heard(context: Context, person: int) -> str:
    """Return the id of the group that heard of the person last; empty where there is none."""
    known = people.memberships(context, person)
    latest = max(known, key=lambda each: (each.last_at, each.joined_at), default=None)
    return latest.group if latest else ""


def _fits(step: Step, group: Group) -> bool:
    return not group.retired and scheduling.runs_in(step, group)
