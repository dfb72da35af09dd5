"""Help on a phone: a few words first, the rest by topic, and staff's words to staff alone."""

from collections.abc import Iterator

import pytest

from handlers import duties
from handlers.ports import Outcome
from sop.activities import help_topics
from tests import builders, clubs
from tests.builders import GROUP
from tests.clubs import Club, aloud, told

PACK = """
rules: {charter: 一起读书}
score:
  earn:
    checkin: {points: 2, cap: 1/day}
"""

LONGEST_ANSWER = 8
"""Lines that a phone shows without scrolling."""


@pytest.fixture
def club() -> Iterator[Club]:
    with clubs.opened(PACK) as made:
        yield made


def test_the_first_answer_is_short_and_tells_how_to_ask_for_more(club: Club):
    lines = told(club.say("帮助")).splitlines()

    assert len(lines) <= LONGEST_ANSWER
    assert "发「签到」：报个到，可以带上一句话" in lines
    assert "「帮助 " in lines[-1]


@pytest.mark.parametrize("asked", ["积分", "福利", "积分明细", "ledger", "我的分怎么来的", "榜单"])
def test_a_topic_is_asked_for_by_its_name_or_by_a_word_of_it(club: Club, asked: str):
    text = told(club.say(f"帮助 {asked}"))

    assert "【积分】" in text
    assert "发「积分明细」" in text
    assert "【签到】" not in text


def test_a_word_that_a_pack_calls_otherwise_is_found_by_that(club: Club):
    club.book = clubs.book("commands: {report: [告状]}\n")

    assert "发「告状」" in told(club.say("帮助 告状"))


def test_help_shows_how_to_say_it_in_this_group(club: Club):
    club.group(channels=clubs.MENTIONS_ONLY)

    first = told(club.say("帮助", mentions_bot=True))
    topic = told(club.say("帮助 积分", mentions_bot=True))

    assert "@晨晨 发「签到」" in first
    assert "@晨晨 发「帮助 " in first
    assert "私信我「积分明细」" in topic


def test_help_leaves_out_what_the_pack_does_not_have(club: Club):
    everything = told(club.say("帮助 全部"))

    assert "发「签到」" in everything
    assert all(word not in everything for word in ("领取", "申诉", "投票", "邀请"))
    assert "【活动】" not in everything


def test_what_is_no_topic_is_talk_unless_it_was_said_to_the_bot(club: Club):
    assert club.say("帮助 有困难的人") == Outcome()

    assert "没找到这一类" in told(club.say("帮助 有困难的人", mentions_bot=True))


def test_staff_hear_of_their_words_in_private_only(club: Club):
    first, topic = club.say("帮助", "boss"), club.say("帮助 成员", "boss")

    assert "待办、成员、运营" in told(first)
    assert "「警告」" in told(topic)
    assert "管理" not in aloud(first)
    assert aloud(topic) == ""


@pytest.mark.parametrize("group", ["g1", ""], ids=["group", "private"])
def test_members_are_told_nothing_that_only_staff_may_say(club: Club, group: str):
    for asked in ("帮助", "帮助 全部", "帮助 管理", "帮助 成员"):
        assert "警告" not in told(club.say(asked, group=group, mentions_bot=True))


def test_every_command_is_told_of_in_one_topic():
    topics = help_topics.contents().topics
    told_of = [name for topic in topics for name in topic.commands]

    assert sorted(told_of) == sorted(set(told_of))
    # `+1` is told with the sign-up it is another word for.
    assert set(duties.DUTIES) - set(told_of) == {"help", "plus_one"}


def test_help_in_private_sends_to_the_group_what_its_members_are_to_read(club: Club):
    first = told(club.say("帮助", group="")).splitlines()
    assert "私信我「签到」：报个到，可以带上一句话" in first
    assert any(line.startswith("到「晨读一群」发「分享」") for line in first)

    club.group(channels=clubs.MENTIONS_ONLY)
    assert "到「晨读一群」@晨晨 发「提问」" in told(club.say("帮助 问答", group=""))

    club.group("g2", channels=clubs.MENTIONS_ONLY, title="二群")
    club.store.put(builders.member(club.li.id, group="g2"))
    assert "到群里@晨晨 发「提问」" in told(club.say("帮助 问答", group=""))


@pytest.mark.parametrize(
    "words", ["分享 一段经验", "提问 从哪读起", "评 1 写得真好真好", "提话题 猫"]
)
def test_nobody_is_sent_to_a_group_in_which_nothing_is_heard_to_say_it_in_private(
    club: Club, words: str
):
    club.group(channels={"appchat": GROUP, "app": "app"})

    assert "发「分享」" not in told(club.say("帮助 全部", group=""))
    reply = told(club.say(words, group=""))
    assert "话我听不到" in reply
    assert "私信我" not in reply
