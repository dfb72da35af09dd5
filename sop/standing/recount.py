"""What deeds would have brought by another pack: the same arithmetic, replayed in order of time.

Only deeds that the pack pays or charges are counted anew; what people gave by hand, prizes and
redemptions stay as they are. Whoever pays today is taken to have paid all the time.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Final
from zoneinfo import ZoneInfo

from sop.model import Person
from sop.pack.pack_score import Earn, Score
from sop.standing import standing
from sop.text import normalise

DEED: Final = "recompute"
"""The deed under which a difference is booked; its source names the deed it is about."""

KEPT_AS_IT_IS: Final = frozenset(
    {"award", "redeem", "win", "reversal", "invite", "spread", "like-given", "like-received", DEED}
)
"""Deeds that are not counted anew: given by hand, prizes, what was spent, and what the deeds of
others or fair play decided."""

ANYTHING: Final[Mapping[str, int]] = {"min_chars": 0, "distinct": 0}
"""What is not asked of a deed that was paid, and whose text is no longer kept."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Deed:
    """Something done at an instant, and what it was booked with; `said` None: nobody knows it."""

    name: str
    at: int
    points: int = 0
    standing: int = 0
    said: str | None = None


@dataclass(frozen=True, slots=True)
class Sum:
    """Points to spend, standing as it weighs now, and how many awards that is."""

    points: int = 0
    standing: int = 0
    awards: int = 0


def begun(person: Person, earlier: Iterable[Deed], score: Score, zone: ZoneInfo) -> Person:
    """Return the person as they were when the deeds to recount begin: caps, once, and texts."""
    found = replace(person, tallies={}, lifetime=(), recent=(), muted_until=0)
    for deed in sorted(earlier, key=lambda each: each.at):
        normal = normalise(deed.said) if deed.said else ""
        found = _counted(found, deed, score, zone, normal)
    return found


def replayed(
    person: Person, deeds: Iterable[Deed], score: Score, zone: ZoneInfo, now: int
) -> dict[str, Sum]:
    """Return what each deed's sum would be. `person` is as `begun` gives it."""
    sums: dict[str, Sum] = {}
    weighed: Counter[str] = Counter()
    parts: dict[str, list[standing.Booked]] = {}
    for number, deed in enumerate(sorted(deeds, key=lambda each: each.at), start=1):
        normal = normalise(deed.said) if deed.said else ""
        points, stood = _paid(person, deed, score, zone, normal)
        if not (points or stood):
            continue
        person = _counted(person, deed, score, zone, normal)
        weighed[deed.name] += 1
        known = sums.get(deed.name, Sum())
        sums[deed.name] = Sum(known.points + points, 0, weighed[deed.name])
        parts.setdefault(deed.name, []).append((stood, deed.at, number, 0))
    return {
        name: replace(found, standing=standing.score_at(parts[name], now, score))
        for name, found in sums.items()
    }


def booked(deeds: Iterable[Deed], score: Score, now: int) -> dict[str, Sum]:
    """Return what each deed's sum is as it was booked."""
    parts: dict[str, list[Deed]] = {}
    for deed in deeds:
        parts.setdefault(deed.name, []).append(deed)
    return {
        name: Sum(
            sum(each.points for each in found),
            standing.score_at(
                [(each.standing, each.at, place, 0) for place, each in enumerate(found, 1)],
                now, score,
            ),
            len(found),
        )
        for name, found in parts.items()
    }  # fmt: skip


def _paid(
    person: Person, deed: Deed, score: Score, zone: ZoneInfo, normal: str
) -> tuple[int, int]:
    """Return balance and score points of a deed, by the pack."""
    loss = score.lost(deed.name)
    if loss is not None and deed.points <= 0:
        capped = standing.capped(loss, person, deed.name, deed.at, zone)
        return (0, 0) if capped else (-loss.points, -loss.points)
    spec = _spec(score, deed)
    if spec is None:
        return 0, 0
    award = standing.award_for(
        spec, person, deed.name, at=deed.at, zone=zone, normal=normal, score=score,
        said=deed.said or "",
    )  # fmt: skip
    return (0, 0) if award.refused else (award.balance, award.score)


def _spec(score: Score, deed: Deed) -> Earn | None:
    spec = score.earned(deed.name)
    return spec if spec is None or deed.said is not None else spec.model_copy(update=ANYTHING)


def _counted(person: Person, deed: Deed, score: Score, zone: ZoneInfo, normal: str) -> Person:
    """Return the person with one more award of the deed counted."""
    loss = score.lost(deed.name)
    spec = loss if loss is not None and deed.points <= 0 else _spec(score, deed)
    if spec is None:
        return person
    tallies = standing.tally(spec, person, deed.name, deed.at, zone)
    if not isinstance(spec, Earn):
        return replace(person, tallies=tallies)
    lifetime = (*person.lifetime, deed.name) if spec.once else person.lifetime
    recent = standing.remember(person, deed.name, normal, spec.distinct)
    return replace(person, tallies=tallies, lifetime=lifetime, recent=recent)
