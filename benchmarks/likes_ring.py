"""What a ring of people who like each other for points can gain, against honest members.

`python benchmarks/likes_ring.py` plays 30 days of a club and prints the table of the README. The
likes are judged by `sop.fair_play`, as in the program. Nobody looks at what is held for review,
so that it stays without effect: the table shows what rules alone do.

Honest members like what they see, eager ones more often than others; half of their likes go to
four friends, the others to whoever is popular. A ring knows the rules: each of its members gives
as many likes as weigh anything, and always those that weigh most. What it posts pleases nobody
else; of `camouflaged` rings, it pleases as much as anybody's, and they like each other in
whichever of the two ways brings more.
"""

import argparse
import math
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from random import Random
from statistics import mean
from typing import Final

from sop import fair_play
from sop.fair_play import Case
from sop.model import Like
from sop.pack_score import Likes

FIRST: Final = date(2027, 1, 1)
LIMITS: Final = Likes(per_day=20, pair_per_day=2, distinct_days=True)
RECEIVED, RECEIVED_CAP = 2, 20
GIVEN, GIVEN_CAP = 1, 3
"""Points and awards a day, as the reading club pays them."""

SEEDS: Final = 2
"""Honest members who are owner or staff."""

FRIENDS: Final = 4
SPREAD: Final = 0.8
"""Of eagerness and of popularity: sigma of their logarithm."""

WAYS: Final = ("mutual", "one-way")
"""All like all others; or each likes those that follow, and never anybody who liked them."""


@dataclass(slots=True)
class Club:
    """The likes of a club and what they have come to, day by day."""

    honest: int
    ring: int
    likes: dict[int, list[Like]] = field(default_factory=lambda: defaultdict(list))
    got: dict[int, list[Like]] = field(default_factory=lambda: defaultdict(list))
    vouched: set[int] = field(default_factory=lambda: set(range(SEEDS)))
    vouchers: dict[int, tuple[int, ...]] = field(default_factory=dict)
    sums: Counter[tuple[str, int]] = field(default_factory=Counter)
    awards: Counter[tuple[str, int]] = field(default_factory=Counter)
    paid: Counter[int] = field(default_factory=Counter)
    capped: Counter[tuple[str, int]] = field(default_factory=Counter)
    allowance: int = fair_play.LEAST
    held: int = 0
    tried: list[tuple[str, int, int]] = field(default_factory=list)

    @property
    def everybody(self) -> range:
        """All members; the ring comes last."""
        return range(self.honest + self.ring)

    def morning(self, day: str) -> None:
        """Forget what is out of the window, and reckon the community's measure."""
        first = fair_play.window_starts(day)
        for person in self.everybody:
            for kept in (self.likes, self.got):
                kept[person] = [each for each in kept[person] if each.day >= first]
        self.allowance = fair_play.allowance_for(len(self.likes[each]) for each in self.everybody)
        self.capped.clear()

    def judged(self, giver: int, author: int, day: str) -> fair_play.Verdict:
        """Return what the program would make of this like."""
        case = Case(
            giver=giver, author=author, day=day, given=self.likes[giver], got=self.got[giver],
            vouched=giver in self.vouched, allowance=self.allowance,
        )  # fmt: skip
        return fair_play.judge(case, LIMITS)

    def give(self, giver: int, author: int, day: str, *, number: int) -> None:
        """Give a like, for all it is worth."""
        verdict = self.judged(giver, author, day)
        self.tried.append((day, giver, author))
        if verdict.refused:
            return
        like = Like(
            community="", target=str(number), giver=giver, author=author, group="", at=0, day=day,
            status="held" if verdict.held else "counted", counts=verdict.counts,
            bears=verdict.bears, weight=verdict.weight,
        )  # fmt: skip
        self.likes[giver].append(like)
        self.got[author].append(like)
        self.held += verdict.held
        if not verdict.held:
            self._pay("received", author, like.weight, RECEIVED, RECEIVED_CAP)
            self._pay("given", giver, like.weight, GIVEN, GIVEN_CAP)
            self._vouch(giver, author)

    def _pay(self, what: str, person: int, weight: int, points: int, cap: int) -> None:
        self.sums[what, person] += weight
        due = fair_play.whole_awards(self.sums[what, person])
        while self.awards[what, person] < due:
            self.awards[what, person] += 1
            if self.capped[what, person] < cap:
                self.capped[what, person] += 1
                self.paid[person] += points

    def _vouch(self, giver: int, author: int) -> None:
        if giver in self.vouched and author not in self.vouched:
            known = self.vouchers.get(author, ())
            self.vouchers[author], enough = fair_play.vouch(known, giver, certain=giver < SEEDS)
            if enough:
                self.vouched.add(author)


@dataclass(frozen=True, slots=True, kw_only=True)
class Play:
    """A month to be played: `rate` is how many likes an honest member gives a day, on average."""

    ring: int
    way: str = "mutual"
    rate: float = 1.0
    camouflaged: bool = False
    honest: int = 60
    days: int = 30
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
    income = [club.paid[each] for each in club.everybody]
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
    for day in (FIRST + timedelta(days=count) for count in range(play.days)):
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
    reach = size if play.way == "mutual" else (size - 1) // 2 + 1
    others = [first + (giver - first + step) % size for step in range(1, reach)]
    for _ in range(LIMITS.per_day or 0):
        chance.shuffle(others)
        worth = {each: club.judged(giver, each, day) for each in others}
        best = max(others, key=lambda each: worth[each].weight)
        if not worth[best].weight or worth[best].held:
            return
        yield best


def averaged(play: Play, seeds: int) -> Gain:
    """Return the mean of several months that differ by chance alone."""
    gains = [played(replace(play, seed=seed)) for seed in range(1, seeds + 1)]
    return Gain(
        mean(each.honest for each in gains),
        mean(each.ring for each in gains),
        sum(each.held for each in gains),
    )


def rows(rates: Sequence[float], rings: Sequence[int], seeds: int) -> Iterator[str]:
    """Yield the lines of the table."""
    yield "| likes a day of an honest member | ring of | honest | mutual | one-way | camouflaged |"
    yield "|---|---|---|---|---|---|"
    for rate in rates:
        for ring in rings:
            alone, disguised = (
                [
                    averaged(Play(ring=ring, way=way, rate=rate, camouflaged=camouflaged), seeds)
                    for way in WAYS
                ]
                for camouflaged in (False, True)
            )
            gains = [*alone, max(disguised, key=lambda gain: gain.ratio)]
            cells = " | ".join(f"{gain.ring:.0f} ({gain.ratio:.0%})" for gain in gains)
            yield f"| {rate:g} | {ring} | {gains[0].honest:.0f} | {cells} |"


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description="what a ring of farmers gains by likes")
    parser.add_argument("--seeds", type=int, default=10, help="months played for each figure")
    options = parser.parse_args()
    for line in rows((0.3, 1, 3), (5, 10, 20), options.seeds):
        print(line)


if __name__ == "__main__":
    main()
