"""Content libraries: the next item of a pool, none twice before all were used."""

from dataclasses import replace

from handlers.ports import Context
from sop import localtime
from sop.model import Group, PoolUse
from sop.pack import Item, Pool


def next_item(context: Context, group: Group, pool_id: str) -> Item | None:
    """Take the next item in season; None when the pool is used up.

    A pool with `scope: community` advances once per local day: every group gets that item.
    """
    pool = context.book.pack.library.get(pool_id)
    if pool is None:
        return None
    scope = group.id if pool.scope == "group" else ""
    day = localtime.local_date(context.now, context.book.zone).isoformat()
    use = context.store.get(PoolUse, context.community, scope, pool_id) or PoolUse(
        community=context.community, scope=scope, pool=pool_id
    )
    if not scope and use.day == day and 0 <= use.item < len(pool.items):
        return pool.items[use.item]
    index = _next_index(context, pool, use)
    if index is None and pool.repeat:
        use = replace(use, used=())
        index = _next_index(context, pool, use)
    if index is None:
        return None
    context.store.put(replace(use, used=(*use.used, index), day=day, item=index))
    return pool.items[index]


def _next_index(context: Context, pool: Pool, use: PoolUse) -> int | None:
    today = localtime.local_date(context.now, context.book.zone)
    free = (
        index
        for index, item in enumerate(pool.items)
        if index not in use.used and item.in_season(today)
    )
    return next(free, None)
