"""The month that is played to see what a ring gains comes to the same points in the program."""

from collections import Counter
from datetime import date

import pytest

from benchmarks import likes_club
from benchmarks.likes_club import SEEDS
from benchmarks.likes_ring import FIRST, Play, month
from handlers.likes import liking
from handlers.likes.like_targets import Target
from handlers.ports import Context
from sop.model import Like
from tests import builders
from tests.builders import COMMUNITY, GROUP
from tests.lives import DAY, life

MONDAY = builders.EVENING + 5 * DAY
"""Weeks begin as in the play: the evening of the builders is a Wednesday."""


def pack(weekly: int | None) -> str:
    given, received = (
        (f"{likes_club.GIVEN_CAP}/day", f"{likes_club.RECEIVED_CAP}/day")
        if weekly is None
        else (f"{weekly}/week", f"{weekly}/week")
    )
    return f"""
score:
  earn:
    like-given: {{points: {likes_club.GIVEN}, cap: {given}}}
    like-received: {{points: {likes_club.RECEIVED}, cap: {received}}}
likes: {{per_day: 20, pair_per_day: 2, distinct_days: true}}
steps: []
"""


@pytest.mark.parametrize(
    ("way", "posting", "weekly"),
    [("all", False, None), ("onward", False, None), ("patient", True, None), ("mixed", True, 2)],
)
def test_the_program_pays_what_was_played(way: str, posting: bool, weekly: int | None):  # noqa: FBT001 - pytest passes by place
    play = Play(
        ring=4, way=way, posting=posting, honest=12, lived=14, days=20, rate=1.5, settled=False,
        weekly=weekly,
    )  # fmt: skip
    club = month(play)

    with life(pack(weekly)) as living:
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
