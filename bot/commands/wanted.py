"""Which groups a command is about: of one community or all, one group or all."""

from typing import NamedTuple

from bot.broken import Broken
from bot.operations.operating import Operation
from handlers.ports import Context
from sop.model import Group


class Wanted(NamedTuple):
    """Which groups are meant, and how much of them."""

    community: str
    group: str
    words: str
    days: int
    limit: int
    collection: str = ""


def groups(operation: Operation, wanted: Wanted) -> list[tuple[str, str]]:
    """Return the groups that are meant, as (community, id)."""
    found = [
        (name, each.id)
        for name in operation.communities(wanted.community)
        for each in operation.look(name, _every)
        if wanted.group in ("", each.id)
    ]
    if wanted.group and not found:
        raise Broken(f"there is no group {wanted.group}")
    return found


def _every(context: Context) -> list[Group]:
    return list(context.store.find(Group, community=context.community, order="id"))


def group(context: Context, name: str) -> Group:
    """Return the group of that id."""
    found = context.store.get(Group, context.community, name)
    if found is None:
        raise Broken(f"there is no group {name}")
    return found
