"""Which entries of a collection a group has been shown as its best, and which are left."""

from collections.abc import Sequence
from typing import Final

from handlers.ports import Context
from handlers.replies import excerpt
from handlers.threads import entries
from sop.model import Group, Item, PoolUse
from sop.texts import text

LOOKED_AT: Final = 12
"""Times a collection was open, the newest, whose entries are looked at."""

QUOTED: Final = 200
"""Characters of an entry that are quoted."""


def fresh(context: Context, group: Group, collection: str) -> list[Item]:
    """Return the entries the group may be shown and has not been, the newest time's first."""
    seen = _use(context, group, collection).used
    times = entries.times(context, collection, group.id)[-LOOKED_AT:]
    return [
        each
        for thread in reversed(times)
        for each in entries.shown(context, thread)
        if each.source not in seen and each.text.strip()
    ]


def mark(context: Context, group: Group, collection: str, found: Sequence[Item]) -> None:
    """Remember that these were shown: none is shown twice."""
    use = _use(context, group, collection)
    used = (*use.used, *(each.source for each in found))
    context.store.put(PoolUse(community=use.community, scope=use.scope, pool=use.pool, used=used))


def quote(context: Context, found: Item) -> str:
    """Return an entry as it is shown: who, and what they said."""
    said = excerpt(found.text, QUOTED)
    return text(
        "showcase.entry", number=found.number, name=entries.name(context, found), text=said
    )


def _use(context: Context, group: Group, collection: str) -> PoolUse:
    name = f"showcase:{collection}"
    found = context.store.get(PoolUse, context.community, group.id, name)
    return found or PoolUse(community=context.community, scope=group.id, pool=name)
