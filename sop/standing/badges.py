"""Badges: which deeds can earn one, and what a badge opens."""

from collections.abc import Iterable, Iterator
from typing import Final

from sop.pack.pack_conditions import Conditions
from sop.pack.pack_people import Badge

NIGHTLY: Final = frozenset({"message"})
"""Deeds so frequent that badges for them are looked at once a night."""


def watched(badge: Badge) -> frozenset[str]:
    """Return the deeds after which the badge may be earned at once."""
    return frozenset(_deeds(badge.if_)) - NIGHTLY


def _deeds(conditions: Conditions) -> Iterator[str]:
    yield from map(str, conditions.deeds)
    for each in conditions.any:
        yield from _deeds(each)


def with_standing(badge: Badge) -> bool:
    """Tell whether reaching a level may earn the badge."""
    return any(each.level or each.score for each in _alternatives(badge.if_))


def _alternatives(conditions: Conditions) -> Iterator[Conditions]:
    yield conditions
    for each in conditions.any:
        yield from _alternatives(each)


def bringing(badges: Iterable[Badge], benefit: str) -> tuple[Badge, ...]:
    """Return the badges that bring a benefit: it is kept for who holds one of them."""
    return tuple(badge for badge in badges if benefit in badge.brings)
