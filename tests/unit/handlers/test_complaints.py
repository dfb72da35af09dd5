"""Appeals and reports: decided by people, told to nobody else."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from handlers.moderation import moderation
from sop.model import Person, Strike
from tests import clubs
from tests.builders import COMMUNITY, EVENING, GROUP
from tests.clubs import Club, aloud, kinds, say_aloud, task, told

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


def struck(club: Club, at: int = EVENING) -> None:
    """王五 is struck for an advert."""
    say_aloud(club, "wang.wu", ADVERT, f"ad:{at}", at)
    event = club.message(ADVERT, "wang.wu", at=at, message_id=f"ad:{at}", key=f"ad:{at}")
    context = club.context(event)
    group, person = context.group, context.person
    assert group is not None
    assert person is not None
    moderation.strike(context, group, person, "ads", event=event)


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


@pytest.mark.parametrize("answer", ["同意", "拒绝"])
def test_the_earlier_of_two_strikes_may_be_appealed_when_the_later_one_is_decided(
    club: Club, answer: str
):
    struck(club, EVENING - HOUR)
    struck(club, EVENING)
    club.say("申诉", "wang.wu")
    assert "已经在处理" in told(club.say("申诉", "wang.wu"))
    club.say(f"{answer} {task(club).id}", "boss")

    outcome = club.say("申诉", "wang.wu")

    assert kinds(outcome) == ["task", "reply"]
    assert ("更早的那次" in told(outcome)) == (answer == "拒绝")
    assert task(club).target == str(club.store.find(Strike, order="at")[0].id)
    club.say(f"拒绝 {task(club).id}", "boss")
    assert "已经看过了" in told(club.say("申诉", "wang.wu"))


def test_the_newest_is_the_one_somebody_was_told_of_last(club: Club):
    struck(club, EVENING)
    late = Strike(
        community=COMMUNITY, id=9, person=wu(club).id, group=GROUP, rule="staff", source="early",
        at=EVENING - 2 * HOUR, measure="remind", event_key="", observed=False, reversed_at=0,
        decided_at=EVENING + HOUR,
    )  # fmt: skip
    club.store.put(late)

    club.say("申诉", "wang.wu", at=EVENING + 2 * HOUR)
    assert task(club).target == "9"
    assert "互相尊重" in told(club.say("为什么提醒我", "wang.wu", at=EVENING + 2 * HOUR, group=""))
    club.say("撤销 @王五", "boss", at=EVENING + 3 * HOUR)
    assert [each.id for each in club.store.find(Strike) if each.reversed_at] == [9]


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
