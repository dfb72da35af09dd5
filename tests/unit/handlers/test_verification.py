"""The proof of what is remembered of persons, beyond single entries."""

from dataclasses import replace

from handlers.accounts import verification
from handlers.accounts.verification import SLICE
from sop.model import Note, Person
from tests import builders
from tests.builders import COMMUNITY, GROUP
from tests.lives import Life, life


def differences(club: Life) -> list[str]:
    with club.acting() as context:
        return list(verification.differences(context.store, club.book, COMMUNITY))


def test_every_person_is_looked_at_however_many_there_are():
    with life() as club:
        with club.acting() as context:
            for number in range(1, SLICE + 11):
                balance = 5 if number in (1, SLICE, SLICE + 1, SLICE + 10) else 0
                context.store.put(builders.person(number, balance=balance))

        assert differences(club) == [
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

        assert differences(club) == [
            "person 1: layer 'core', the record says 'regular'",
            "person 2: layer 'core', the record says 'regular'",
        ]
        for person in club.read(Person, id__lt=3):
            with club.acting() as context:
                context.store.put(replace(person, layer="regular"))
        assert differences(club) == []
