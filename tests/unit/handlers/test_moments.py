"""Steps that begin when a level or a score is reached."""

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from handlers.ledger import ledger
from handlers.recognition import moments
from sop.model import Occurrence
from sop.told_events import MemberPaid
from tests import builders
from tests.builders import EVENING, GROUP
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
        club.happen(MemberPaid, member="li", value=True)

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


def test_what_is_reached_in_private_begins_in_the_group_that_heard_of_them_last():
    groups = [builders.group(), builders.group(id="g2", channels={"sandbox": "g2"})]
    with life(PACK, groups=groups) as club:
        club.join("li")
        club.join("li", group="g2")
        club.now += HOUR
        club.say("我在二群", group="g2", mentions_bot=False)
        with club.acting("li", group_id="") as context:
            lines = ledger.book_entry(
                context, context.person_id, "award", 50, score=50, source="s"
            )
            moments.follow(context, lines)

        planned = {(row.step, row.group) for row in club.read(Occurrence, kind="step")}
        assert planned == {("up", "g2"), ("crossed", "g2")}


def test_what_happens_where_a_step_does_not_run_begins_where_it_does():
    core = builders.group(id="core", kind="core", channels={"sandbox": "core"})
    with life(PACK, groups=[builders.group(), core]) as club:
        club.join("li")
        club.join("li", group="core")
        with club.acting("li", group_id="core") as context:
            lines = ledger.book_entry(
                context, context.person_id, "award", 50, score=50, source="s"
            )
            moments.follow(context, lines)

        planned = {(row.step, row.group) for row in club.read(Occurrence, kind="step")}
        assert planned == {("up", GROUP), ("crossed", GROUP), ("elsewhere", "core")}


def test_a_loss_that_is_forgotten_overnight_lets_a_score_cross_again():
    with life(PACK) as club:
        club.enforce()
        club.join("li")
        for days, points in ((0, -10), (2, 35)):
            club.wait(EVENING + days * DAY)
            with club.acting("li") as context:
                lines = ledger.book_entry(
                    context, context.person_id, "award", points, score=points,
                    source=str(days),
                )  # fmt: skip
                moments.follow(context, lines)

        assert texts(club.wait(EVENING + 40 * DAY), "dm") == ["升级啦", "三十分啦"]


LIKES = """
steps:
  - {id: loved, when: {likes: 3}, do: [{dm: 三个赞}]}
  - {id: generous, when: {likes_given: 4, distinct: 2}, do: [{dm: 谢谢你点赞}]}
"""


def test_likes_set_off_their_step_once_per_item_and_once_per_giver():
    with life(LIKES) as club:
        club.join("amy", "bob")
        amy, bob = club.person("amy").id, club.person("bob").id
        with club.acting() as context:
            for likes, item in ((2, "m1"), (3, "m1"), (4, "m1"), (5, "m2")):
                moments.liked(
                    context, GROUP, author=amy, item=item, likes=likes, by=bob, given=likes,
                    people=1 if item == "m1" else 2,
                )  # fmt: skip

        planned = [(row.step, row.subject, row.cause) for row in club.read(Occurrence)]
        assert sorted(planned) == [
            ("generous", str(bob), "likes-given"), ("loved", str(amy), "likes:m1"),
            ("loved", str(amy), "likes:m2"),
        ]  # fmt: skip
        assert sorted(texts(club.tick(), "dm")) == ["三个赞", "三个赞", "谢谢你点赞"]


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
