"""Badges are earned once and kept, levels are told warmly, and nobody is named who minds."""

from typing import Any

import pytest

from handlers.ledger import ledger
from handlers.recognition import badges
from sop.model import BadgeHeld, Occurrence
from tests import builders
from tests.builders import EVENING
from tests.lives import DAY, HOUR, Life, life, of, texts

PACK = """
quiet: "22:30-07:30"
score: {earn: {checkin: {points: 2}, share: {points: 5}, message: {points: 1}}}
levels: [{id: seed, title: 新芽, at: 0}, {id: tree, title: 大树, at: 10}]
benefits:
  - {id: card, title: 书卡, kind: link, value: "https://a.example/card", levels: [tree]}
  - {id: mug, title: 马克杯, kind: link, value: "https://a.example/mug"}
badges:
  - {id: early, title: 早起鸟, if: {deeds: {checkin: ">= 2 in 30d"}}, brings: [mug]}
  - {id: tall, title: 栋梁, if: {level: tree}}
  - {id: loved, title: 点赞之星, if: {active_days: ">= 1 in 7d", tenure: ">= 3h"}}
  - {id: host, title: 内容合伙人}
steps:
  - {id: thank, when: {says: [我来主持]}, do: [{badge: host}]}
"""
SECOND = 60_000


def held(club: Life) -> list[tuple[int, str]]:
    return [(each.person, each.badge) for each in club.read(BadgeHeld)]


def checked_in(club: Life, *names: str) -> list[Any]:
    lines = []
    for name in names:
        club.now += SECOND
        lines += club.say(f"打卡 {club.now}", name, key=f"{club.now}{name}")
    return lines


def test_a_badge_is_earned_at_the_deed_told_to_all_in_one_post_and_kept():
    with life(PACK) as club:
        club.join("li", "wang")
        checked_in(club, "li", "wang")
        assert club.tick() == []
        checked_in(club, "li", "wang")
        told = club.tick()

        assert held(club) == [(1, "early"), (2, "early")]
        (post,) = of(told, "post")
        assert post.text == "给大家报个喜 🎉\nLi、Wang 获得「早起鸟」勋章"
        assert of(told, "dm") == []

        checked_in(club, "li", "wang")
        assert club.tick() == []
        assert len(held(club)) == 2


@pytest.mark.parametrize("word", ["免打扰", "不上榜"])
def test_who_minds_is_not_named(word: str):
    with life(PACK) as club:
        club.join("li", "wang")
        club.say(word, "wang")
        checked_in(club, "li", "wang", "li", "wang")
        told = club.tick()

        (post,) = of(told, "post")
        assert "Wang" not in post.text
        alone = [(line.to, "「早起鸟」" in line.text) for line in of(told, "dm")]
        assert alone == ([] if word == "免打扰" else [("2", True)])


def test_a_group_that_has_had_enough_is_left_alone_and_the_member_told():
    with life("budget: {group: 1/day}\n" + PACK) as club:
        club.join("li", "wang")
        checked_in(club, "li", "li")
        assert len(of(club.tick(), "post")) == 1
        checked_in(club, "wang", "wang")
        told = club.tick()

        assert of(told, "post") == []
        assert ["「早起鸟」" in line for line in texts(told, "dm")] == [True]


def test_what_is_found_at_night_is_told_when_the_quiet_hours_end():
    with life(PACK) as club:
        club.enforce()
        club.join("li")
        club.say("早上好")
        lines = club.wait(EVENING + 9 * HOUR)

        assert (1, "loved") in held(club)
        assert of(lines, "post", "dm") == []
        morning = club.wait(EVENING + 12 * HOUR)
        assert ["「点赞之星」" in line for line in texts(morning, "post")] == [True]


def test_what_cannot_be_known_gives_no_badge_and_takes_none():
    group = builders.group(channels={"aibot": "g1", "webhook": "key"})
    with life(PACK, groups=(group,)) as club:
        club.enforce(group)
        club.join("li")
        club.say("打卡 一", mentions_bot=True)
        club.say("打卡 二", mentions_bot=True, key="2")
        club.wait(EVENING + 2 * DAY)

        assert held(club) == [(1, "early")]


def test_a_step_gives_a_badge_to_its_member():
    with life(PACK) as club:
        club.join("li")
        club.say("我来主持")
        told = club.tick()

        (given,) = club.read(BadgeHeld)
        assert (given.badge, given.step, given.group) == ("host", "thank", "g1")
        assert ["「内容合伙人」" in line for line in texts(told, "post")] == [True]


def test_a_badge_opens_what_it_brings():
    with life(PACK) as club:
        club.join("li")
        assert "https://a.example/mug" not in "".join(texts(club.say("领取 马克杯")))
        checked_in(club, "li", "li")
        club.tick()

        assert "https://a.example/mug" in "".join(texts(club.say("领取 马克杯", key="2")))


def test_badges_are_shown_to_who_asks():
    with life(PACK) as club:
        club.join("li")
        assert "还没有勋章" in "".join(texts(club.say("我的勋章")))
        checked_in(club, "li", "li")
        club.tick()
        (shown,) = texts(club.say("我的勋章", key="2"))

        assert "「早起鸟」2026年12月2日" in shown
        assert "还可以争取：栋梁、点赞之星、内容合伙人" in shown
        assert "我的勋章：早起鸟" in "".join(texts(club.say("成长", key="3")))


def test_a_level_is_told_once_in_private_with_what_it_brings():
    with life(PACK) as club:
        club.join("li")
        for each in range(5):
            checked_in(club, "li")
            told = club.tick() if each < 4 else []
            assert of(told, "dm") == []
        told = club.tick()

        (line,) = of(told, "dm")
        assert line.to == "1"
        assert "恭喜你成为「大树」" in line.text
        assert "书卡" in line.text
        assert (1, "tall") in held(club)

        with club.acting("li") as context:
            entries = ledger.book_entry(context, 1, "award", -8, score=-8, source="down")
            assert [each.text for each in of(entries, "level")] == ["seed"]
        for _ in range(4):
            checked_in(club, "li")
        assert of(club.tick(), "dm") == []
        assert club.person().level == "tree"


def test_a_pack_that_tells_levels_itself_is_not_told_twice():
    own = '  - {id: up, when: member.level-up, do: [{dm: "升级啦"}]}\n'
    with life(PACK + own) as club:
        club.join("li")
        for _ in range(5):
            checked_in(club, "li")

        assert texts(club.tick(), "dm") == ["升级啦"]


def test_a_level_is_told_aloud_only_where_nothing_is_private():
    group = builders.group(channels={"robot": "g1", "webhook": "key"})
    with life(PACK, groups=(group,)) as club:
        club.join("li")
        for _ in range(5):
            checked_in(club, "li")
        told = club.tick()

        assert of(told, "task", "dm") == []
        assert any("恭喜 Li 成为「大树」" in line for line in texts(told, "post"))


def test_nothing_is_looked_at_where_no_badge_could_be_earned():
    with life("score: {earn: {message: {points: 1}, checkin: {points: 1}}}") as club:
        club.join("li")
        club.say("打卡 一")

        assert club.read(Occurrence, kind=badges.KIND) == []


def test_a_title_stands_beside_the_name_on_the_boards():
    with life(PACK) as club:
        club.join("li", "wang")
        checked_in(club, "li", "li", "li", "li", "li", "wang")

        shown = "\n".join(texts(club.say("排行", "wang")))
        assert "1. Li「大树」 10 分" in shown
        assert "2. Wang 2 分" in shown
