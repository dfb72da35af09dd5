"""Standing answers, and the word for who speaks to the bot."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from handlers.ports import Outcome
from handlers.recognition import answers
from sop.actions import Action
from tests import clubs
from tests.builders import GROUP
from tests.clubs import Club, told

PACK = """
answers:
  - {asks: [书单在哪, 哪里领书单], reply: "{{ member.name }}，{{ say('领取') }}"}
"""


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


@pytest.mark.parametrize("do", ["reply", "post", "dm", "task"])
def test_what_an_earlier_route_has_answered_needs_no_further_word(club: Club, do: str):
    event = club.message("书单在哪？", mentions_bot=True)
    context = replace(club.context(event), earlier=(Action(do=do, text="…"),))

    assert answers.answer(event, context) == Outcome()


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
