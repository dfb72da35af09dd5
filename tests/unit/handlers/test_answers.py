"""Standing answers, and the word for who speaks to the bot."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from handlers.ports import Outcome
from handlers.recognition import answers
from sop.actions import Action
from tests import clubs
from tests.builders import EVENING, GROUP
from tests.clubs import Club, told
from tests.lives import MINUTE

PACK = """
answers:
  - {asks: [书单在哪, 哪里领书单], reply: "{{ member.name }}，{{ say('领取') }}"}
"""
POINTER = "我在。发「帮助」看看我能做什么。"


@pytest.fixture
def club() -> Iterator[Club]:
    with clubs.opened(PACK) as made:
        yield made


def answer(club: Club, text: str, **fields: object) -> Outcome:
    event = club.message(text, **fields)
    return answers.answer(event, club.context(event))


@pytest.mark.parametrize("text", ["书单在哪", "请问 書單在哪？", "谁知道哪里领书单呀"])
@pytest.mark.parametrize("group", [GROUP, ""], ids=["group", "private"])
def test_a_phrase_is_answered_also_without_a_mention(club: Club, text: str, group: str):
    assert "李四，" in told(answer(club, text, group=group))


def test_the_answer_tells_how_to_say_it_here(club: Club):
    club.group(channels=clubs.MENTIONS_ONLY)

    assert "@晨晨 发「领取」" in told(answer(club, "书单在哪", mentions_bot=True))
    assert "私信我「领取」" in told(answer(club, "书单在哪", group=""))


def test_other_talk_in_the_group_gets_no_answer(club: Club):
    assert answer(club, "今天读了三十页") == Outcome()


@pytest.mark.parametrize(
    "fields", [{"group": ""}, {"mentions_bot": True}], ids=["private", "mention"]
)
def test_who_speaks_to_the_bot_is_never_left_without_a_word(club: Club, fields: dict[str, object]):
    assert "帮助" in told(answer(club, "你好", **fields))


@pytest.mark.parametrize(
    ("said", "hint"),
    [
        ("兑换书店券", "中间空一格我就认得啦，发「兑换 书店券」就好。"),
        ("领取一周书单", "发「领取 一周书单」就好"),
        ("我要怎么兑换呀", "发「兑换」就好：看看积分能换什么"),
        ("我的分怎么来的呢", "发「我的分怎么来的」就好：积分是怎么来的"),
        ("积分多少", "发「积分」就好"),
        ("为什么警告我啊", "发「为什么警告我」就好"),
    ],
)
def test_who_nearly_gives_a_command_about_themselves_hears_how(club: Club, said: str, hint: str):
    assert hint in told(answer(club, said, group=""))
    assert hint in told(answer(club, said, group=""))
    assert answer(club, said) == Outcome()


@pytest.mark.parametrize(
    "said", ["查积分 @李四", "laptop", "claims", "我在读很长很长很长的一本书，讲一个人怎么成长"]
)
def test_other_words_are_no_command_about_oneself(club: Club, said: str):
    assert told(answer(club, said, group="")) == POINTER


@pytest.mark.parametrize("do", ["reply", "post", "dm"])
def test_what_an_earlier_route_has_answered_needs_no_further_word(club: Club, do: str):
    event = club.message("书单在哪？", mentions_bot=True)
    line = Action(do=do, to=str(club.li.id), text="…")

    assert answers.answer(event, replace(club.context(event), earlier=(line,))) == Outcome()


@pytest.mark.parametrize("do", ["task", "dm"])
def test_where_people_are_asked_instead_the_speaker_hears_that_it_was_received(
    club: Club, do: str
):
    event = club.message("今天读了三十页", mentions_bot=True)
    points = Action(do="points", member=str(club.li.id), points=3, deed="message")
    asked = Action(do=do, to="staff", text="…", rule="ads")

    def heard(*lines: Action) -> str:
        return told(answers.answer(event, replace(club.context(event), earlier=lines)))

    assert heard(asked, points) == "收到。"
    assert heard(replace(asked, rule="")) == "收到。"
    assert heard(replace(asked, rule=""), points) == "收到，谢谢分享，+3 分。"


def test_who_is_not_understood_is_pointed_to_the_help_once_an_hour(club: Club):
    def heard(minutes: int, sender: str = "li.si") -> str:
        event = club.message("你好", at=EVENING + minutes * MINUTE, sender=sender, group="")
        return told(answers.answer(event, club.context(event)))

    assert [heard(minutes) for minutes in (0, 1, 59)] == [POINTER, "我在。", "我在。"]
    assert [heard(59, "wang.wu"), heard(60), heard(61)] == [POINTER, POINTER, "我在。"]


def test_a_mention_that_earned_points_is_thanked_with_them(club: Club):
    event = club.message("目录像地图", mentions_bot=True)
    me = str(club.li.id)
    lines = (
        Action(do="points", member=me, points=3, deed="reply"),
        Action(do="points", member=me, points=1, deed="message"),
        Action(do="points", member="999", points=8, deed="invite"),
    )

    outcome = answers.answer(event, replace(club.context(event), earlier=lines))

    assert [action.text for action in outcome.actions] == ["收到，谢谢分享，+4 分。"]


def test_ten_thousand_characters_are_no_trouble(club: Club):
    assert answer(club, "书" * 10_000 + "{{ 7*7 }}") == Outcome()
