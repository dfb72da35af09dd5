"""Leaders, decided: what a tier asks, what a review makes of it, who is elected, what they may.

Pure functions. Nobody is warned or lowered on what cannot be known: a figure that may be low only
for want of hearing is unknown, and so is the pace of answers where there were none.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from sop.fields.comparison import Comparison
from sop.fields.pack_types import Rate
from sop.pack.pack_people import Keep, Leaders, Tier
from sop.times.durations import DAY_MS

WINDOW_MS: Final = 30 * DAY_MS
"""What a review counts: the last 30 days, for a month has not always as many."""

FADING: Final = frozenset({"score"})
"""Figures that may be low only because not everything is heard."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Measures:
    """What a leader has shown in the window, by the names of `Keep`; None: nobody can know.

    `answer_time` is the median in ms, `circle_retention` a fraction of one. `heard`: every
    message of their group reaches us.
    """

    score: int = 0
    posts: int = 0
    answers: int = 0
    answer_time: int | None = None
    circle_retention: float | None = None
    claims: int = 0
    heard: bool = True


@dataclass(frozen=True, slots=True)
class Figure:
    """One thing a tier asks: what was found, what is wanted, and whether that holds."""

    name: str
    found: float | None
    wanted: Comparison
    holds: bool | None


@dataclass(frozen=True, slots=True)
class Held:
    """Whether a tier is kept (None: unknown), with every figure it asks."""

    holds: bool | None
    figures: tuple[Figure, ...] = ()

    @property
    def short(self) -> tuple[Figure, ...]:
        """The figures that do not hold."""
        return tuple(each for each in self.figures if each.holds is False)


def held(keep: Keep, measures: Measures) -> Held:
    """Decide whether the measures keep a tier; one figure that fails settles it."""
    asked = ((name, getattr(keep, name)) for name in Keep.model_fields)
    figures = tuple(_figure(name, test, measures) for name, test in asked if test is not None)
    rulings = [each.holds for each in figures]
    if False in rulings:
        return Held(False, figures)
    return Held(None if None in rulings else True, figures)


def _figure(name: str, wanted: Comparison, measures: Measures) -> Figure:
    found: float | None = getattr(measures, name)
    if found is None:
        return Figure(name, None, wanted, None)
    holds = wanted.holds(found)
    unsure = not holds and name in FADING and not measures.heard
    return Figure(name, found, wanted, None if unsure else holds)


Verdict = Literal["kept", "up", "warned", "down", "ended", "unknown"]


@dataclass(frozen=True, slots=True)
class Judgement:
    """What a review decides: `tier` is the one afterwards, empty where they lead no more."""

    verdict: Verdict
    tier: str
    held: Held


def judged(tiers: Sequence[Tier], tier: str, failed: int, measures: Measures) -> Judgement:
    """Review one leader: the first failed review in a row warns, the second lowers one tier.

    Below the first tier is none. Who keeps their tier and the next one's demands rises by one.
    """
    place = place_of(tiers, tier)
    own = held(tiers[place].keep, measures)
    if own.holds is None:
        return Judgement("unknown", tier, own)
    if own.holds:
        rises = place + 1 < len(tiers) and held(tiers[place + 1].keep, measures).holds
        return Judgement("up", tiers[place + 1].id, own) if rises else Judgement("kept", tier, own)
    if not failed:
        return Judgement("warned", tier, own)
    return Judgement("down", tiers[place - 1].id, own) if place else Judgement("ended", "", own)


def place_of(tiers: Sequence[Tier], tier: str) -> int:
    """Return how high a tier is, from 0; one the pack does not have any more is the lowest."""
    return next((place for place, each in enumerate(tiers) if each.id == tier), 0)


def reached(leaders: Leaders, tier: str) -> tuple[Tier, ...]:
    """Return the tier and all below it: what these bring stays with who has risen."""
    return leaders.tiers[: place_of(leaders.tiers, tier) + 1]


def rights(leaders: Leaders, tier: str | None) -> Mapping[str, Rate]:
    """Return how often a leader may open what: the higher tier decides; None is probation."""
    found = dict(leaders.may)
    for each in reached(leaders, tier) if tier is not None else ():
        found.update(each.may)
    return found


def duties(leaders: Leaders, tier: str) -> Mapping[str, Rate]:
    """Return what a leader of the tier owes: the pack's duties, and those of their own tier."""
    own = leaders.tiers[place_of(leaders.tiers, tier)].duties if leaders.tiers else {}
    return {**leaders.duties, **own}


def elected(ayes: int, ballots: int, *, quorum: int, pass_: float) -> bool:
    """Tell whether so many ayes are enough: `quorum` counts ballots, `pass_` the share of ayes."""
    return ballots >= max(quorum, 1) and ayes / ballots >= pass_
