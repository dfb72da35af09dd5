"""Steps set off by words: at once, for the sender, within their limits."""

from collections.abc import Iterator

import pytest

from sop.model import StepRun
from tests.builders import EVENING
from tests.unit.handlers.talking import MINUTE, Talk, talking, words

PACK = """
quiet: "19:00-07:30"
steps:
  - id: price
    when: {says: [多少钱, 怎么买]}
    limit: {member: 1/1d}
    do: [{post: "{{ member.name }}，看这里"}]
  - {id: both, when: {says: [课, 报名], mode: all}, do: [{post: 报名链接}]}
  - {id: order, when: {says: ['订单\\s*[0-9]{4,}'], mode: regex}, do: [{post: 查订单}]}
  - {id: inner, when: {says: [多少钱]}, in: core, do: [{post: 核心群价格}]}
"""


@pytest.fixture
def talk() -> Iterator[Talk]:
    with talking(PACK) as found:
        yield found


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("请问多少钱", "li，看这里"),
        ("請問多少錢", "li，看这里"),
        ("怎\u200b么买", "li，看这里"),
        ("有课吗", ""),
        ("有课吗？想报名", "报名链接"),
        ("订单１２３４", "查订单"),
        ("订单 123", ""),
        ("", ""),
    ],
)
def test_words_set_off_their_steps(talk: Talk, said: str, expected: str):
    assert words(talk.say("li", said), "post") == expected


def test_a_step_answers_in_quiet_hours_and_is_recorded_for_its_sender(talk: Talk):
    talk.say("li", "多少钱")

    assert [(run.step, run.person > 0) for run in talk.read(StepRun)] == [("price", True)]


def test_limits_hold_per_member(talk: Talk):
    assert talk.say("li", "多少钱") != []
    assert talk.say("li", "怎么买") == []
    assert talk.say("chen", "怎么买") != []


def test_one_message_may_set_off_several_steps(talk: Talk):
    assert len(talk.say("li", "课多少钱，怎么报名")) == 2


def test_a_paused_group_is_not_answered(talk: Talk):
    talk.group(paused=True)

    assert talk.say("li", "多少钱") == []


@pytest.mark.parametrize(("late", "count"), [(30 * MINUTE, 1), (30 * MINUTE + 1, 0)])
def test_what_is_heard_half_an_hour_late_is_answered_no_more(talk: Talk, late: int, count: int):
    assert len(talk.say("li", "多少钱", at=EVENING - late)) == count
