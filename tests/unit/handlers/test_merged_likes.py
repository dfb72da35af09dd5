"""Likes of two who are found to be one: none of oneself, none lost, and a split undoes it."""

from collections.abc import Iterator

import pytest

from handlers.people import voices
from sop.events import TaskAnswered
from sop.model import Item, LedgerEntry, Like, Task, Voice
from sop.told_events import IdentitiesMerged, IdentitiesSplit
from tests.builders import COMMUNITY, GROUP
from tests.lives import DAY, MINUTE, Life, life
from tests.unit.handlers.test_identities import state, verified

PACK = """
score:
  earn: {share: {points: 10}, like-given: {points: 1}, like-received: {points: 2}}
"""


@pytest.fixture
def club() -> Iterator[Life]:
    with life(PACK) as living:
        living.join("li", "wang", "zhao", "owner")
        for userid in ("li", "wang", "zhao"):
            with living.acting(userid) as context:
                context.store.put(
                    Voice(community=COMMUNITY, person=context.person_id, vouched=True)
                )
        yield living


def join(club: Life) -> None:
    club.happen(IdentitiesMerged, into="li", gone="wang")


def part(club: Life) -> None:
    club.happen(IdentitiesSplit, member="wang")


def key(club: Life) -> str:
    return f"{club.now}:{len(club.handled)}"


def say(club: Life, text: str, sender: str) -> None:
    club.now += MINUTE
    club.say(text, sender, key=key(club))


def balances(club: Life) -> list[int]:
    return [club.person(each).balance for each in ("li", "wang", "zhao")]


def likes(club: Life) -> list[tuple[int, int, str, bool]]:
    return [(each.giver, each.author, each.status, each.counts) for each in club.read(Like)]


def counted(club: Life, number: int) -> int:
    with club.acting("li") as context:
        return voices.count(context, f"item:{GROUP}:{number}")


def test_a_like_of_ones_other_account_counts_for_nothing_any_more(club: Life):
    say(club, "分享 甲的书摘", "li")
    say(club, "分享 乙的书摘", "wang")
    say(club, "赞 1", "wang")
    say(club, "赞 2", "li")
    assert [counted(club, 1), counted(club, 2)] == [1, 1]
    before = state(club)
    join(club)

    # What was booked stays as it was; towards anything else they are no likes.
    assert balances(club)[0] == sum(each.points for each in club.read(LedgerEntry))
    assert [counted(club, 1), counted(club, 2)] == [0, 0]
    assert verified(club) == []
    part(club)
    assert state(club) == before


def test_a_like_of_ones_other_account_can_be_taken_back(club: Life):
    say(club, "分享 乙的书摘", "wang")
    say(club, "赞 1", "li")
    join(club)
    say(club, "取消赞 1", "li")

    assert [each.status for each in club.read(Like)] == ["withdrawn"]
    assert balances(club)[0] == 10
    assert verified(club) == []


def test_likes_of_ones_other_account_that_wait_are_not_paid_by_a_yes(club: Life):
    for number in range(16):
        club.now += DAY
        for giver, author in (("wang", "li"), ("li", "wang")):
            say(club, f"分享 {author} 的第 {number} 段", author)
            say(club, f"赞 {club.read(Item, order='-number', limit=1)[0].number}", giver)
    assert club.read(Like, status="held")
    join(club)
    before = balances(club)
    task = str(club.read(Task, status="open", kind="likes")[0].id)
    club.happen(TaskAnswered, group=GROUP, choice="approve", by="owner", task=task)

    assert balances(club) == before
    assert club.read(Like, status="held") == []
    assert verified(club) == []


def test_of_two_likes_for_one_thing_the_one_that_counts_is_kept(club: Life):
    say(club, "分享 一段书摘", "zhao")
    say(club, "赞 1", "li")
    say(club, "取消赞 1", "li")
    say(club, "赞 1", "wang")
    before = state(club)
    join(club)

    assert likes(club) == [(1, 3, "counted", True)]
    part(club)
    assert state(club) == before


def test_what_one_liked_is_taken_back_by_who_they_are_now_with_its_points(club: Life):
    say(club, "分享 一段书摘", "zhao")
    say(club, "赞 1", "wang")
    assert balances(club) == [0, 1, 12]
    join(club)
    say(club, "取消赞 1", "li")

    assert balances(club) == [0, 0, 10]
    assert verified(club) == []
    part(club)
    assert likes(club) == [(2, 3, "withdrawn", True)]
    assert balances(club) == [0, 0, 10]
    assert all(each.given >= 0 <= each.given_paid for each in club.read(Voice))
    assert verified(club) == []
