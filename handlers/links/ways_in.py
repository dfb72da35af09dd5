"""The address by which people come into a group by themselves, where no program can bring them."""

from collections.abc import Sequence
from typing import Final

from handlers.ports import Context
from sop.model import Group, Person
from sop.pack.pack_links import WAY_IN
from sop.texts import text
from sop.times.durations import DAY_MS
from sop.times.localtime import local_date

PATIENCE_MS: Final = 3 * DAY_MS
"""How long somebody has to follow an invitation before people are reminded to help."""


def address(context: Context, group: Group) -> str:
    """Return where people join the group by themselves; empty where that is not known."""
    link = context.in_force.pack.links.get(f"{WAY_IN}{group.id}")
    if link is None:
        return ""
    over = link.until is not None and local_date(context.now, context.book.zone) > link.until
    return "" if over else link.url


def invites(context: Context, person: Person, groups: Sequence[Group]) -> bool:
    """Tell whether the person can be sent into each of the groups by an address of its own."""
    return bool(groups) and not person.nudges_off and all(address(context, g) for g in groups)


def shown(context: Context, groups: Sequence[Group]) -> list[str]:
    """Say how to come into those of the groups that have an address, each in a line of its own."""
    found = ((each, address(context, each)) for each in groups)
    return [
        text("groups.way-in", group=each.title or each.id, url=url) for each, url in found if url
    ]
