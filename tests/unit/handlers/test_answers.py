"""Standing answers, and the word for who speaks to the bot."""

from collections.abc import Iterator

import pytest

from handlers import answers
from handlers.ports import Outcome
from sop.model import Item, StepRun, ThreadReply
from tests import clubs
from tests.builders import COMMUNITY, EVENING, GROUP
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


def test_a_reply_in_a_thread_needs_no_further_word(club: Club):
    club.group(threads=(7,))
    event = club.message("目录像地图", mentions_bot=True)
    club.store.put(
        ThreadReply(
            community=COMMUNITY, thread=7, person=club.li.id, at=EVENING,
            message_id=event.message_id,
        )
    )  # fmt: skip

    assert answers.answer(event, club.context(event)) == Outcome()


def test_a_question_of_a_slot_is_answered_there(club: Club):
    event = club.message("书单在哪？", mentions_bot=True)
    club.store.put(
        Item(
            community=COMMUNITY, group=GROUP, number=1, kind="question", person=club.li.id,
            text=event.text, at=EVENING, message_id=event.message_id, thread=1,
        )
    )  # fmt: skip

    assert answers.answer(event, club.context(event)) == Outcome()


def test_what_has_set_off_a_step_needs_no_further_word(club: Club):
    club.store.put(
        StepRun(
            community=COMMUNITY, id=1, group=GROUP, step="offer", person=club.li.id, at=EVENING,
            due_at=EVENING,
        )
    )  # fmt: skip

    assert answer(club, "多少钱", mentions_bot=True) == Outcome()


def test_ten_thousand_characters_are_no_trouble(club: Club):
    assert answer(club, "书" * 10_000 + "{{ 7*7 }}") == Outcome()
