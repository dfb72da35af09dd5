"""What a ring of people who like each other for points can gain, against honest members.

`python benchmarks/likes_ring.py` plays two months of a club, counts the second and prints the
table of the README. The likes are judged by `sop.standing.fair_play`, as in the program. Nobody
looks at what is held for review, so that it stays without effect: the table shows what
rules alone do.

Honest members like what they see, eager ones more often than others; half of their likes go to
four friends, the others to whoever is popular. A ring knows the rules: each of its members gives
as many likes as weigh anything, and always those that weigh most. What it posts pleases nobody
else; of `camouflaged` rings, it pleases as much as anybody's, and they like each other in
whichever of the `WAYS` brings more. What others like of theirs is deserved: what the ring brings
them is what they have more than if they had spread as many likes over everybody.
"""

import argparse
import math
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from random import Random
from statistics import mean
from typing import Final

from benchmarks.likes_club import LIMITS, Club
from sop.standing import fair_play

FIRST: Final = date(2027, 1, 1)
FRIENDS: Final = 4
SPREAD: Final = 0.8
"""Of eagerness and of popularity: sigma of their logarithm."""

WAYS: Final = ("mutual", "one-way", "open")
"""All like all others; or each likes those that follow, and never anybody who liked them; or
all like all, and every third like goes to an honest member, so that they are no clique."""

SPREAD_OUT: Final = "spread-out"
"""They are no ring: each gives as many likes, to those of all whose like weighs most."""

SEEN_AT_ONCE: Final = 25
"""Among how many of all they choose then."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Play:
    """Days to be played: `rate` is how many likes an honest member gives a day, on average.

    What came in the first `lived` of them is not counted: a club whose members know each other.
    """

    ring: int
    way: str = "mutual"
    rate: float = 1.0
    camouflaged: bool = False
    honest: int = 60
    days: int = 30
    lived: int = 0
    seed: int = 1


@dataclass(frozen=True, slots=True)
class Gain:
    """Mean points of likes in the month: of an honest member, of one of the ring."""

    honest: float
    ring: float
    held: int

    @property
    def ratio(self) -> float:
        """What one of the ring gains, measured by an honest member."""
        return self.ring / self.honest


def played(play: Play) -> Gain:
    """Play the month; the same play always gives the same."""
    club = month(play)
    income = [club.paid[each] - club.before[each] for each in club.everybody]
    return Gain(mean(income[: play.honest]), mean(income[play.honest :]), club.held)


def month(play: Play) -> Club:
    """Play the month; returns the club with what its likes have come to."""
    chance = Random(play.seed)
    club = Club(play.honest, play.ring)
    eager = [_skewed(chance) * play.rate for _ in range(play.honest)]
    popular = [_skewed(chance) for _ in club.everybody]
    friends = {
        each: chance.sample([other for other in range(play.honest) if other != each], FRIENDS)
        for each in range(play.honest)
    }
    number = 0
    for day in (FIRST + timedelta(days=count) for count in range(play.lived + play.days)):
        if day == FIRST + timedelta(days=play.lived):
            club.before = Counter(club.paid)
        club.morning(day.isoformat())
        likes = list(_of_honest(play, chance, eager, popular, friends))
        chance.shuffle(likes)
        for giver, author in likes:
            club.give(giver, author, day.isoformat(), number=(number := number + 1))
        for giver in range(play.honest, play.honest + play.ring):
            for author in _of_ring(play, club, giver, day.isoformat(), chance):
                club.give(giver, author, day.isoformat(), number=(number := number + 1))
    return club


def _skewed(chance: Random) -> float:
    return chance.lognormvariate(-SPREAD * SPREAD / 2, SPREAD)


def _of_honest(
    play: Play,
    chance: Random,
    eager: Sequence[float],
    popular: Sequence[float],
    friends: dict[int, list[int]],
) -> Iterator[tuple[int, int]]:
    seen = range(play.honest + (play.ring if play.camouflaged else 0))
    weights = popular[: len(seen)]
    for giver in range(play.honest):
        for _ in range(_often(chance, eager[giver])):
            known = chance.random() < 1 / 2
            yield (
                giver,
                chance.choice(friends[giver]) if known else chance.choices(seen, weights)[0],
            )


def _often(chance: Random, average: float) -> int:
    limit, product, times = math.exp(-average), chance.random(), 0
    while product > limit:
        product *= chance.random()
        times += 1
    return times


def _of_ring(play: Play, club: Club, giver: int, day: str, chance: Random) -> Iterator[int]:
    """Yield whom one of the ring likes now: always whose like weighs most, while any does."""
    first, size = play.honest, play.ring
    reach = (size - 1) // 2 + 1 if play.way == "one-way" else size
    others = [first + (giver - first + step) % size for step in range(1, reach)]
    if play.way == SPREAD_OUT:
        others = [each for each in club.everybody if each != giver]
    for turn in range(LIMITS.per_day or 0):
        chance.shuffle(others)
        worth = {each: club.judged(giver, each, day) for each in others[:SEEN_AT_ONCE]}
        best = max(worth, key=lambda each: worth[each].weight)
        if not worth[best].weight or worth[best].held:
            return
        outside = play.way == "open" and (turn + giver + int(day[-2:])) % 3 == 0
        yield chance.randrange(first) if outside else best


def averaged(play: Play, seeds: int) -> Gain:
    """Return the mean of several months that differ by chance alone."""
    gains = [played(replace(play, seed=seed)) for seed in range(1, seeds + 1)]
    return Gain(
        mean(each.honest for each in gains),
        mean(each.ring for each in gains),
        sum(each.held for each in gains),
    )


@dataclass(frozen=True, slots=True)
class Disguised:
    """What one of a camouflaged ring gains in the way that brings most, and spread out."""

    ring: float
    spread: Gain

    @property
    def brought(self) -> float:
        """What the ring brings, measured by what an honest member gains where there is none."""
        return (self.ring - self.spread.ring) / self.spread.honest


def disguised(play: Play, seeds: int) -> Disguised:
    """Play a camouflaged ring in all ways, and the same people when they are none."""
    hidden = replace(play, camouflaged=True)
    best = max(averaged(replace(hidden, way=way), seeds).ring for way in WAYS)
    return Disguised(best, averaged(replace(hidden, way=SPREAD_OUT), seeds))


def rows(rates: Sequence[float], rings: Sequence[int], seeds: int) -> Iterator[str]:
    """Yield the lines of the table."""
    yield (
        "| likes a day of an honest member | ring of | honest | mutual | one-way | camouflaged "
        "| the same, spread out | the ring brings |"
    )
    yield "|---|---|---|---|---|---|---|---|"
    for rate in rates:
        for ring in rings:
            play = Play(ring=ring, rate=rate, lived=fair_play.WINDOW)
            alone = [averaged(replace(play, way=way), seeds) for way in WAYS[:2]]
            found = disguised(play, seeds)
            cells = " | ".join(f"{gain.ring:.0f} ({gain.ratio:.0%})" for gain in alone)
            yield (
                f"| {rate:g} | {ring} | {found.spread.honest:.0f} | {cells} | {found.ring:.0f} "
                f"| {found.spread.ring:.0f} | {found.brought:+.0%} |"
            )


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description="what a ring of farmers gains by likes")
    parser.add_argument("--seeds", type=int, default=4, help="months played for each figure")
    options = parser.parse_args()
    for line in rows((0.3, 1, 3), (5, 10, 20), options.seeds):
        print(line)


if __name__ == "__main__":
    main()
