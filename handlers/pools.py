"""Content libraries: the next item of a pool, none twice before all were used."""

from dataclasses import replace

from handlers.ports import Context
from sop import localtime
from sop.model import Group, PoolUse
from sop.pack import Item, Pool
from sop.pack_actions import AskAction, DropAction
from sop.pack_steps import Step
from sop.text import fingerprint


def next_item(context: Context, group: Group, pool_id: str) -> Item | None:
    """Take the next item in season; None when the pool is used up.

    A pool with `scope: community` advances once per local day: every group gets that item.
    """
    taken = _taken(context, group, pool_id)
    if taken is None:
        return None
    use, item = taken
    context.store.put(use)
    return item


def lacking(context: Context, group: Group, step: Step) -> str:
    """Return the first pool the step needs and finds empty, before any of it has happened."""
    for action in step.do:
        found: tuple[str | None, ...] = ()
        if isinstance(action, DropAction):
            found = (action.pool, action.fallback)
        elif isinstance(action, AskAction):
            found = (action.ask.pool,)
        names = [name for name in found if name]
        if names and all(_taken(context, group, name) is None for name in names):
            return names[0]
    return ""


def _taken(context: Context, group: Group, pool_id: str) -> tuple[PoolUse, Item] | None:
    """Return the pool's use after the next item was taken, and that item."""
    pool = context.book.pack.library.get(pool_id)
    if pool is None:
        return None
    scope = group.id if pool.scope == "group" else ""
    day = localtime.local_date(context.now, context.book.zone).isoformat()
    use = context.store.get(PoolUse, context.community, scope, pool_id) or PoolUse(
        community=context.community, scope=scope, pool=pool_id
    )
    if not scope and use.day == day and use.used:
        todays = [item for item in pool.items if _mark(item) == use.used[-1]]
        if todays:
            return use, todays[0]
    item = _next(context, pool, use)
    if item is None and pool.repeat:
        use = replace(use, used=())
        item = _next(context, pool, use)
    if item is None:
        return None
    return replace(use, used=(*use.used, _mark(item)), day=day), item


def _next(context: Context, pool: Pool, use: PoolUse) -> Item | None:
    today = localtime.local_date(context.now, context.book.zone)
    free = (item for item in pool.items if _mark(item) not in use.used and item.in_season(today))
    return next(free, None)


def _mark(item: Item) -> str:
    """An item is known by what it says: a pool may be reordered and added to at any time."""
    return fingerprint(item.model_dump_json(exclude_defaults=True))
