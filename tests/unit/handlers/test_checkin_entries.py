"""Check-ins of a collection: one entry a day, the run, days made up, and what is paid for them."""

from typing import Any

import pytest

from sop.actions import Action
from sop.model import Enrolment, Item, LedgerEntry, Occurrence, Thread
from tests import builders
from tests.builders import EVENING
from tests.lives import DAY, HOUR, MINUTE, Life, life, texts

HEAD = """
quiet: "22:30-07:30"
score: {earn: {checkin: {points: 2, cap: 1/day}}}
benefits: [{id: bag, title: 帆布袋, kind: code, stock: 9}]
steps:
"""
MORNING = """
  - id: morning
    when: "20:00 wed"
    do: [{collect: {title: 晨读打卡, kind: checkin, for: 21d, prizes: [{top: 1, benefit: bag}]}}]
"""
RUN = """
  - {id: run, when: "2026-12-02 20:00", do: [{collect: {title: 跑步, kind: checkin, for: 7d}}]}
"""


def opened(club: Life) -> list[Action]:
    club.now = EVENING - HOUR
    club.enforce()
    club.join("owner", "li", "chen", "zhao")
    lines = club.wait(EVENING)
    club.now += MINUTE
    return lines


def days_later(club: Life, days: int) -> None:
    club.wait(club.now + days * DAY)


def said(lines: list[Action]) -> str:
    return "\n".join(texts(lines, "reply", "dm", "post"))


def paid(club: Life) -> list[tuple[str, int]]:
    found = club.read(LedgerEntry, deed="checkin", order="id")
    return [(each.source, each.points) for each in found]


def items(club: Life, **where: Any) -> list[tuple[int, str]]:
    return [(each.thread, each.status) for each in club.read(Item, order="number", **where)]


def test_where_none_is_open_it_is_an_ordinary_check_in():
    with life(HEAD + MORNING) as club:
        club.join("li")

        assert "Li 签到成功，+2 分。" in said(club.say("打卡 早安"))
        assert items(club) == []
        assert len(paid(club)) == 1


def test_it_is_an_entry_and_paid_once_with_what_was_said():
    with life(HEAD + MORNING) as club:
        assert "漏了一天不要紧，发「补卡」就能补上，每人 3 次。" in said(opened(club))

        lines = club.say("打卡 读了两页")

        assert said(lines) == "Li 签到成功，+2 分。「晨读打卡」第 1 天。"
        assert paid(club) == [("item:g1:1", 2)]
        assert [each.text for each in club.read(Item)] == ["读了两页"]


@pytest.mark.parametrize("words", ["打卡", "打卡！", "签到", "打卡 😀"])
def test_no_words_are_needed(words: str):
    with life(HEAD + MORNING) as club:
        opened(club)
        assert "第 1 天" in said(club.say(words))


def test_a_second_one_of_a_day_is_no_entry_and_is_said_so():
    with life(HEAD + MORNING) as club:
        opened(club)
        club.say("打卡 读了两页")
        lines = club.say("打卡 又读了两页")

        assert "今天在「晨读打卡」打过卡啦" in said(lines)
        assert "签到成功" not in said(lines)
        assert len(items(club)) == len(paid(club)) == 1


def test_the_same_event_twice_and_a_crash_leave_one_entry():
    with life(HEAD + MORNING) as club:
        opened(club)
        event = builders.message("打卡 早安", sender="li", at=club.now)
        club.handle(event, crash=True)
        club.handle(event)
        club.handle(event)

        assert len(items(club)) == len(paid(club)) == 1


def test_days_in_a_row_are_told_and_break():
    with life(HEAD + MORNING) as club:
        opened(club)
        club.say("打卡")
        days_later(club, 1)
        assert "第 2 天，连续 2 天。" in said(club.say("打卡"))
        days_later(club, 2)
        assert "第 3 天。" in said(club.say("打卡"))
        assert club.person("li").streak == 1


def test_missed_days_are_made_up_the_latest_first_so_many_times_and_unpaid():
    with life(HEAD + MORNING) as club:
        opened(club)
        club.say("打卡")
        assert "一天没漏" in said(club.say("补卡"))
        days_later(club, 5)
        club.say("打卡")
        lines = club.say("补卡 昨天也读了")
        assert "Li 补上了 12 月 6 日的卡，「晨读打卡」第 3 天，连续 2 天。还能补 2 次。" in said(
            lines
        )
        club.say("补卡")
        club.say("补卡", key="again")
        assert "机会用完啦" in said(club.say("补卡", key="once-more"))

        assert [status for _, status in items(club)] == ["open", "open", *["made-up"] * 3]
        assert len(paid(club)) == 2
        assert club.person("li").streak == 1
        assert "1. Li 打卡 5 天" in said(club.wait(EVENING + 22 * DAY))


def test_without_a_collection_there_is_nothing_to_make_up_and_talk_stays_talk():
    with life(HEAD + MORNING) as club:
        club.join("li")

        assert said(club.say("补卡 是什么意思")) == ""
        assert "没有能补的" in said(club.say("补卡", mentions_bot=True))


def test_of_several_the_name_decides_and_without_one_nothing_is_done():
    with life(HEAD + MORNING + RUN) as club:
        opened(club)
        assert "1. 晨读打卡\n2. 跑步" in said(club.say("打卡"))
        assert items(club) == paid(club) == []

        assert "「跑步」第 1 天" in said(club.say("打卡 跑步 五公里"))
        assert "「晨读打卡」第 1 天" in said(club.say("打卡 1 读了两页", key="other"))
        assert len(paid(club)) == 1


def test_who_has_more_days_is_ahead_and_wins():
    with life(HEAD + MORNING) as club:
        opened(club)
        for who in ("li", "chen"):
            club.say("打卡", who)
        days_later(club, 1)
        club.say("打卡", "chen")

        words = said(club.wait(EVENING + 22 * DAY))
        assert "1. Chen 打卡 2 天\n2. Li 打卡 1 天" in words
        assert "恭喜Chen，得到「帆布袋」" in words


def test_with_a_review_it_waits_and_then_is_paid_but_not_shown():
    pack = HEAD + MORNING.replace("for: 21d", "for: 21d, review: true")
    with life(pack) as club:
        opened(club)
        assert "请人看过" in said(club.say("打卡 读了两页"))
        assert "打过卡啦" in said(club.say("打卡", key="again"))
        assert len(paid(club)) == 1  # the second was an ordinary check-in
        club.say("同意 1", "owner", mentions_bot=True)

        assert items(club) == [(1, "open")]
        assert "读了两页" not in said(club.wait(EVENING + HOUR))


def test_in_private_it_counts_and_is_not_shown():
    with life(HEAD + MORNING) as club:
        opened(club)
        assert "第 1 天" in said(club.say("打卡 悄悄读了", group="", mentions_bot=True))
        assert items(club) == [(1, "open")]
        assert club.read(Occurrence, kind="show-entries") == []


def test_after_its_end_nothing_is_made_up_and_a_check_in_is_ordinary():
    with life(HEAD + RUN) as club:
        opened(club)
        club.wait(EVENING + 7 * DAY)
        club.say("打卡")
        assert "没有能补的" in said(club.say("补卡", mentions_bot=True))
        assert items(club) == []
        assert [each.status for each in club.read(Thread)] == ["closed"]


def test_teams_check_in_together():
    pack = HEAD + MORNING.replace("for: 21d", "for: 21d, team: {by: 小队, size: 2}")
    with life(pack) as club:
        opened(club)
        club.say("打卡 小队 晨星 读了两页", "li")
        club.say("打卡 小队 晨星", "chen")
        assert "已经满 2 人" in said(club.say("打卡 小队 晨星", "zhao"))
        assert "代表哪个小队" in said(club.say("打卡", "wang"))
        days_later(club, 2)
        club.say("补卡", "li")

        assert {each.team for each in club.read(Item)} == {"晨星", ""}
        assert "1. 「晨星」3 条" in said(club.wait(EVENING + 22 * DAY))


def test_nobody_is_told_that_a_check_in_found_no_echo():
    signal = "signal: {weak: {likes: 5, after: 1d}, then: {weak: dm}}\n"
    with life(signal + HEAD.lstrip() + MORNING) as club:
        opened(club)
        club.say("打卡")

        assert "回应" not in said(club.wait(EVENING + 3 * DAY))


class TestBesideAChallenge:
    PACK = (
        HEAD
        + MORNING
        + """
  - {id: plan, when: "20:00 wed", do: [{challenge: {id: plan, title: 七天, days: 7, daily: 读书}}]}
"""
    )

    def joined(self, club: Life) -> None:
        opened(club)
        club.say("参加挑战", "li")

    def test_one_message_counts_for_both_and_is_paid_once(self):
        with life(self.PACK) as club:
            self.joined(club)

            lines = club.say("打卡 读了两页")

            assert "「晨读打卡」第 1 天" in said(lines)
            assert "七天" in said(lines)
            assert items(club) == [(1, "open")]
            assert paid(club) == [("item:g1:1", 2)]
            (mine,) = club.read(Enrolment)
            assert len(mine.days) == 1

    def test_its_own_word_is_for_the_challenge_alone(self):
        with life(self.PACK) as club:
            self.joined(club)
            club.say("读书 读了两页")

            assert [(i.thread, i.text) for i in club.read(Item)] == [(2, "读了两页")]
            assert "「晨读打卡」第 1 天" in said(club.say("打卡 再来一次"))
            assert len(paid(club)) == 1

    def test_who_is_in_none_still_gives_an_entry(self):
        with life(self.PACK) as club:
            self.joined(club)
            assert "「晨读打卡」第 1 天" in said(club.say("打卡", "chen"))

    def test_an_entry_that_waits_is_a_day_of_the_challenge_now_and_paid_later(self):
        with life(self.PACK.replace("for: 21d", "for: 21d, review: true")) as club:
            self.joined(club)
            lines = club.say("打卡 读了两页")

            assert "请人看过" in said(lines)
            assert "七天" in said(lines)
            assert paid(club) == []
            club.say("同意 1", "owner", mentions_bot=True)
            assert paid(club) == [("item:g1:1", 2)]

    def test_a_missed_day_is_made_up_in_the_challenge(self):
        with life(self.PACK.replace("days: 7,", "days: 7, grace: 1,")) as club:
            self.joined(club)
            days_later(club, 2)
            club.say("补卡 昨天也读了")

            assert [i.thread for i in club.read(Item)] == [2]
