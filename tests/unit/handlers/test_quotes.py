"""What a quote means: one person's text, or nothing."""

from collections.abc import Iterator
from typing import Any

import pytest

from handlers.ports import Context
from handlers.threads import quotes
from sop.model import BOT, Message
from tests import builders
from tests.builders import EVENING
from tests.unit.handlers.talking import MINUTE, Talk, talking

DAY = 24 * 60 * MINUTE
PROMPT = "这一段让你想到什么？写下一句就好，长短都可以，明天早上我们一起看。"


@pytest.fixture
def talk() -> Iterator[Talk]:
    with talking() as found:
        yield found


def resolved(talk: Talk, **fields: Any) -> Message | None:
    event = builders.message("同意", at=talk.now, **fields)
    return talk.run(None, lambda context: quotes.resolve(context, context.group, event))


def test_an_id_goes_before_the_text(talk: Talk):
    talk.say("li", "下雨了", message_id="m1")
    talk.say("chen", "出太阳了", message_id="m2")

    found = resolved(talk, quote_id="m1", quote="出太阳了")

    assert found is not None
    assert found.text == "下雨了"


def test_the_latest_message_of_one_person_is_meant(talk: Talk):
    talk.say("li", "下雨了", at=EVENING - MINUTE, message_id="m1")
    talk.say("li", "下雨了", message_id="m2")

    found = resolved(talk, quote="下雨了")

    assert found is not None
    assert found.message_id == "m2"


def test_a_text_two_members_said_means_nobody(talk: Talk):
    talk.say("li", "下雨了", at=EVENING - 6 * DAY)
    talk.say("chen", "下雨了")

    assert resolved(talk, quote="下雨了") is None


@pytest.mark.parametrize(("age", "known"), [(7 * DAY, True), (7 * DAY + 1, False)])
def test_a_text_is_looked_for_within_seven_days(talk: Talk, age: int, *, known: bool):
    talk.say("li", "下雨了", at=EVENING - age)

    assert (resolved(talk, quote="下雨了") is not None) is known


def test_who_says_what_they_quote_does_not_quote_themselves(talk: Talk):
    talk.say("chen", "好的", at=EVENING - MINUTE, message_id="m1")
    event = builders.message("好的", sender="li", quote="好的", message_id="m2")
    talk.say("li", "好的", message_id="m2")

    found = talk.run(None, lambda context: quotes.resolve(context, context.group, event))

    assert found is not None
    assert found.message_id == "m1"


def test_the_bots_name_in_a_quote_does_not_matter(talk: Talk):
    talk.say("li", "从哪本读起")

    assert resolved(talk, quote="@晨晨\u2005从哪本读起") is not None


def test_an_id_nobody_knows_never_falls_to_a_member_of_the_same_words(talk: Talk):
    talk.say("li", "下雨了")
    talk.prompt(PROMPT)

    assert resolved(talk, quote_id="unheard", quote="下雨了") is None
    found = resolved(talk, quote_id="the-posts-own", quote=PROMPT)
    assert found is not None
    assert found.person == BOT


def test_a_long_prompt_is_known_by_its_beginning_while_it_is_open(talk: Talk):
    talk.prompt(PROMPT, **{"for": "10m"})

    assert resolved(talk, quote=PROMPT[:20] + "…") is not None
    assert resolved(talk, quote=PROMPT[:3]) is None
    talk.until(EVENING + 10 * MINUTE)
    assert resolved(talk, quote=PROMPT[:20] + "…") is None


def test_a_beginning_that_two_open_prompts_share_means_neither(talk: Talk):
    talk.prompt(PROMPT)
    talk.prompt(PROMPT + "还有图。")

    assert resolved(talk, quote=PROMPT[:20]) is None


@pytest.mark.parametrize("quote", ["", " ", "\u200b", "没有人说过", "x" * 50_000, "@", "\ud800"])
def test_what_nobody_said_means_nothing(talk: Talk, quote: str):
    talk.say("li", "")

    assert resolved(talk, quote=quote) is None


def test_other_groups_are_not_looked_at(talk: Talk):
    event = builders.message("下雨了", group="g2", quote="下雨了", quote_id="m1")
    talk.run(None, lambda context: context.store.put(builders.group(id="g2")))
    talk.say("li", "下雨了", message_id="m1")

    def elsewhere(context: Context) -> Message | None:
        group = builders.group(id="g2")
        return quotes.resolve(context, group, event)

    assert talk.run(None, elsewhere) is None
