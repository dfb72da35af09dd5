"""What rings gain in played clubs; what is played comes to the same points in the program."""

from collections import Counter
from datetime import date
from typing import Any

import pytest

from bot.farming.clubs import SEEDS, Terms
from bot.farming.rings import FAIR, FIRST, HONEST, RINGS, Play, month, played
from handlers.likes import liking
from handlers.likes.like_targets import Target
from handlers.ports import Context
from sop.model import Like
from sop.standing import fair_play
from tests import builders
from tests.builders import COMMUNITY, GROUP
from tests.lives import DAY, life

MONDAY = builders.EVENING + 5 * DAY
"""Weeks begin as in the play: the evening of the builders is a Wednesday."""


GIVEN, RECEIVED = 1, 2


def pack(given: str = "3/day", received: str = "20/day") -> str:
    return f"""
score:
  earn:
    like-given: {{points: {GIVEN}, cap: {given}}}
    like-received: {{points: {RECEIVED}, cap: {received}}}
likes: {{per_day: 20, pair_per_day: 2, distinct_days: true}}
steps: []
"""


def play(text: str = "", **club: Any) -> Play:
    return Play(terms=Terms.of(builders.pack(text or pack())), **club)


@pytest.mark.parametrize("ring", RINGS)
@pytest.mark.parametrize("way", ["all", "in turn", "onward", "crosswise"])
def test_one_of_a_ring_that_pleases_nobody_else_gains_at_most_a_tenth_more_than_honest_ones(
    ring: int, way: str
):
    gain = played(play(ring=ring, way=way))

    assert gain.more <= FAIR
    assert gain.honest > 5


@pytest.mark.parametrize("way", ["mixed", "patient"])
def test_a_cap_a_week_bounds_every_ring_by_what_the_pack_says(way: str):
    capped = pack("1/week", "1/week")
    gain = played(play(capped, ring=10, rate=0.3, way=way, posting=True, lived=28))

    assert gain.ring <= fair_play.WINDOW // 7 * (GIVEN + RECEIVED)
    assert gain.honest > 5


def test_where_likes_earn_nothing_nobody_gains():
    gain = played(play("steps: []", ring=5, days=10))

    assert (gain.honest, gain.ring, gain.more) == (0, 0, 0)


def test_the_same_play_gives_the_same():
    club = play(ring=5, days=10, rate=0.5)

    assert played(club) == played(club)


def test_honest_members_like_the_same_whatever_a_ring_does():
    def honest(way: str) -> list[tuple[str, int, int]]:
        club = play(ring=5, days=10, lived=0, way=way)
        return sorted(each for each in month(club).tried if each[1] < club.honest)

    assert honest("all") == honest("onward") == honest(HONEST)


@pytest.mark.parametrize(
    ("way", "posting", "text"),
    [
        ("all", False, pack()),
        ("onward", False, pack()),
        ("patient", True, pack()),
        ("mixed", True, pack("2/week", "2/week")),
    ],
)
def test_the_program_pays_what_was_played(way: str, posting: bool, text: str):  # noqa: FBT001 - pytest passes by place
    club = month(
        play(
            text, ring=4, way=way, posting=posting, honest=12, lived=14, days=20, rate=1.5,
            settled=False,
        )
    )  # fmt: skip

    with life(text) as living:
        with living.acting() as context:
            for each in club.everybody:
                role = "staff" if each < SEEDS else "member"
                context.store.put(builders.person(each + 1, role=role))
            for number, (day, giver, author) in enumerate(club.tried):
                _give(context, number, day, giver + 1, author + 1)
        with living.acting() as context:
            balances = Counter({
                each: context.store.get(type(builders.person(1)), COMMUNITY, each + 1).balance  # type: ignore[union-attr] # put above
                for each in club.everybody
            })  # fmt: skip
            held = context.store.count(Like, community=COMMUNITY, group=GROUP, status="held")

    assert balances == Counter({each: club.paid[each] for each in club.everybody})
    assert held == club.held
    assert sum(balances.values()) > 50


def _give(context: Context, number: int, day: str, giver: int, author: int) -> None:
    now = MONDAY + (date.fromisoformat(day) - FIRST).days * DAY
    there = builders.context(context.store, context.book, now=now, person_id=giver)
    assert there.group is not None
    liking.give(there, there.group, Target(key=f"message:{number}", author=author))
