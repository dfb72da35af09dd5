"""Whom the people of a played club like: honest members, and rings, however they go about it.

Honest members like what they see, eager ones more often than others: half of their likes go to
four friends, the others to whoever is popular. In a `close` club nine of ten go to a circle of
five friends who like each other.
"""

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from random import Random
from typing import Final

from bot.farming.clubs import Club

FRIENDS: Final = 4

KNOWN: Final = 0.5
CLOSE: Final = 0.9
"""The share of an honest member's likes that goes to friends; in a close club."""

SPREAD: Final = 0.8
"""Of eagerness and of popularity: sigma of their logarithm."""

TIRELESS: Final = 20
"""Likes a day that one of a ring gives where the pack has no limit: more never weigh anything."""

SEEN_AT_ONCE: Final = 25
"""Among how many of their own those of a ring choose whom to like next."""


class Habits:
    """How eager and how popular each is, and who their friends are; the same for a seed."""

    def __init__(
        self, chance: Random, honest: int, ring: int, *, rate: float, close: bool
    ) -> None:
        """Draw them for a club of `honest` members, and a ring that comes last."""
        everybody = range(honest + ring)
        self.eager = [_skewed(chance) * rate for _ in everybody]
        self.popular = [_skewed(chance) for _ in everybody]
        self.known = CLOSE if close else KNOWN
        self.friends = [
            _circle(each, honest)
            if close and each < honest
            else chance.sample([other for other in range(honest) if other != each], FRIENDS)
            for each in everybody
        ]

    def likes(self, chance: Random, givers: range, seen: range) -> Iterator[tuple[int, int]]:
        """Yield what the givers like in a day of those whose posts are seen by all."""
        weights = self.popular[: len(seen)]
        for giver in givers:
            for _ in range(_often(chance, self.eager[giver])):
                known = chance.random() < self.known
                friend = chance.choice(self.friends[giver])
                yield giver, friend if known else chance.choices(seen, weights)[0]


def _skewed(chance: Random) -> float:
    return chance.lognormvariate(-SPREAD * SPREAD / 2, SPREAD)


def _circle(person: int, honest: int) -> list[int]:
    first = min(person // (FRIENDS + 1) * (FRIENDS + 1), honest - FRIENDS - 1)
    return [other for other in range(first, first + FRIENDS + 1) if other != person]


def _often(chance: Random, average: float) -> int:
    limit, product, times = math.exp(-average), chance.random(), 0
    while product > limit:
        product *= chance.random()
        times += 1
    return times


@dataclass(frozen=True, slots=True)
class Way:
    """How a ring goes about it.

    `mates` are those whom one at a place of a ring of a size likes on a day; `a_day`: at most so
    many, 0: as many as may be; `outside`: every so-manieth like goes to an honest member, so that
    they are no clique; `patient`: until the month that is counted they were honest members.
    """

    mates: Callable[[int, int, int], Sequence[int]]
    a_day: int = 0
    outside: int = 0
    patient: bool = False


def _all(place: int, size: int, day: int) -> Sequence[int]:
    del day
    return [other for other in range(size) if other != place]


def _in_turn(place: int, size: int, day: int) -> Sequence[int]:
    return [(place + 1 + day % (size - 1)) % size]


def _onward(place: int, size: int, day: int) -> Sequence[int]:
    """Those that follow: nobody likes back who liked them."""
    del day
    return [(place + step) % size for step in range(1, (size - 1) // 2 + 1)]


def _crosswise(place: int, size: int, day: int) -> Sequence[int]:
    """Two rings: each likes only those of the other."""
    del day
    half = size // 2
    return [other for other in range(size) if (other < half) != (place < half)]


WAYS: Final[Mapping[str, Way]] = {
    "all": Way(_all),
    "in turn": Way(_in_turn, a_day=1),
    "onward": Way(_onward),
    "crosswise": Way(_crosswise),
    "mixed": Way(_all, outside=2),
    "patient": Way(_all, patient=True),
    "patient, mixed": Way(_all, outside=2, patient=True),
}


def ring_likes(
    way: Way, club: Club, giver: int, day: tuple[int, str], chance: Random
) -> Iterator[int]:
    """Yield whom one of the ring likes now: always whose like brings most, while any does."""
    first, size = club.honest, club.ring
    mates = [first + place for place in way.mates(giver - first, size, day[0])]
    for turn in range(way.a_day or club.terms.limits.per_day or TIRELESS):
        outside = way.outside and (turn + giver + day[0]) % way.outside == 0
        seen = range(first) if outside else mates
        some = chance.sample(seen, min(SEEN_AT_ONCE, len(seen)))
        worth = {each: club.worth(giver, each, day[1]) for each in some}
        best = max(worth, key=lambda each: worth[each])
        if not worth[best]:
            return
        yield best
