"""Steps that begin when a level or a score is reached."""

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from handlers import ledger, moments
from sop.events import MemberPaid
from sop.model import Occurrence
from tests import builders
from tests.builders import COMMUNITY
from tests.lives import DAY, HOUR, Life, life, of, texts

PACK = """
score:
  window: 30d
  earn: {message: {points: 10}, checkin: {points: 10}}
  lose: {strike: {points: 10}}
  paid_multiplier: {balance: 3, score: 1}
levels: [{id: sprout, title: 新芽, at: 0}, {id: reader, title: 书友, at: 20}]
steps:
  - {id: up, when: member.level-up, do: [{dm: 升级啦}]}
  - {id: crossed, when: {score: 30}, do: [{dm: 三十分啦}]}
  - {id: elsewhere, when: {score: 30}, in: core, do: [{dm: 不是这里}]}
"""


def say(club: Life, **fields: Any) -> list[str]:
    club.now += HOUR
    club.say(f"今天读到第 {club.now} 页", **fields)
    return texts(club.tick())


def test_a_level_and_a_score_are_noticed_when_they_are_reached():
    with life(PACK) as club:
        assert [say(club) for _ in range(4)] == [[], ["升级啦"], ["三十分啦"], []]


def test_what_a_paying_member_may_spend_is_not_what_they_reached():
    with life(PACK) as club:
        club.handle(MemberPaid(key="p", community=COMMUNITY, at=club.now, member="li", value=True))

        assert [say(club) for _ in range(5)] == [[], ["升级啦"], ["三十分啦"], [], []]


def test_a_score_that_faded_may_be_reached_again():
    with life(PACK) as club:
        for _ in range(3):
            say(club)
        club.now += 31 * DAY

        assert [say(club) for _ in range(3)] == [[], ["升级啦"], ["三十分啦"]]


@given(st.lists(st.integers(-40, 40).filter(bool), max_size=12))
@settings(max_examples=15, deadline=None)
def test_every_upward_crossing_is_one_step_whatever_the_points(points: list[int]):
    with life(PACK) as club:
        crossings, score = 0, 0
        for number, each in enumerate(points):
            club.now += 1
            with club.acting("li") as context:
                lines = ledger.book_entry(
                    context, 1, "award", each * 3, score=each, source=str(number)
                )
                moments.follow(context, lines)
            crossings += score < 30 <= score + each
            score += each

        assert len(club.read(Occurrence, step="crossed")) == crossings
        assert club.read(Occurrence, step="elsewhere") == []


def test_several_entries_of_one_event_cross_once():
    with life(PACK) as club:
        with club.acting("li") as context:
            lines = [
                line
                for number in range(4)
                for line in ledger.book_entry(
                    context, 1, "award", 10, score=10, source=f"s{number}"
                )
            ]
            moments.follow(context, tuple(lines))

        assert len(of(lines, "points")) == 4
        assert len(club.read(Occurrence, step="crossed")) == 1
        assert len(club.read(Occurrence, step="up")) == 1


def test_without_a_group_nothing_begins():
    with life(PACK, groups=[builders.group()]) as club, club.acting("li", group_id="") as context:
        lines = ledger.book_entry(context, 1, "award", 50, score=50, source="s")
        moments.follow(context, lines)

        assert context.store.find(Occurrence) == []
