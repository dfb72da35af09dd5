"""The community's measure of likes: reckoned anew with the first like of a local day."""

from typing import Final

from handlers.ports import Context
from sop import fair_play
from sop.durations import DAY_MS
from sop.model import LikeNorm, Voice

ASKED: Final = 1_000
"""Givers, the latest first, among whom the middle one is looked for."""


def norm(context: Context, day: str) -> LikeNorm:
    """Return how many likes count in points for each, and whether somebody has to vouch."""
    known = context.store.get(LikeNorm, context.community)
    if known is not None and known.day == day:
        return known
    since = known.since if known is not None else day
    voices = context.store.find(
        Voice, community=context.community, order="-last_at", limit=ASKED,
        last_at__gt=context.now - fair_play.WINDOW * DAY_MS,
    )  # fmt: skip
    vouched = sum(1 for each in voices if each.vouched)
    measure = LikeNorm(
        community=context.community,
        day=day,
        since=since,
        allowance=fair_play.allowance_for(
            fair_play.given_within(each.recent, day) for each in voices
        ),
        vouching=fair_play.vouching_holds(since, day, vouched),
    )
    context.store.put(measure)
    return measure
