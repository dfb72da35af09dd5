"""A club whose members like each other: what a pack makes of it, day by day.

The likes are judged by `sop.standing.fair_play`, as in the program.
"""

from collections import Counter, defaultdict
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Final, Self

from sop.model import Like
from sop.pack.pack import Pack
from sop.pack.pack_score import Earn, Likes
from sop.standing import cliques, fair_play, standing
from sop.standing.fair_play import Case
from sop.times.durations import Cap

SEEDS: Final = 2
"""Honest members who are owner or staff."""

GIVEN: Final = "like-given"
RECEIVED: Final = "like-received"


@dataclass(frozen=True, slots=True)
class Terms:
    """What likes are limited to, and what they earn: by deed, where they earn anything."""

    limits: Likes
    earns: tuple[tuple[str, Earn], ...]

    @classmethod
    def of(cls, pack: Pack) -> Self:
        """Return the terms of a pack."""
        found = ((deed, pack.score.earned(deed)) for deed in (GIVEN, RECEIVED))
        return cls(pack.likes, tuple((deed, earn) for deed, earn in found if earn and earn.points))

    def capped(self, cap: Cap) -> Self:
        """Return the terms with that cap on each deed."""
        earns = ((deed, earn.model_copy(update={"cap": cap})) for deed, earn in self.earns)
        return replace(self, earns=tuple(earns))

    def full(self, deed: str) -> int:
        """Return what a deed would earn by a like that weighs all it can, without a cap."""
        return next((earn.points for each, earn in self.earns if each == deed), 0)


@dataclass(slots=True)
class Club:
    """The likes of a club and what they have come to, day by day; the ring comes last."""

    honest: int
    ring: int
    terms: Terms
    likes: dict[int, list[Like]] = field(default_factory=lambda: defaultdict(list))
    got: dict[int, list[Like]] = field(default_factory=lambda: defaultdict(list))
    vouched: set[int] = field(default_factory=lambda: set(range(SEEDS)))
    vouchers: dict[int, tuple[int, ...]] = field(default_factory=dict)
    sums: Counter[tuple[str, int]] = field(default_factory=Counter)
    awards: Counter[tuple[str, int]] = field(default_factory=Counter)
    paid: Counter[int] = field(default_factory=Counter)
    before: Counter[int] = field(default_factory=Counter)
    capped: Counter[tuple[str, int, str]] = field(default_factory=Counter)
    cliques: dict[int, int] = field(default_factory=dict)
    mates: dict[int, Counter[int]] = field(default_factory=dict)
    allowance: int = fair_play.LEAST
    held: int = 0
    tried: list[tuple[str, int, int]] = field(default_factory=list)

    @property
    def everybody(self) -> range:
        """All members."""
        return range(self.honest + self.ring)

    def morning(self, day: str) -> None:
        """Forget what is out of the window, and reckon the community's measure."""
        first = fair_play.window_starts(day)
        for person in self.everybody:
            for kept in (self.likes, self.got):
                kept[person] = [each for each in kept[person] if each.day >= first]
        self.allowance = fair_play.allowance_for(len(self.likes[each]) for each in self.everybody)
        bearing = (like for kept in self.likes.values() for like in kept if like.bears)
        self.cliques = cliques.cliques(Counter((like.giver, like.author) for like in bearing))
        self.mates = {
            person: Counter(like.giver for like in self.got[person] if like.bears)
            for person in self.everybody
        }

    def judged(self, giver: int, author: int, day: str) -> fair_play.Verdict:
        """Return what the program would make of this like."""
        case = Case(
            giver=giver, author=author, day=day, given=self.likes[giver], got=self.got[giver],
            mates=self._of_mates(giver, author), vouched=giver in self.vouched,
            allowance=self.allowance,
        )  # fmt: skip
        return fair_play.judge(case, self.terms.limits)

    def worth(self, giver: int, author: int, day: str) -> int:
        """Return what a like would bring to both; nothing where it would be held."""
        verdict = self.judged(giver, author, day)
        return 0 if verdict.held else verdict.weight

    def _of_mates(self, giver: int, author: int) -> int:
        own = self.cliques.get(giver)
        return sum(
            count
            for other, count in self.mates[author].items()
            if other != giver and own is not None and self.cliques.get(other) == own
        )

    def give(self, giver: int, author: int, day: str) -> None:
        """Give a like, for all it is worth."""
        verdict = self.judged(giver, author, day)
        self.tried.append((day, giver, author))
        if verdict.refused:
            return
        like = Like(
            community="", target=str(len(self.tried)), giver=giver, author=author, group="",
            at=0, day=day, status="held" if verdict.held else "counted",
            counts=verdict.counts, bears=verdict.bears, weight=verdict.weight,
        )  # fmt: skip
        self.likes[giver].append(like)
        self.got[author].append(like)
        self.mates[author][giver] += like.bears
        self.held += verdict.held
        if not verdict.held:
            for deed, earn in self.terms.earns:
                self._pay(deed, earn, giver if deed == GIVEN else author, like)
            self._vouch(giver, author)

    def _pay(self, deed: str, earn: Earn, person: int, like: Like) -> None:
        self.sums[deed, person] += like.weight
        due = fair_play.whole_awards(self.sums[deed, person])
        while self.awards[deed, person] < due:
            self.awards[deed, person] += 1
            if earn.cap is not None:
                period = standing.period_name(earn.cap.period, date.fromisoformat(like.day))
                if self.capped[deed, person, period] >= earn.cap.n:
                    continue
                self.capped[deed, person, period] += 1
            self.paid[person] += earn.points

    def _vouch(self, giver: int, author: int) -> None:
        if giver in self.vouched and author not in self.vouched:
            known = self.vouchers.get(author, ())
            self.vouchers[author], enough = fair_play.vouch(known, giver, certain=giver < SEEDS)
            if enough:
                self.vouched.add(author)
