"""Likes of two who are found to be one: nobody likes anything twice, or themselves."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from typing import Any, Final

from handlers.identity.identity_rows import Move, restored
from sop.model import Like

COUNTS_FIRST: Final = ("counted", "held")
"""Status of likes that were not taken back, the one first that counts."""


def likelier(own: Like, other: Like) -> Like:
    """Keep, of two likes for one thing, the one that counts, then one that waits."""

    def rank(like: Like) -> tuple[int, int]:
        found = like.status in COUNTS_FIRST
        return COUNTS_FIRST.index(like.status) if found else len(COUNTS_FIRST), like.at

    return min(own, other, key=rank)


def take_own_likes(move: Move) -> list[dict[str, Any]]:
    """Nobody likes themselves: between two who are one they count towards nothing any more.

    What they had brought stays booked; those that wait are never paid.
    """
    found = move.store.find(
        Like, community=move.community, giver=move.into, author=move.into,
        status__in=COUNTS_FIRST,
    )  # fmt: skip
    for each in found:
        status = "refused" if each.status == "held" else each.status
        move.store.put(replace(each, status=status, counts=False))
    return [asdict(each) for each in found]


def give_own_likes_back(move: Move, told: Sequence[Mapping[str, Any]]) -> None:
    """Let the likes between two count as they did, unless they were taken back since."""
    for each in told:
        before = restored(Like, each)
        now = move.store.get(Like, *before.key)
        if now is not None and now.status != "withdrawn":
            move.store.put(before)
