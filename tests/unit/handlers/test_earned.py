"""A message that people find to be a breach later keeps no point it has earned meanwhile."""

from typing import Any

import pytest

from sop.actions import Action
from sop.model import LedgerEntry, Strike, Task
from tests import builders
from tests.lives import HOUR, MINUTE, Life, life, texts

PACK = """
rules:
  checks: [{id: ads, detect: ads}, {id: rumours, detect: rumours}]
  ladder: [remind, task]
  appeal: {within: 3d}
score:
  window: 60d
  earn:
    message: {points: 2, cap: 2/day}
    introduce: {points: 5, once: true}
    checkin: {points: 3}
    share: {points: 7}
    question: {points: 4}
    answer: {points: 6}
    comment: {points: 8}
    reply: {points: 9}
  lose: {strike: {points: 10}}
levels: [{id: sprout, title: 新芽, at: 0}, {id: reader, title: 书友, at: 2}]
steps:
  - {id: morning, when: "08:00 daily", do: [{ask: 今天想到什么？, for: 12h}]}
"""
DOUBTFUL = "专修电脑，需要的联系我"
RUMOUR = "不转不是中国人，看完马上转发"
ADVERT = "兼职日结，加微信 abc12345"


def club_of() -> Life:
    return life(PACK, groups=[builders.group(owner="boss", staff=("helper",))])


def answer(club: Life, word: str, **fields: object) -> list[Action]:
    club.now += MINUTE
    task = club.read(Task, kind="confirm-breach", order="-id", limit=1)[0]
    return club.say(f"{word} {task.id}", "helper", **fields)


def appeal(club: Life) -> None:
    club.now += MINUTE
    club.say("申诉", group="")
    club.say(f"同意 {club.read(Task, kind='appeal')[0].id}", "helper", at=club.now + 1)


def booked(club: Life) -> list[tuple[str, int]]:
    return [(each.deed, each.points) for each in club.read(LedgerEntry, order="id")]


def earned(club: Life) -> set[str]:
    return {each.deed for each in club.read(LedgerEntry, person=club.person("li").id)}


def account(club: Life) -> list[str]:
    club.now += MINUTE
    lines = texts(club.say("积分明细", "li", group=""), "reply")[0].splitlines()
    return [line.partition(" ")[2] for line in lines if "月" in line]


def test_staff_say_that_it_is_a_breach_and_its_point_is_taken_back_by_an_entry():
    with club_of() as club:
        club.say(DOUBTFUL)
        before = club.read(LedgerEntry)
        answer(club, "同意")

        assert club.read(LedgerEntry, order="id", limit=1) == before
        assert sorted(booked(club)) == [("message", 2), ("reversal", -2), ("strike", -10)]
        assert club.person("li").balance == -10
        assert club.person("li").level == "sprout"
        assert club.unproven() == []


@pytest.mark.parametrize("back", ["appeal", "撤销 @Li", "撤销 1", "没事"])
def test_it_is_given_back_when_the_strike_is_taken_back(back: str):
    with club_of() as club:
        club.say(DOUBTFUL)
        answer(club, "同意")
        club.now += MINUTE
        if back == "appeal":
            appeal(club)
        elif back == "没事":
            club.say(back, "helper", quote=DOUBTFUL)
        else:
            club.say(back, "helper", group="")

        assert club.read(Strike)[0].reversed_at
        assert booked(club)[-1] == ("message", 2)
        assert (club.person("li").balance, club.person("li").level) == (2, "reader")
        assert club.unproven() == []


def test_members_are_told_kindly_of_both():
    with club_of() as club:
        club.say(DOUBTFUL)
        answer(club, "同意")
        taken = account(club)
        appeal(club)

        assert "发言（管理员看过，这一条先不计分） -2" in taken
        assert "发言（这一条的分补回来啦） +2" in account(club)


def test_what_is_given_back_does_not_depend_on_what_is_full_by_now():
    with club_of() as club:
        club.say(DOUBTFUL)
        answer(club, "同意")
        for text in ("今天读到第三章", "这一段很有意思", "明天接着读"):
            club.now += MINUTE
            club.say(text)
        appeal(club)

        assert club.person("li").balance == 3 * 2


def test_the_place_it_took_within_the_cap_of_its_day_is_free_again():
    with club_of() as club:
        club.say(DOUBTFUL)
        answer(club, "同意")
        for text in ("今天读到第三章", "这一段很有意思"):
            club.now += MINUTE
            club.say(text)

        assert club.person("li").balance == 2 * 2 - 10


@pytest.mark.parametrize(
    ("back", "fields"),
    [("撤销 1", {"group": ""}), ("没事", {"quote": DOUBTFUL, "mentions_bot": True})],
    ids=["by the number of the task", "by a quote"],
)
def test_a_breach_that_brings_no_strike_since_another_did_later_earns_nothing_either(
    back: str, fields: dict[str, Any]
):
    with club_of() as club:
        club.say(DOUBTFUL)
        club.now += MINUTE
        club.say(ADVERT)
        answer(club, "同意")

        assert len(club.read(Strike)) == 1
        assert club.person("li").balance == -10
        club.say(back, "helper", at=club.now + 1, **fields)
        assert club.person("li").balance == 2 - 10
        assert club.unproven() == []


def test_other_messages_keep_what_they_earned():
    with club_of() as club:
        club.say("今天读到第三章")
        club.say(DOUBTFUL, "wang")
        answer(club, "同意")

        assert (club.person("li").balance, club.person("wang").balance) == (2, -10)


@pytest.mark.parametrize(
    ("said", "deed"),
    [
        (f"大家好，我是小李，{RUMOUR}", "introduce"),
        (f"签到 {RUMOUR}", "checkin"),
        (f"分享 {RUMOUR}", "share"),
        (f"提问 {RUMOUR}？", "question"),
        (f"回答 1 {RUMOUR}", "answer"),
        (f"评 2 {RUMOUR}", "comment"),
    ],
)
def test_whatever_the_message_earned_is_taken_back_and_given_back(said: str, deed: str):
    with club_of() as club:
        club.say("提问 明天读哪一章？", "wang")
        club.say("分享 这一章讲得真好", "wang")
        club.now += MINUTE
        club.say(said, mentions_bot=True)
        assert deed in earned(club)
        before = club.person("li")
        answer(club, "同意")
        taken = club.person("li")
        appeal(club)

        assert taken.balance == -10
        assert club.person("li").balance == before.balance
        assert club.person("li").streak == before.streak
        assert club.unproven() == []


def test_a_reply_to_a_prompt_is_taken_back_and_given_back():
    with club_of() as club:
        club.enforce(builders.group(owner="boss", staff=("helper",)))
        club.wait(club.now + 13 * HOUR)
        club.say(DOUBTFUL)
        assert "reply" in earned(club)
        before = club.person("li").balance
        answer(club, "同意")

        assert club.person("li").balance == -10
        appeal(club)
        assert club.person("li").balance == before


@pytest.mark.parametrize("rounds", [1, 2, 3])
def test_minds_changed_again_and_again_leave_every_entry_and_the_same_points(rounds: int):
    with club_of() as club:
        club.say(DOUBTFUL)
        for _ in range(rounds):
            club.now += MINUTE
            club.say("广告 @li", "helper", quote=DOUBTFUL)
            assert club.person("li").balance == -10
            club.now += MINUTE
            club.say("没事", "helper", quote=DOUBTFUL)
            assert club.person("li").balance == 2

        assert club.unproven() == []
        assert len(booked(club)) == 1 + 4 * rounds
