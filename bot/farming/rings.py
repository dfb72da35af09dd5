"""What a ring of people who like each other for points can gain, against honest members.

Clubs are played, and four weeks of each counted. Everybody is vouched for. Nobody looks at what
is held for review, so that it stays without effect: what rules alone do is shown.

A ring knows the rules: each of its members gives as many likes as weigh anything, to those whose
like brings most, in whichever of `WAYS` brings more. What it posts pleases nobody else, or as
much as anybody's. Then what others like of theirs is deserved: what the same people would have
without a ring is played, too. Each figure is of several clubs that differ by chance alone.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from datetime import date, timedelta
from random import Random
from statistics import mean, pstdev
from typing import Final

from bot.farming.clubs import GIVEN, RECEIVED, Club, Terms
from bot.farming.habits import WAYS, Habits, ring_likes
from sop.standing import fair_play
from sop.times.durations import Cap

FIRST: Final = date(2027, 1, 4)
"""A Monday, so that the weeks that are counted are whole ones."""

RINGS: Final = (5, 10, 20)
"""How many there are of a ring."""

FAIR: Final = 0.1
"""What one of a ring may have more than an honest member, by whose points it is measured."""

WEEKLY: Final = tuple(Cap(n=n, period="week") for n in (4, 2, 1))
"""Caps that keep rings down, from the one that costs others least."""

PATIENCE: Final = 63
"""Days for which patient ones were honest members."""

HONEST: Final = "honest"
"""They are no ring: the same people like as honest members do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Play:
    """A club to be played: `rate` is how many likes an honest member gives a day, on average.

    `posting`: what those of the ring post pleases as much as anybody's. What came in the first
    `lived` days is not counted: a club whose members know each other. Unless it is `settled`,
    only staff are vouched for in the beginning.
    """

    terms: Terms
    ring: int
    way: str = "all"
    rate: float = 1.0
    posting: bool = False
    close: bool = False
    settled: bool = True
    honest: int = 50
    days: int = fair_play.WINDOW
    lived: int = fair_play.WINDOW
    seed: int = 1


@dataclass(frozen=True, slots=True)
class Gain:
    """Mean points of likes in the month: of an honest member, of one of the ring.

    `full` is what the honest one would have had if every like had counted in full.
    """

    honest: float
    ring: float
    full: float
    held: int

    @property
    def more(self) -> float:
        """What one of the ring has more than an honest member, measured by that member's."""
        return self.ring / self.honest - 1 if self.honest else 0.0

    @property
    def cost(self) -> float:
        """The share of an honest member's points that the rules cost."""
        return 1 - self.honest / self.full if self.full else 0.0


def played(play: Play) -> Gain:
    """Play the month; the same play always gives the same."""
    club = month(play)
    income = [club.paid[each] - club.before[each] for each in club.everybody]
    since = (FIRST + timedelta(days=play.lived)).isoformat()
    full = Counter[bool]()
    for day, giver, author in club.tried:
        full[author < play.honest] += play.terms.full(RECEIVED) * (day >= since)
        full[giver < play.honest] += play.terms.full(GIVEN) * (day >= since)
    return Gain(
        mean(income[: play.honest]), mean(income[play.honest :]), full[True] / play.honest,
        club.held,
    )  # fmt: skip


def month(play: Play) -> Club:
    """Play the month; returns the club with what its likes have come to."""
    told = Random(f"honest {play.seed}")  # noqa: S311 - it must repeat itself
    chance = Random(f"ring {play.seed}")  # noqa: S311 - so must this
    habits = Habits(told, play.honest, play.ring, rate=play.rate, close=play.close)
    club = Club(play.honest, play.ring, play.terms)
    if play.settled:
        club.vouched.update(club.everybody)
    for count in range(play.lived + play.days):
        if count == play.lived:
            club.before = Counter(club.paid)
        _live(play, club, habits, count, (told, chance))
    return club


def _live(
    play: Play, club: Club, habits: Habits, count: int, chances: tuple[Random, Random]
) -> None:
    """Play a day; what honest members like does not depend on what the ring does."""
    told, chance = chances
    day = (FIRST + timedelta(days=count)).isoformat()
    club.morning(day)
    ring = range(play.honest, play.honest + play.ring)
    seen = club.everybody if play.posting else range(play.honest)
    likes = [*habits.likes(told, range(play.honest), seen)]
    way = WAYS.get(play.way)
    acts = way is not None and not (way.patient and count < play.lived)
    if not acts:
        likes.extend(habits.likes(chance, ring, seen))
    chance.shuffle(likes)
    for giver, author in likes:
        club.give(giver, author, day)
    if way is not None and acts:
        for giver in ring:
            for author in ring_likes(way, club, giver, (count, day), chance):
                club.give(giver, author, day)


@dataclass(frozen=True, slots=True)
class Spread:
    """What one of a ring has more than an honest member, in several clubs."""

    way: str
    more: Sequence[float]

    @property
    def average(self) -> float:
        """The mean of them."""
        return mean(self.more)

    def __str__(self) -> str:
        """Tell the mean, how far they are apart, and the worst."""
        return f"{self.average:+.0%} ±{pstdev(self.more):.0%}, {max(self.more):+.0%} ({self.way})"


@dataclass(frozen=True, slots=True)
class Row:
    """What rings gain in a club: for themselves alone, posting well at once, and after patience.

    `alike` are the same people when they are no ring.
    """

    honest: float
    cost: float
    alone: Spread
    posting: Spread
    patient: Spread
    alike: Spread

    @property
    def most(self) -> float:
        """What one of a ring has more, on average, whichever way it goes about it."""
        return max(each.average for each in (self.alone, self.posting, self.patient))


def variants(play: Play) -> Iterator[Play]:
    """Yield the play in all ways."""
    yield replace(play, way=HONEST, posting=True)
    for name, way in WAYS.items():
        if way.patient:
            yield replace(play, way=name, posting=True, lived=PATIENCE)
        else:
            yield replace(play, way=name)
            yield replace(play, way=name, posting=True)


def rows(plays: Sequence[Play], seeds: int) -> list[Row]:
    """Play each of them in all ways and several clubs, on all cores."""
    each = [[*variants(play)] for play in plays]
    all_ = [
        replace(way, seed=seed) for ways in each for way in ways for seed in range(1, seeds + 1)
    ]
    with ProcessPoolExecutor() as cores:
        gains = iter([*cores.map(played, all_, chunksize=4)])
    return [_row({way: [next(gains) for _ in range(seeds)] for way in ways}) for ways in each]


def _row(found: dict[Play, list[Gain]]) -> Row:
    spreads = {play: Spread(play.way, [gain.more for gain in own]) for play, own in found.items()}
    none = next(play for play in found if play.way == HONEST)
    patient = {play for play in found if play.lived == PATIENCE}
    return Row(
        honest=mean(gain.honest for gain in found[none]),
        cost=mean(gain.cost for gain in found[none]),
        alone=_best(own for play, own in spreads.items() if not play.posting),
        posting=_best(
            own
            for play, own in spreads.items()
            if play.posting and play != none and play not in patient
        ),
        patient=_best(spreads[play] for play in patient),
        alike=spreads[none],
    )


def _best(found: Iterable[Spread]) -> Spread:
    return max(found, key=lambda each: each.average)
