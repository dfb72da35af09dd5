"""Several proposals answered at once: by number, or all about the layers."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from sop.model import Person
from tests.lives import Life, life, of, texts

PACK = """
layers: {core: {enter: {paid: true}, leave: {paid: false}, size: 3}}
steps: [{id: nightly, when: "21:00 daily", do: [{review: layers}]}]
"""
HOUR = 3_600_000


@pytest.fixture
def club() -> Iterator[Life]:
    with life(PACK) as made:
        made.enforce()
        made.join("owner", "amy", "bob", "cat", "dan")
        people = made.read(Person)
        with made.acting() as context:
            for each in people:
                if each.userid != "owner":
                    context.store.put(replace(each, paid=True))
        made.wait(made.now + 2 * HOUR)
        yield made


def core(club: Life) -> set[str]:
    return {each.userid for each in club.read(Person, layer="core")}


def test_all_proposals_are_agreed_to_with_one_word(club: Life):
    said = club.say("同意 全部", sender="owner", group="")

    assert core(club) == {"amy", "bob", "cat"}
    assert "同意了 3 项：Amy、Bob、Cat" in "".join(texts(said, "reply"))


def test_numbers_and_spans_are_answered_each_once_and_others_are_named(club: Life):
    said = club.say("同意 1-2、2 77", sender="owner", group="")

    assert core(club) == {"amy", "bob"}
    assert "没有动：77" in "".join(texts(said, "reply"))
    again = club.say("同意 1 2", sender="owner", group="")
    assert "没有动：1、2" in "".join(texts(again, "reply"))
    assert of(again, "layer") == []


def test_all_are_refused_with_one_word_and_nobody_is_moved(club: Life):
    said = club.say("拒绝 全部", sender="owner", group="")

    assert core(club) == set()
    assert "都维持原样" in "".join(texts(said, "reply"))
    club.now += 1
    assert "没有等你定" in "".join(texts(club.say("拒绝 全部", sender="owner", group="")))


def test_who_has_nothing_to_decide_decides_nothing(club: Life):
    club.say("同意 全部", sender="amy", group="")
    club.say("同意 1 2", sender="amy", group="")

    assert core(club) == set()


def test_talk_that_begins_with_the_word_is_talk(club: Life):
    club.say("同意 全部都去", sender="owner")
    club.say("同意 3-5 点开始", sender="owner")

    assert core(club) == set()
