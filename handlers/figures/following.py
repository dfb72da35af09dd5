"""Who has come to follow a leader: a step of their own, or coming back to what a leader gives.

Who is in a leader's circle, came by a leader's invitation or took part in what a leader opened
follows; who likes or comments does from the second thing of the same leader on: one like may be
in passing.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator
from typing import Final

from handlers.leaders import leader_figures
from handlers.ports import Context
from sop.model import CircleMember, Invitation

TWICE: Final = 2
"""Things of one leader that somebody liked or commented from which they follow them."""


class Following:
    """Gathers who follows one of the `leaders` in some groups."""

    def __init__(self, leaders: Collection[int]) -> None:
        self._leaders = leaders
        self._answered: defaultdict[tuple[str, int, int], set[str]] = defaultdict(set)

    def answered(self, group: str, who: int, whom: int, thing: str) -> None:
        """Note that somebody liked or commented a thing that somebody gave."""
        if whom in self._leaders and who != whom:
            self._answered[group, who, whom].add(thing)

    def found(self, context: Context, since: int) -> Iterator[tuple[str, int]]:
        """Yield (group, person) of whoever follows a leader, by what was done since then."""
        for (group, who, _), things in self._answered.items():
            if len(things) >= TWICE:
                yield group, who
        where = {"community": context.community}
        yield from context.store.rows(CircleMember, ("group", "person"), left_at=0, **where)
        brought = ("group", "guest", "inviter")
        for group, guest, inviter in context.store.rows(
            Invitation, brought, status="counted", **where
        ):
            if inviter in self._leaders:
                yield group, guest
        yield from leader_figures.led_to(context, since)
