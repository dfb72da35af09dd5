"""Communities that are bound no longer: their groups are retired, nothing of theirs is due.

A group that leaves a community that stays is the pack's enforcement's; here no pack is left.
"""

from collections.abc import Collection
from dataclasses import replace

from handlers.ports import Store
from sop.model import Group, Occurrence


def retire_unbound(store: Store, bound: Collection[str]) -> None:
    """Retire what belongs to no community of `bound`; binding it again revives it."""
    left = [each for each in store.find(Group, retired=False) if each.community not in bound]
    for group in left:
        store.put(replace(group, retired=True, threads=()))
    for community in {group.community for group in left}:
        for row in store.find(Occurrence, community=community, status="pending"):
            store.put(replace(row, status="dropped"))
