"""Appeals and reports: decided by people, told to nobody else."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from handlers.moderation import moderation
from handlers.ports import Outcome
from sop.model import Message, Person, Strike, Task
from sop.text import fingerprint
from tests import clubs
from tests.builders import COMMUNITY, EVENING, GROUP
from tests.clubs import Club, aloud, kinds, told

HOUR = 3_600_000

PACK = """
rules:
  checks: [{id: ads, detect: words, any: [兼职日结], reason: 不发广告}]
  appeal: {within: 72h}
score: {earn: {message: {points: 1}}, lose: {strike: {points: 10}}}
"""
ADVERT = "兼职日结三百，在家就能做"


@pytest.fixture
def club() -> Iterator[Club]:
    with clubs.opened(PACK) as made:
        made.member("wang.wu", "王五")
        yield made


def say_aloud(club: Club, userid: str, text: str, message_id: str, at: int = EVENING - 1) -> None:
    club.store.put(
        Message(
            community=COMMUNITY,
            id=club.store.number(COMMUNITY, "message"),
            group=GROUP,
            person=club.person(userid).id if userid else 0,
            at=at,
            message_id=message_id,
            text=text,
            fingerprint=fingerprint(text),
        )
    )


def struck(club: Club, at: int = EVENING) -> None:
    """王五 is struck for an advert."""
    say_aloud(club, "wang.wu", ADVERT, f"ad:{at}", at)
    event = club.message(ADVERT, "wang.wu", at=at, message_id=f"ad:{at}", key=f"ad:{at}")
    context = club.context(event)
    group, person = context.group, context.person
    assert group is not None
    assert person is not None
    moderation.strike(context, group, person, "ads", event=event)


def task(club: Club) -> Task:
    found = club.store.find(Task, community=COMMUNITY, order="-id", limit=1)
    return found[0]


def wu(club: Club) -> Person:
    return club.person("wang.wu")


@pytest.mark.parametrize("group", [GROUP, ""], ids=["group", "private"])
def test_an_appeal_asks_staff_to_look_at_the_newest_strike(club: Club, group: str):
    struck(club)

    outcome = club.say("申诉 这是转发的新闻", "wang.wu", group=group)

    assert kinds(outcome) == ["task", "reply"]
    assert outcome.actions[0].to == "staff"
    assert "王五" in outcome.actions[0].text
    assert ADVERT in outcome.actions[0].text
    assert "这是转发的新闻" in outcome.actions[0].text
    assert aloud(outcome) == ""


def test_a_granted_appeal_gives_back_points_and_speech_and_says_so(club: Club):
    struck(club)
    club.store.put(replace(wu(club), muted_until=EVENING + HOUR))
    club.store.put(replace(club.store.find(Strike)[0], measure="mute-points"))
    club.say("申诉", "wang.wu")

    outcome = club.say(f"同意 {task(club).id}", "boss")

    told_member = [action for action in outcome.actions if action.do == "dm"]
    assert [action.to for action in told_member] == [str(wu(club).id)]
    assert wu(club).balance >= 0
    assert wu(club).muted_until == 0
    assert [bool(each.reversed_at) for each in club.store.find(Strike)] == [True]
    assert aloud(outcome) == ""


def test_a_rejected_appeal_is_told_kindly_and_changes_nothing(club: Club):
    struck(club)
    club.say("申诉", "wang.wu")

    outcome = club.say(f"拒绝 {task(club).id}", "boss")

    assert kinds(outcome) == ["dm", "reply"]
    assert "维持原样" in outcome.actions[0].text
    assert wu(club).balance == -10
    assert [each.reversed_at for each in club.store.find(Strike)] == [0]


def test_one_strike_is_appealed_once(club: Club):
    struck(club)
    club.say("申诉", "wang.wu")

    again = club.say("申诉", "wang.wu")
    club.say(f"拒绝 {task(club).id}", "boss")
    later = club.say("申诉", "wang.wu")

    assert kinds(again) == kinds(later) == ["reply"]
    assert "已经在处理" in told(again)
    assert "已经看过" in told(later)


@pytest.mark.parametrize(("hours", "expected"), [(72, ["task", "reply"]), (73, ["reply"])])
def test_an_appeal_is_open_for_the_time_the_pack_gives(
    club: Club, hours: int, expected: list[str]
):
    struck(club, EVENING - hours * HOUR)

    assert kinds(club.say("申诉", "wang.wu")) == expected


def test_a_pardon_settles_the_open_appeal(club: Club):
    struck(club)
    club.say("申诉", "wang.wu")
    club.say("撤销 @王五", "boss")

    outcome = club.say(f"同意 {task(club).id}", "boss")

    assert task(club).status == "void"
    assert kinds(outcome) == ["reply"]


def test_without_a_strike_or_without_appeals_the_answer_is_kind(club: Club):
    assert "没有可以申诉" in told(club.say("申诉"))
    club.book = clubs.book()
    assert "没有开通申诉" in told(club.say("申诉"))


def test_an_observed_breach_is_nothing_to_appeal(club: Club):
    struck(club)
    strike = club.store.find(Strike)[0]
    club.store.put(replace(strike, observed=True))

    assert kinds(club.say("申诉", "wang.wu")) == ["reply"]


def test_a_report_by_quote_is_judged_and_given_to_staff(club: Club):
    say_aloud(club, "wang.wu", ADVERT, "ad")

    outcome = club.say("举报", quote=ADVERT)

    assert kinds(outcome) == ["task", "reply"]
    text = outcome.actions[0].text
    assert "王五" in text
    assert "不发广告" in text
    assert ADVERT in text
    assert "李四" not in text
    assert aloud(outcome) == ""
    assert club.store.count(Strike, community=COMMUNITY) == 0


def test_a_harmless_text_is_reported_with_that_verdict(club: Club):
    outcome = club.say("举报 @王五", quote="今天天气真好")

    assert "没有碰到群规" in outcome.actions[0].text
    assert "王五" in outcome.actions[0].text


def test_a_quote_nobody_heard_is_reported_without_a_name(club: Club):
    outcome = club.say("举报", quote=ADVERT)

    assert kinds(outcome) == ["task", "reply"]
    assert task(club).person == 0
    assert "警告" not in outcome.actions[0].text


def test_a_text_two_members_said_is_nobodys(club: Club):
    say_aloud(club, "wang.wu", ADVERT, "a")
    say_aloud(club, "boss", ADVERT, "b")

    club.say("举报", quote=ADVERT)

    assert task(club).person == 0


def test_a_name_that_contradicts_the_quote_reports_nobody(club: Club):
    club.member("zhao", "赵六")
    say_aloud(club, "wang.wu", ADVERT, "a")

    outcome = club.say("举报 @赵六", quote=ADVERT)

    assert kinds(outcome) == ["reply"]
    assert outcome.actions[0].private


@pytest.mark.parametrize("group", [GROUP, ""], ids=["group", "private"])
def test_a_member_is_reported_by_name(club: Club, group: str):
    outcome = club.say("举报 @王五 <a href='x'>总是</a>发广告", group=group)

    assert kinds(outcome) == ["task", "reply"]
    assert "发广告" in outcome.actions[0].text
    assert "<" not in outcome.actions[0].text
    assert aloud(outcome) == ""


@pytest.mark.parametrize("text", ["举报", "举报 有人发广告", "举报！"])
def test_a_report_that_points_at_nothing_is_told_how(club: Club, text: str):
    outcome = club.say(text)

    assert kinds(outcome) == ["reply"]
    assert "引用那条消息" in told(outcome)
    assert outcome.actions[0].private


def test_the_bots_own_post_is_nothing_to_report(club: Club):
    say_aloud(club, "", "早读 01", "bot:1")

    assert kinds(club.say("举报", quote="早读 01")) == ["reply"]


def test_where_nobody_can_be_reached_the_group_reads_no_name(club: Club):
    club.group(channels=clubs.MENTIONS_ONLY)

    outcome = club.say("举报 @王五", mentions_bot=True)

    assert kinds(outcome) == ["task", "reply"]
    assert aloud(outcome) == "收到。"


def test_five_reports_a_day_are_enough(club: Club):
    outcomes = [club.say("举报", quote=f"广告 {number} 号") for number in range(6)]
    tomorrow = club.say("举报", quote="又来", at=EVENING + 25 * HOUR)

    assert [kinds(each)[0] for each in outcomes] == ["task"] * 5 + ["reply"]
    assert kinds(tomorrow)[0] == "task"


def test_the_same_text_reported_by_many_is_one_task(club: Club):
    say_aloud(club, "wang.wu", ADVERT, "a")

    first: Outcome = club.say("举报", "li", quote=ADVERT)
    second = club.say("举报", "boss", quote=ADVERT)

    assert kinds(first) == ["task", "reply"]
    assert kinds(second) == ["reply"]
    assert told(first) == told(second)


def test_ten_thousand_characters_are_reported_shortly(club: Club):
    outcome = club.say("举报 " + "坏" * 10_000, quote=ADVERT + "x" * 10_000)

    assert len(outcome.actions[0].text) < 700
