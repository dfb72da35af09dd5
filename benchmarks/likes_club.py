"""A club whose members like each other: what `sop.standing.fair_play` makes of it, day by day."""

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from sop.model import Like
from sop.pack.pack_score import Likes
from sop.standing import cliques, fair_play
from sop.standing.fair_play import Case

LIMITS: Final = Likes(per_day=20, pair_per_day=2, distinct_days=True)
RECEIVED, RECEIVED_CAP = 2, 20
GIVEN, GIVEN_CAP = 1, 3
"""Points and awards a day, as the reading club pays them."""

SEEDS: Final = 2
"""Honest members who are owner or staff."""


@dataclass(slots=True)
class Club:
    """The likes of a club and what they have come to, day by day.

    `weekly`: instead of the caps a day, so many awards a week are paid of each kind.
    """

    honest: int
    ring: int
    weekly: int | None = None
    likes: dict[int, list[Like]] = field(default_factory=lambda: defaultdict(list))
    got: dict[int, list[Like]] = field(default_factory=lambda: defaultdict(list))
    vouched: set[int] = field(default_factory=lambda: set(range(SEEDS)))
    vouchers: dict[int, tuple[int, ...]] = field(default_factory=dict)
    sums: Counter[tuple[str, int]] = field(default_factory=Counter)
    awards: Counter[tuple[str, int]] = field(default_factory=Counter)
    paid: Counter[int] = field(default_factory=Counter)
    before: Counter[int] = field(default_factory=Counter)
    capped: Counter[tuple[str, int]] = field(default_factory=Counter)
    cliques: dict[int, int] = field(default_factory=dict)
    mates: dict[int, Counter[int]] = field(default_factory=dict)
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
        if self.weekly is None or date.fromisoformat(day).weekday() == 0:
            self.capped.clear()
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
        return fair_play.judge(case, LIMITS)

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
            self._pay("received", author, like.weight, RECEIVED, RECEIVED_CAP)
            self._pay("given", giver, like.weight, GIVEN, GIVEN_CAP)
            self._vouch(giver, author)

    def _pay(self, what: str, person: int, weight: int, points: int, cap: int) -> None:
        self.sums[what, person] += weight
        due = fair_play.whole_awards(self.sums[what, person])
        while self.awards[what, person] < due:
            self.awards[what, person] += 1
            if self.capped[what, person] < (cap if self.weekly is None else self.weekly):
                self.capped[what, person] += 1
                self.paid[person] += points

    def _vouch(self, giver: int, author: int) -> None:
        if giver in self.vouched and author not in self.vouched:
            known = self.vouchers.get(author, ())
            self.vouchers[author], enough = fair_play.vouch(known, giver, certain=giver < SEEDS)
            if enough:
                self.vouched.add(author)
