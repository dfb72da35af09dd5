"""What a heard message leaves behind, and what an ordinary one earns."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from handlers.ledger import scoring
from handlers.steps.hearing import KEPT_RECENT
from sop.model import Aside, Contact, Group, LedgerEntry, Member, Message
from sop.times import localtime
from tests import builders
from tests.builders import COMMUNITY, EVENING, GROUP
from tests.lives import DAY, HOUR, MINUTE, life, of

PACK = """
score:
  earn:
    message: {points: 1, cap: 3/day, min_chars: 4, distinct: 2}
    introduce: {points: 5, once: true, distinct: 1}
    reply: {points: 3, distinct: 1}
steps: [{id: ask, when: "20:10 daily", do: [{ask: 今天读到哪？}]}]
"""


def test_a_message_is_kept_with_the_traces_rules_and_conditions_read():
    with life(PACK) as club:
        club.now += HOUR
        club.say("今天读完了第三章", name="李四")
        (kept,), (member,), (group,) = club.read(Message), club.read(Member), club.read(Group)

        assert (kept.text, kept.person, kept.group) == ("今天读完了第三章", member.person, GROUP)
        assert (member.joined_at, member.last_at, group.spoken_at) == (club.now,) * 3
        assert member.recent == ((club.now, kept.fingerprint),)
        assert club.person().name == "李四"


def test_an_ordinary_message_carries_nothing_that_would_be_kept():
    with life(PACK) as club:
        club.say("今天读完了第三章")

        assert club.read(Aside) == []


@pytest.mark.parametrize(
    "carried",
    [
        {"quote": "第三章", "quote_id": "m1"},
        {"quote": "第三章"},
        {"mentions": ("wang.wu", "zhao")},
        {"has_image": True},
    ],
)
def test_what_a_message_carries_beside_its_words_is_kept(carried: dict[str, Any]):
    with life(PACK) as club:
        club.say("说得好", **carried)
        (aside,), (message,) = club.read(Aside), club.read(Message)

        assert (aside.message, aside.at) == (message.id, message.at)
        assert {name: getattr(aside, name) for name in carried} == carried
        assert not aside.addressed


@pytest.mark.parametrize(("channel", "kept"), [("sandbox", [True]), ("aibot", [])])
def test_that_it_was_said_to_the_bot_is_kept_where_that_is_no_matter_of_course(
    channel: str, kept: list[bool]
):
    with life(PACK, groups=[builders.group(channels={channel: "chat"})]) as club:
        club.say("早上好", mentions_bot=True)

        assert [aside.addressed for aside in club.read(Aside)] == kept


def test_a_message_from_the_past_takes_nothing_back():
    with life(PACK) as club:
        club.now += HOUR
        club.say("新的消息先到了")
        club.say("旧的消息后到", at=EVENING)

        assert club.read(Member)[0].last_at == club.read(Group)[0].spoken_at == club.now
        assert club.read(Member)[0].joined_at == club.now


def test_commands_are_no_part_of_a_burst_and_only_so_much_is_remembered():
    with life(PACK) as club:
        for number in range(KEPT_RECENT + 5):
            club.now += 1
            club.say("签到" if number % 5 == 0 else f"消息{number}")
        (member,) = club.read(Member)

        assert len(member.recent) == KEPT_RECENT
        club.now += 1
        club.say("签到")
        assert club.read(Member)[0].recent == member.recent


def test_a_private_message_is_a_contact_and_no_message_of_a_group():
    with life(PACK) as club:
        club.say("你好呀", "Li", group="")

        assert club.read(Contact) == [Contact(userid="li", community=COMMUNITY, at=EVENING)]
        assert club.person().contact_at == EVENING
        assert club.read(Member) == club.read(LedgerEntry) == []


def test_one_message_may_pay_several_deeds_and_is_no_copy_of_itself():
    with life(PACK) as club:
        club.enforce()
        club.wait(EVENING + 11 * MINUTE)
        lines = club.say("大家好，我是新来的李四")

        assert {line.deed: line.points for line in of(lines, "points")} == {
            "reply": 3, "message": 1, "introduce": 5,
        }  # fmt: skip


def test_an_introduction_counts_once_for_each_membership_and_is_paid_once_in_a_life():
    with life(PACK) as club:
        club.join("li")
        club.now += 1
        assert len(of(club.say("大家好，我是新来的李四"), "points")) == 2
        introduced = club.read(Member)[0].introduced_at
        assert introduced == club.now
        club.now += DAY
        assert len(of(club.say("大家好，我是李四，又来啦"), "points")) == 1
        assert club.read(Member)[0].introduced_at == introduced


@pytest.mark.parametrize(
    ("said", "is_one"),
    [
        ("我是李四，想读历史书", True), ("大家好，我叫王五呀", True), ("我是李四", False),
        ("今天读完了第三章很好", False), ("大家好我是李四呀", True), ("", False),
    ],
)  # fmt: skip
def test_an_introduction_says_who_somebody_is_in_eight_characters(said: str, *, is_one: bool):
    assert scoring.is_introduction(said) == is_one


@given(st.lists(st.integers(-90, 90), min_size=1, max_size=12))
@settings(max_examples=15, deadline=None)
def test_every_day_with_a_message_is_noted_once_in_any_order_around_midnight(minutes: list[int]):
    midnight = EVENING + 4 * HOUR
    with life(PACK) as club:
        for number, minute in enumerate(minutes):
            club.now = midnight + minute * MINUTE
            club.say(f"第{number}条消息来了", message_id=str(number), key=str(number))
        days = {
            localtime.local_date(midnight + minute * MINUTE, club.book.zone).isoformat()
            for minute in minutes
        }

        assert sorted(club.person().active) == sorted(days)


def test_two_months_of_days_are_remembered():
    with life(PACK) as club:
        for _ in range(scoring.KEPT_DAYS + 3):
            club.now += DAY
            club.say(f"今天是{club.now}")

        assert len(club.person().active) == scoring.KEPT_DAYS
        today = localtime.local_date(club.now, club.book.zone)
        assert club.person().active[-1] == today.isoformat()


def test_what_is_said_to_no_group_we_know_is_heard_and_pays_nothing():
    with life(PACK, groups=[builders.group(id="other")]) as club:
        assert club.say("今天读完了第三章") == []
        assert len(club.read(Message)) == 1
        assert club.read(LedgerEntry) == []
