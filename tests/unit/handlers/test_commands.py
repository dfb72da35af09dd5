"""Commands as members give them: in the group, in private, with hostile input."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from handlers import commands, duties
from handlers.ledger import ledger
from handlers.ports import Outcome
from handlers.recognition import recognition
from sop.model import LedgerEntry, Member, Person
from tests import builders, clubs
from tests.builders import COMMUNITY, EVENING, GROUP
from tests.clubs import Club, aloud, kinds, told

PACK = """
rules: {charter: 一起读书}
score:
  earn:
    checkin: {points: 2, cap: 1/day}
levels:
  - {id: sprout, title: 新芽, at: 0}
  - {id: reader, title: 书友, at: 30}
"""


@pytest.fixture
def club() -> Iterator[Club]:
    with clubs.opened(PACK) as made:
        yield made


def is_command(club: Club, text: str) -> bool:
    event = club.message(text)
    return recognition.is_command(event, club.context(event))


@pytest.mark.parametrize(
    "text",
    [
        "今天读了什么",
        "同意楼上",
        "赞！",
        "+1",
        "分享一本书",
        "分享",
        "赞 得好",
        "评 得好",
        "精华 @李四",
        "完成 3 组深蹲",
        "同意！",
    ],
)
def test_talk_in_the_group_is_no_command(club: Club, text: str):
    assert not is_command(club, text)
    assert club.say(text) == Outcome()


@pytest.mark.parametrize(
    "text",
    [
        "签到！",
        "签到",
        "帮助",
        "警告 @王五",
        "同意 12",
        "任务",
        "积分",
        "赞 12",
        "赞12",
        "赞 @李四",
        "评 3 说得好",
        "分享 一本书",
        "取消赞 12",
    ],
)
def test_a_command_word_with_what_it_needs_is_a_command(club: Club, text: str):
    assert is_command(club, text)


def test_every_command_word_is_carried_out(club: Club):
    assert set(club.book.words.names) == set(duties.DUTIES)


def test_the_rules_are_shown_as_written(club: Club):
    assert told(club.say("群规")) == "一起读书"


def test_a_group_without_rules_has_a_friendly_word(club: Club):
    club.book = clubs.book()

    assert "友善" in told(club.say("群规"))


def test_a_check_in_pays_once_a_day_and_is_kindly_answered_again(club: Club):
    first = club.say("签到", key="a")
    second = club.say("签到", key="b")

    assert [(line.deed, line.points) for line in first.actions if line.do == "points"] == [
        ("checkin", 2)
    ]
    assert "+2" in told(first)
    assert kinds(second) == ["reply"]
    assert "李四" in told(second)


def test_a_muted_member_is_not_told_so_in_front_of_all(club: Club):
    club.store.put(replace(club.li, muted_until=EVENING + 1))

    outcome = club.say("打卡 读了十页")

    assert kinds(outcome) == ["reply"]
    assert told(outcome) == "李四 签到成功。"


def test_a_check_in_without_pay_is_still_answered(club: Club):
    club.book = clubs.book()

    assert "李四" in told(club.say("签到"))


def test_points_are_told_privately_with_what_is_missing(club: Club):
    club.say("签到")

    outcome = club.say("积分")

    assert not aloud(outcome)
    assert "余额 2 分" in told(outcome)
    assert "新芽" in told(outcome)
    assert "再有 28 分就是「书友」" in told(outcome)


def test_the_ledger_tells_what_each_entry_was_for_and_only_ones_own(club: Club):
    club.say("签到")
    club.say("签到", "boss", key="boss")

    outcome = club.say("积分明细")

    assert not aloud(outcome)
    assert told(outcome).splitlines()[1:] == [
        "12月2日 签到 +2",
        "今天已计满：签到 1/1，明天继续。",
        "再有 28 分就是「书友」。",
    ]


def test_the_ledger_shows_the_last_ten(club: Club):
    context = builders.context(club.store, club.book)
    for number in range(12):
        ledger.book_entry(
            context, club.li.id, "award", number + 1, score=0, source=f"test:{number}"
        )

    lines = told(club.say("积分明细")).splitlines()[1:]

    assert len([line for line in lines if "奖励" in line]) == 10
    assert lines[0].endswith("+12")


def test_a_group_without_private_ways_only_hears_how_to_ask(club: Club):
    club.group(channels=clubs.MENTIONS_ONLY)
    club.say("签到", mentions_bot=True)

    for word in ("积分", "积分明细", "成长", "申诉"):
        outcome = club.say(word, mentions_bot=True)

        assert not aloud(outcome)
        assert f"私信我「{word}」" in told(outcome)
        assert "2 分" not in told(outcome)


def score(club: Club, userid: str, name: str, points: int) -> Person:
    person = club.member(userid, name, score=points)
    club.store.put(
        LedgerEntry(
            community=COMMUNITY,
            id=club.store.number(COMMUNITY, "ledger"),
            person=person.id,
            group=GROUP,
            deed="award",
            points=points,
            source=f"test:{userid}",
            step="",
            version="v1",
            at=EVENING - 1,
            standing=points,
        )
    )
    return person


def test_the_ranking_shows_ten_and_leaves_out_who_does_not_want_it(club: Club):
    for number in range(12):
        score(club, f"u{number}", f"书友{number:02d}", 100 - number)
    hidden = score(club, "hidden", "隐身", 500)
    club.store.put(replace(hidden, unranked=True))

    public = club.say("排行").actions[0]

    assert public.text.splitlines()[1:] == [
        f"{number + 1}. 书友{number:02d} {100 - number} 分" for number in range(10)
    ]


def test_ones_own_place_is_told_aside_in_a_group(club: Club):
    for number in range(12):
        score(club, f"u{number}", f"书友{number:02d}", 100 - number)
    score(club, "li", "李四", 90)
    score(club, "last", "末位", 5)

    public, aside = club.say("排行").actions

    assert "李四" not in public.text
    assert aside.private
    assert "第 11 位" in aside.text


def test_nobody_ever_hears_that_they_are_last(club: Club):
    for number in range(12):
        score(club, f"u{number}", f"书友{number:02d}", 100 - number)
    score(club, "li", "李四", 5)

    text = told(club.say("排行", group=""))

    assert "第 13 位" not in text
    assert "再有 87 分，你就上榜啦" in text


def test_growth_tells_level_and_prospects_in_private(club: Club):
    club.book = clubs.book(
        PACK + "benefits: [{id: gift, title: 书签, kind: link, value: 'https://example.com'},"
        " {id: seat, title: 座位, kind: code, levels: [reader]}]"
    )

    outcome = club.say("成长")

    assert not aloud(outcome)
    assert "你现在是「新芽」" in told(outcome)
    assert "现在就可以领取：书签" in told(outcome)
    assert "到那时还能得到：座位" in told(outcome)


@pytest.mark.parametrize(
    ("word", "field"),
    [("免打扰", "nudges_off"), ("不上榜", "unranked")],
    ids=["nudges", "ranking"],
)
def test_a_switch_is_turned_and_turned_back(club: Club, word: str, field: str):
    for expected in (True, False):
        outcome = club.say(word)

        person = club.store.get(Person, COMMUNITY, club.li.id)
        assert getattr(person, field) is expected
        assert not aloud(outcome)


def test_in_private_the_only_group_is_meant(club: Club):
    outcome = club.say("签到", group="")

    assert outcome.actions[0].group == GROUP
    assert outcome.actions[0].points == 2


def test_in_private_with_several_groups_the_bot_asks_which(club: Club):
    club.group("beta", title="晨读二群")
    club.member("li", of="beta")

    asked = club.say("签到", group="")
    named = club.say("晨读二群 签到", group="")

    assert kinds(asked) == ["reply"]
    assert "晨读二群、晨读一群" in told(asked)
    assert named.actions[0].group == "beta"


def test_a_group_somebody_is_not_in_cannot_be_named(club: Club):
    club.group("beta", title="晨读二群")

    assert club.say("晨读二群 签到", group="") == Outcome()


@pytest.mark.parametrize(
    ("said", "again"),
    [
        ("赞 12", "晨读二群 赞 12"),
        ("排行 本群 本月", "晨读二群 排行 本群 本月"),
        (f"赞 {'长' * 50}", f"晨读二群 赞 {'长' * 19}…"),
        ("签到 读了\n十页", "晨读二群 签到 读了 十页"),
        ("补卡 读了十页", "晨读二群 补卡 读了十页"),
        ("投稿 我和一本书", "晨读二群 投稿 我和一本书"),
        ("随手拍 门口的灯坏了", "晨读二群 随手拍 门口的灯坏了"),
    ],
)
def test_who_is_asked_which_group_is_meant_reads_what_to_say(club: Club, said: str, again: str):
    club.group("beta", title="晨读二群")
    club.member("li", of="beta")

    assert f"「{again}」" in told(club.say(said, group=""))


def test_staff_are_asked_which_group_with_whom_they_meant(club: Club):
    club.group("beta", title="晨读二群")

    assert "「晨读二群 积分 @李四」" in told(club.say("积分 @李四", "boss", group=""))


def test_two_groups_of_one_title_are_told_apart_by_id(club: Club):
    club.group("beta")
    club.member("li", of="beta")

    assert "晨读一群（beta）" in told(club.say("签到", group=""))
    assert club.say("晨读一群 签到", group="") == Outcome()
    assert club.say("beta 签到", group="").actions[0].group == "beta"


@pytest.mark.parametrize(
    "said", ["Beta 签到", "ＢＥＴＡ签到", "晨讀 BOOK 二群 签到", "晨读book二群签到"]
)
def test_a_group_may_be_named_in_another_case_and_with_blanks(club: Club, said: str):
    club.group("beta", title="晨读Book二群")
    club.group("beta-2", title="晨读")
    for group in ("beta", "beta-2"):
        club.member("li", of=group)

    assert club.say(said, group="").actions[0].group == "beta"


@pytest.mark.parametrize(("said", "meant"), [("Beta", "gamma"), ("beta", "beta"), ("BETA", "")])
def test_of_two_groups_whose_names_differ_in_case_the_one_written_so_is_meant(
    club: Club, said: str, meant: str
):
    club.group("beta", title="晨读二群")
    club.group("gamma", title="Beta")
    for group in ("beta", "gamma"):
        club.member("li", of=group)

    outcome = club.say(f"{said} 签到", group="")
    assert (outcome.actions[0].group if outcome.actions else "") == meant


def test_who_left_every_group_is_told_that_they_are_in_none(club: Club):
    membership = club.store.get(Member, COMMUNITY, GROUP, club.li.id)
    club.store.put(replace(membership, left_at=EVENING))

    outcome = club.say("签到", group="")

    assert kinds(outcome) == ["reply"]
    assert "你现在不在群里" in told(outcome)


def test_nobody_acts_where_the_sender_is_unknown(club: Club):
    context = builders.context(club.store, club.book)

    assert commands.run_command(builders.message("签到"), context) == Outcome()


HOSTILE = [
    "签到 " + "x" * 10_000,
    "晨" * 10_000,
    "领取 " + "{{ 7*7 }}" * 900,
    "帮助\0\u202e",
    "@" * 10_000,
]


@pytest.mark.parametrize("text", HOSTILE, ids=["long", "no-command", "template", "control", "at"])
@pytest.mark.parametrize("group", [GROUP, ""], ids=["group", "private"])
def test_hostile_text_is_answered_shortly_or_not_at_all(club: Club, text: str, group: str):
    outcome = club.say(text, group=group)

    assert all(len(action.text) < 2_000 for action in outcome.actions)
