"""Content libraries: the next item of a pool, none twice before all were used."""

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from handlers.ports import Context
from sop.model import Group, PoolUse
from sop.pack.pack import Item, Pool
from sop.pack.pack_actions import AskAction, DropAction, GameAction
from sop.pack.pack_steps import Step
from sop.pools import game_pools
from sop.times import localtime


@dataclass(frozen=True, slots=True)
class Need:
    """What an action takes from the library: the first pool that has something (with the tag).

    A fallback none of whose items has the tag stands in with whatever it holds.
    """

    pools: tuple[str, ...]
    tag: str = ""

    def tag_in(self, name: str, pool: Pool) -> str:
        """Return which tag an item of one of the pools must have; empty for any item."""
        stands_in = name != self.pools[0] and not any(self.tag in item.tags for item in pool.items)
        return "" if stands_in else self.tag


def needs(step: Step) -> Iterator[Need]:
    """Yield what the step's actions take from the library, in order."""
    for action in step.do:
        if isinstance(action, DropAction):
            yield need_of(action)
        elif isinstance(action, AskAction) and action.ask.pool:
            yield Need((str(action.ask.pool),))
        elif isinstance(action, GameAction) and action.game in game_pools.NAMES:
            yield Need((game_pools.of(action),))


def need_of(action: DropAction) -> Need:
    """Return what a drop takes from the library."""
    names = tuple(str(name) for name in (action.pool, action.fallback) if name)
    return Need(names, str(action.tag or ""))


def take(context: Context, group: Group, need: Need) -> Item | None:
    """Take the next item in season; None when all the pools are used up.

    A pool with `scope: community` advances once per local day: every group gets that item.
    """
    found = _first(context, group, need)
    if found is None:
        return None
    use, item = found
    context.store.put(use)
    return item


def draw(
    context: Context, group: Group, pool_id: str, wanted: Callable[[Item], bool]
) -> Item | None:
    """Take the next item in season that is wanted, several a day; None when there is none left."""
    pool = _pool(context, pool_id)
    if pool is None:
        return None
    today = localtime.local_date(context.now, context.book.zone)
    use = use_of(context, group, pool_id)
    free = [pair for pair in zip(pool.marks, pool.items, strict=True) if wanted(pair[1])]
    found = _unused(free, use.used, today)
    if found is None and pool.repeat:
        use = replace(use, used=())
        found = _unused(free, (), today)
    if found is None:
        return None
    mark, item = found
    taken = use.taken + 1 if use.day == today.isoformat() else 1
    context.store.put(replace(use, used=(*use.used, mark), day=today.isoformat(), taken=taken))
    return item


def _unused(
    free: Sequence[tuple[str, Item]], used: Collection[str], today: date
) -> tuple[str, Item] | None:
    known = frozenset(used)
    return next((pair for pair in free if pair[0] not in known and pair[1].in_season(today)), None)


def is_empty(context: Context, group: Group, need: Need) -> bool:
    """Tell whether nothing could be taken now."""
    return _first(context, group, need) is None


def scope_of(context: Context, group: Group, pool_id: str) -> str:
    """Return for whom a pool advances: the group, or (empty) the whole community."""
    pool = _pool(context, pool_id)
    return "" if pool is not None and pool.scope == "community" else group.id


def emptiness(context: Context, group: Group, pool_id: str) -> str:
    """Return what a task is about that asks for content because there is none left."""
    return f"pool:{scope_of(context, group, pool_id)}:{pool_id}"


def scarcity(context: Context, group: Group, pool_id: str) -> str:
    """Return what a task is about that asks for content because there will soon be none left."""
    return f"low:{scope_of(context, group, pool_id)}:{pool_id}"


def use_of(context: Context, group: Group, pool_id: str) -> PoolUse:
    """Return how far a pool is used, as it concerns the group."""
    scope = scope_of(context, group, pool_id)
    return context.store.get(PoolUse, context.community, scope, pool_id) or PoolUse(
        community=context.community, scope=scope, pool=pool_id
    )


def left(context: Context, group: Group, need: Need, until: date) -> int | None:
    """Return how many items can still be taken up to that day; None: without end."""
    today = localtime.local_date(context.now, context.book.zone)
    count = 0
    for name in need.pools:
        pool = _pool(context, name)
        if pool is None:
            continue
        if pool.repeat and pool.items:
            return None
        used = frozenset(use_of(context, group, name).used)
        tag = need.tag_in(name, pool)
        count += sum(
            1
            for item, mark in zip(pool.items, pool.marks, strict=True)
            if mark not in used
            and _is_tagged(item, tag)
            and not (item.until and item.until < today)
            and not (item.from_ and item.from_ > until)
        )
    return count


def _pool(context: Context, pool_id: str) -> Pool | None:
    """Return the pack's pool, else the one of that name that comes with the program."""
    return context.book.pack.library.get(pool_id) or game_pools.packaged(pool_id)


def _first(context: Context, group: Group, need: Need) -> tuple[PoolUse, Item] | None:
    for name in need.pools:
        found = _taken(context, group, name, need)
        if found is not None:
            return found
    return None


def _taken(
    context: Context, group: Group, pool_id: str, need: Need
) -> tuple[PoolUse, Item] | None:
    """Return the pool's use after the next item was taken, and that item."""
    pool = _pool(context, pool_id)
    if pool is None:
        return None
    tag = need.tag_in(pool_id, pool)
    today = localtime.local_date(context.now, context.book.zone)
    use = use_of(context, group, pool_id)
    if use.day != today.isoformat():
        use = replace(use, day=today.isoformat(), taken=0)
    if not use.scope:
        shared = _of_today(pool, use, tag)
        if shared is not None:
            return use, shared
    found = _next(pool, use, today, tag)
    if found is None and pool.repeat:
        use = replace(use, used=_without_tagged(pool, use, tag))
        found = _next(pool, use, today, tag)
    if found is None:
        return None
    mark, item = found
    return replace(use, used=(*use.used, mark), taken=use.taken + 1), item


def _of_today(pool: Pool, use: PoolUse, tag: str) -> Item | None:
    """Return the item that the whole community has on this day."""
    todays = use.used[len(use.used) - use.taken :]
    for item, mark in zip(pool.items, pool.marks, strict=True):
        if mark in todays and _is_tagged(item, tag):
            return item
    return None


def _next(pool: Pool, use: PoolUse, today: date, tag: str) -> tuple[str, Item] | None:
    used = frozenset(use.used)
    for item, mark in zip(pool.items, pool.marks, strict=True):
        if mark not in used and item.in_season(today) and _is_tagged(item, tag):
            return mark, item
    return None


def _without_tagged(pool: Pool, use: PoolUse, tag: str) -> tuple[str, ...]:
    """Begin anew: with a tag, only what carries it may come again."""
    if not tag:
        return ()
    again = {
        mark for item, mark in zip(pool.items, pool.marks, strict=True) if _is_tagged(item, tag)
    }
    return tuple(mark for mark in use.used if mark not in again)


def _is_tagged(item: Item, tag: str) -> bool:
    return not tag or tag in item.tags
