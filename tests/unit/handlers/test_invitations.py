"""Invitations: codes, who brought whom, what it brings, and what is looked at first."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sop.actions import Action
from sop.events import MemberJoined, MemberLeft
from sop.model import Invitation, PersonalCode
from sop.told_events import IdentitiesMerged, IdentitiesSplit
from tests import builders
from tests.builders import GROUP
from tests.lives import DAY, HOUR, Life, life, of, texts

PACK = "score: {earn: {invite: {points: 8}, message: {points: 1}, checkin: {points: 2}}}\n"


@contextmanager
def club_of(*members: str, channels: dict[str, str] | None = None) -> Iterator[Life]:
    """A group in which some were before, joined long ago."""
    groups = [builders.group(channels=channels)] if channels else None
    with life(PACK, groups=groups) as club:
        club.join(*members)
        club.now += 30 * DAY
        yield club


def say(club: Life, words: str, sender: str, **fields: Any) -> list[Action]:
    club.now += 1_000
    return club.say(words, sender, **fields)


def alone(club: Life, words: str, sender: str) -> str:
    return "\n".join(texts(say(club, words, sender, group=""), "reply", "dm"))


def code(club: Life, sender: str) -> str:
    return alone(club, "邀请", sender).partition("邀请码是 ")[2][:5]


def left(club: Life, member: str, **fields: Any) -> list[Action]:
    club.now += 1_000
    return club.happen(MemberLeft, group=GROUP, member=member, **fields)


def brought(club: Life, member: str, by: str) -> list[Action]:
    club.now += 1_000
    return club.happen(MemberJoined, group=GROUP, member=member, name=member.title(), by=by)


def points(lines: list[Action]) -> list[tuple[str, int | None]]:
    return [(line.deed, line.points) for line in of(lines, "points")]


def statuses(club: Life) -> list[str]:
    return [each.status for each in club.read(Invitation, order="guest")]


def test_a_member_is_told_a_code_alone_with_words_to_forward():
    with club_of("li") as club:
        told = alone(club, "邀请", "li")
        given = code(club, "li")
        assert f"发「邀请码 {given}」" in told
        assert "我在「晨读一群」" in told
        assert "还没有请来朋友" in told
        assert [each.code for each in club.read(PersonalCode)] == [given]
        # It can stand in an address, and is given in the group to nobody else.
        assert given.isascii()
        assert given.isalnum()
        lines = say(club, "我的邀请", "li")
        assert texts(lines, "reply") == []
        assert of(lines, "dm")[0].to == str(club.person("li").id)


def test_a_code_is_credited_at_the_guests_first_paid_deed_once():
    with club_of("li") as club:
        given = code(club, "li")
        club.join("amy")
        lines = say(club, f"邀请码 {given.lower()}", "amy")
        assert "记下啦" in texts(lines, "dm")[0]
        assert points(lines) == []
        assert points(say(club, "大家好，我是新来的", "amy")) == [("message", 1), ("invite", 8)]
        assert points(say(club, "很高兴认识大家", "amy")) == [("message", 1)]
        assert "请来了 1 位：Amy。其中 1 位已经开始参与" in alone(club, "邀请", "li")


def test_who_has_spoken_before_telling_the_code_is_credited_at_once():
    with club_of("li") as club:
        given = code(club, "li")
        club.join("amy")
        say(club, "大家好，我是新来的", "amy")
        assert points(say(club, f"邀请码：{given}", "amy", group="")) == [("invite", 8)]
        assert club.person("li").balance == 8


def test_never_self_never_twice_never_who_was_here_before():
    with club_of("li", "bob") as club:
        given, other = code(club, "li"), code(club, "bob")
        assert "自己的" in alone(club, f"邀请码 {given}", "li")
        assert "7 天内" in alone(club, f"邀请码 {other}", "li")
        club.join("amy")
        alone(club, f"邀请码 {given}", "amy")
        assert "已经记下" in alone(club, f"邀请码 {other}", "amy")
        amys = code(club, "amy")
        assert "早就在这里" in alone(club, f"邀请码 {amys}", "li")
        assert "7 天内" in alone(club, f"邀请码 {amys}", "bob")
        left(club, "bob")
        club.join("bob")
        assert "早就在这里" in alone(club, f"邀请码 {given}", "bob")
        assert "没有找到" in alone(club, "邀请码 ZZZZZ", "bob")
        assert "没有找到" in alone(club, "邀请码 9999", "bob")
        assert "先进群" in alone(club, f"邀请码 {given}", "nobody")
        assert len(club.read(Invitation)) == 1


def test_the_code_is_told_within_days():
    with club_of("li") as club:
        given = code(club, "li")
        club.join("amy", "bob")
        club.now += 7 * DAY - HOUR
        assert "记下啦" in alone(club, f"邀请码 {given}", "amy")
        club.now += 2 * HOUR
        assert "7 天内" in alone(club, f"邀请码 {given}", "bob")


def test_the_same_word_in_talk_is_talk():
    with club_of("li") as club:
        assert of(say(club, "邀请 大家周末来玩", "li"), "reply", "dm") == []
        assert of(say(club, "邀请码 是什么呀", "li"), "reply", "dm") == []


def test_who_leaves_within_days_was_no_guest():
    with club_of("li") as club:
        brought(club, "amy", "li")
        say(club, "大家好，我是新来的", "amy")
        assert club.person("li").balance == 8
        lines = left(club, "amy")
        assert points(lines) == [("reversal", -8)]
        assert left(club, "amy") == []
        club.join("amy")
        say(club, "我又回来啦，大家好", "amy")
        left(club, "amy")
        assert club.person("li").balance == 0
        assert statuses(club) == ["gone"]


def test_a_message_of_who_is_gone_brings_nothing():
    with club_of("li") as club:
        brought(club, "amy", "li")
        left(club, "amy")
        assert points(say(club, "这句话来得有点晚", "amy")) == [("message", 1)]


def test_who_stays_long_enough_or_is_moved_stays_counted():
    with club_of("li") as club:
        brought(club, "amy", "li")
        brought(club, "bob", "li")
        say(club, "大家好，我是新来的", "amy")
        say(club, "大家好，我也是新来的", "bob")
        assert points(left(club, "bob", moved=True)) == []
        club.now += 8 * DAY
        assert points(left(club, "amy")) == []
        assert club.person("li").balance == 16


def test_who_comes_back_before_anything_was_paid_is_still_their_guest():
    with club_of("li") as club:
        brought(club, "amy", "li")
        left(club, "amy")
        brought(club, "amy", "bob")
        assert points(say(club, "大家好，我是新来的", "amy")) == [("message", 1), ("invite", 8)]
        assert club.person("li").balance == 8
        assert points(left(club, "amy")) == [("reversal", -8)]


def test_somebody_of_another_group_is_no_guest():
    other = builders.group(id="g2", title="二群", channels={"sandbox": "g2"})
    with life(PACK, groups=[builders.group(), other]) as club:
        club.join("li", "amy", group="g2")
        brought(club, "amy", "li")
        assert club.read(Invitation) == []
        assert club.person("amy").invited_by == 0


def test_too_many_a_day_wait_for_one_task_and_count_when_people_say_so():
    with club_of("li") as club:
        for number in range(10):
            assert of(brought(club, f"m{number}", "li"), "task") == []
        (task,) = of(brought(club, "amy", "li"), "task")
        assert "Li 请来的朋友" in task.text
        assert "Amy（一天里请来的有点多）" in task.text
        assert of(brought(club, "bob", "li"), "task") == []
        assert points(say(club, "大家好，我是新来的", "amy")) == [("message", 1)]
        assert "另外 2 位" in alone(club, "邀请", "li")

        lines = say(club, "同意 1", "owner")
        assert points(lines) == [("invite", 8)]
        assert points(say(club, "大家好，我也是新来的", "bob")) == [("message", 1), ("invite", 8)]


def test_what_people_refuse_never_counts_and_nobody_hears_of_it():
    with club_of("li") as club:
        for number in range(11):
            brought(club, f"m{number}", "li")
        say(club, "大家好，我是新来的", "m10")
        lines = say(club, "拒绝 1", "owner")
        assert points(lines) == []
        assert [line for line in of(lines, "dm") if line.to != str(club.person("owner").id)] == []
        assert points(say(club, "今天天气真好呀", "m10")) == [("message", 1)]
        given = code(club, "m0")
        assert "已经记下" in alone(club, f"邀请码 {given}", "m10")


def test_where_joins_cannot_be_seen_people_look_at_every_code():
    with club_of(channels={"aibot": "a", "webhook": "w"}) as club:
        say(club, "大家好", "li", mentions_bot=True)
        given = code(club, "li")
        club.now += 10 * DAY
        lines = say(club, f"邀请码 {given}", "amy", mentions_bot=True)
        assert "看不到入群记录" in of(lines, "task")[0].text
        assert "收到。" in texts(lines, "reply")[0]
        assert statuses(club) == ["held"]


def test_staff_may_ask_who_brought_whom_and_nobody_else():
    with club_of("li", "bob") as club:
        brought(club, "amy", "li")
        assert "Li 请来了 1 位：Amy" in alone(club, "邀请 @Li", "owner")
        assert "Amy" not in alone(club, "邀请 @Li", "bob")


def test_two_accounts_of_one_person_are_one_inviter():
    with club_of("li", "li2") as club:
        given = code(club, "li2")
        brought(club, "amy", "li2")
        say(club, "大家好，我是新来的", "amy")
        club.happen(IdentitiesMerged, into="li", gone="li2")
        club.join("bob")
        alone(club, f"邀请码 {given}", "bob")
        say(club, "大家好，我也是新来的", "bob")
        assert club.person("li").balance == 16
        assert points(left(club, "amy")) == [("reversal", -8)]
        club.happen(IdentitiesSplit, member="li")
        # The code goes back to whom it was given, and so do the guests of that time.
        found = {each.guest: each.inviter for each in club.read(Invitation)}
        assert found[club.person("amy").id] == club.person("li2").id
        assert found[club.person("bob").id] == club.person("li").id


def test_a_circle_of_codes_brings_nothing():
    with club_of("owner2", channels={"aibot": "a", "webhook": "w"}) as club:
        say(club, "大家好", "li", mentions_bot=True)
        say(club, "大家好", "amy", mentions_bot=True)
        one, other = code(club, "li"), code(club, "amy")
        alone(club, f"邀请码 {one}", "amy")
        say(club, "同意 1", "owner", mentions_bot=True)
        assert "早就在这里" in alone(club, f"邀请码 {other}", "li")


def test_twice_the_same_event_and_a_lost_batch_change_nothing():
    with club_of("li") as club:
        given = code(club, "li")
        club.join("amy")
        say(club, "大家好，我是新来的", "amy")
        event = builders.message(f"邀请码 {given}", sender="amy", at=club.now + 1)
        club.handle(event, crash=True)
        assert club.read(Invitation) == []
        assert points(club.handle(event)) == [("invite", 8)]
        assert points(club.handle(event)) == []
