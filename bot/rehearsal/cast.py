"""Who is in an invented group: names, temperaments, and when each of them joins."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import log
from random import Random
from typing import Final, Literal

from bot.rehearsal.phrases import bank

Temper = Literal["owner", "staff", "star", "regular", "casual", "lurker", "advertiser", "flooder"]


@dataclass(frozen=True, slots=True)
class Habit:
    """How much one of a temper says: messages of their own and check-ins a day, on average.

    `eager` is how likely they are to take part in what somebody else began, from 0 to 1.
    """

    messages: float
    checkins: float
    eager: float


HABITS: Final[Mapping[Temper, Habit]] = {
    "owner": Habit(1.5, 0.2, 0.3),
    "staff": Habit(1.5, 0.4, 0.5),
    "star": Habit(2.5, 0.9, 0.8),
    "regular": Habit(1.8, 0.6, 0.5),
    "casual": Habit(0.6, 0.15, 0.2),
    "lurker": Habit(0.03, 0.0, 0.02),
    "advertiser": Habit(0.0, 0.0, 0.0),
    "flooder": Habit(0.8, 0.1, 0.3),
}

FOUNDERS: Final = 0.6
"""The share of the members who are there when the group begins."""

JOINING_DAYS: Final = 5.0
"""The mean number of days after which one of the others joins: more come at first than later."""


@dataclass(frozen=True, slots=True)
class Player:
    """One invented person; `joins` is the day of joining, counted from 0, -1 for a founder."""

    userid: str
    name: str
    temper: Temper
    joins: int

    @property
    def habit(self) -> Habit:
        """How much they say."""
        return HABITS[self.temper]


def cast_of(seed: int, members: int) -> tuple[Player, ...]:
    """Invent the people of a group, the owner first; the same seed invents the same people."""
    chance = Random(f"cast:{seed}:{members}")  # noqa: S311 - it must repeat itself
    tempers = _tempers(chance, members)
    taken: set[str] = set()
    return tuple(
        _player(chance, temper, tempers[:place].count(temper), taken)
        for place, temper in enumerate(tempers)
    )


def _tempers(chance: Random, members: int) -> Sequence[Temper]:
    few: list[Temper] = ["owner"]
    for temper, from_size, one_in in _RARE:
        if members >= from_size:
            few.extend([temper] * (1 + members // one_in))
    rest: list[Temper] = list(
        chance.choices(("regular", "casual", "lurker"), (26, 38, 36), k=members)
    )
    return [*few, *rest][:members]


_RARE: Final[tuple[tuple[Temper, int, int], ...]] = (
    ("staff", 8, 100),
    ("star", 4, 60),
    ("advertiser", 6, 40),
    ("flooder", 7, 120),
)
"""Tempers of which there are few: from which size of the group on, and one in how many."""


def _player(chance: Random, temper: Temper, before: int, taken: set[str]) -> Player:
    surname, sound = chance.choice(list(bank()["surnames"].items()))
    given, called = chance.choice(list(bank()["given"].items()))
    userid = f"{sound}.{called}"
    number = 1
    while userid in taken:
        number += 1
        userid = f"{sound}.{called}{number}"
    taken.add(userid)
    return Player(userid, f"{surname}{given}", temper, _joins(chance, temper, before))


def _joins(chance: Random, temper: Temper, before: int) -> int:
    """The day somebody joins; `before` are those of the same temper who come before them."""
    founder = chance.random() < FOUNDERS
    later = int(-log(1.0 - chance.random()) * JOINING_DAYS)
    if temper in ("owner", "staff", "star"):
        return -1
    if temper in ("advertiser", "flooder"):
        # The first so soon that a rehearsal of three days has seen them; then one a week.
        return later % 3 + 7 * before
    return -1 if founder else later
