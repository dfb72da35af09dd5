"""The community's measure of likes: reckoned anew with the first like of a local day."""

from collections import Counter
from typing import Final

from handlers.ports import Context
from sop.model import Like, LikeNorm, Voice
from sop.standing import cliques, fair_play
from sop.times.durations import DAY_MS

ASKED: Final = 1_000
"""Givers, the latest first, among whom the middle one is looked for."""

LOOKED_AT: Final = 8_000
"""Likes, the latest first, by which cliques are told: they take a twentieth of a second."""


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
        cliques=_cliques(context, day),
    )
    context.store.put(measure)
    return measure


def _cliques(context: Context, day: str) -> dict[str, int]:
    """Return the clique of each by the likes that weigh anything: others cost their giver none."""
    first = fair_play.window_starts(day)
    found = context.store.find(
        Like, community=context.community, order="-at", limit=LOOKED_AT,
        at__gt=context.now - (fair_play.WINDOW + 1) * DAY_MS,
    )  # fmt: skip
    ties = Counter(
        (each.giver, each.author)
        for each in found
        if each.bears and each.day >= first and each.status in fair_play.STANDING
    )
    return {str(person): clique for person, clique in cliques.cliques(ties).items()}


def mates(measure: LikeNorm, person: int) -> list[int]:
    """Return the others of a person's clique."""
    own = measure.cliques.get(str(person))
    return [
        int(number)
        for number, clique in measure.cliques.items()
        if clique == own and number != str(person)
    ]
