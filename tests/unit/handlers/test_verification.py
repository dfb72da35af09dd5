"""The proof of what is remembered of persons, beyond single entries."""

from dataclasses import replace
from datetime import date

import pytest

from handlers.accounts.verification import SLICE
from sop.model import Note, Person
from sop.times import localtime
from tests import builders
from tests.builders import COMMUNITY, GROUP
from tests.lives import HOUR, MINUTE, life


def test_every_person_is_looked_at_however_many_there_are():
    with life() as club:
        with club.acting() as context:
            for number in range(1, SLICE + 11):
                balance = 5 if number in (1, SLICE, SLICE + 1, SLICE + 10) else 0
                context.store.put(builders.person(number, balance=balance))

        assert club.unproven() == [
            f"person {number}: balance 5, the ledger says 0"
            for number in (1, SLICE, SLICE + 1, SLICE + 10)
        ]


def test_a_layer_nobody_gave_is_found():
    with life() as club:
        with club.acting() as context:
            for number, layer in enumerate(("core", "regular", "core"), start=1):
                context.store.put(builders.person(number, layer="core"))
                if number > 1:
                    context.store.put(
                        Note(
                            community=COMMUNITY, id=number, group=GROUP, at=club.now, do="layer",
                            body={"person": number, "layer": layer},
                        )
                    )  # fmt: skip

        assert club.unproven() == [
            "person 1: layer 'core', the record says 'regular'",
            "person 2: layer 'core', the record says 'regular'",
        ]
        for person in club.read(Person, id__lt=3):
            with club.acting() as context:
                context.store.put(replace(person, layer="regular"))
        assert club.unproven() == []


FADING = """
score: {window: 1d, earn: {message: {points: 5}}}
levels: [{id: sprout, title: 新芽, at: 0}, {id: reader, title: 书友, at: 10}]
"""


@pytest.mark.parametrize("minute", [1, 4, 6])
def test_a_ranking_asked_for_before_the_night_is_over_leaves_nothing_to_differ(minute: int):
    with life(FADING) as club:
        club.enforce()
        club.say("今天读到第三章")
        club.now += HOUR
        club.say("这一段很有意思")
        midnight = localtime.local_midnight(date(2026, 12, 4), club.book.zone)
        lines = [*club.wait(midnight + minute * MINUTE), *club.say("排行", "wang")]
        asked = club.unproven()
        lines += club.wait(midnight + 10 * MINUTE)

        assert asked == club.unproven() == []
        assert [(each.text, each.reason) for each in lines if each.do == "level"] == [
            ("sprout", "down")
        ]
