"""Proof of the ledger: everything derived on a person, recomputed from the entries."""

from collections.abc import Iterator
from typing import Final

from handlers.ports import Store
from sop import standing
from sop.book import Book
from sop.model import LedgerEntry, Note, Person

SLICE: Final = 500
"""Persons compared in one go."""


def differences(store: Store, book: Book, community: str) -> Iterator[str]:
    """Yield a sentence for every figure of a person that the ledger does not bear out."""
    last, layers = 0, _layers(store, community)
    while True:
        people = store.find(Person, community=community, id__gt=last, order="id", limit=SLICE)
        for person in people:
            entries = store.find(LedgerEntry, community=community, person=person.id)
            yield from _of(person, entries, book)
            yield from _layer(person, layers)
        if len(people) < SLICE:
            return
        last = people[-1].id


def _layers(store: Store, community: str) -> dict[int, str]:
    """The layer each person was last given, as kept when it took effect."""
    notes = store.find(Note, community=community, do="layer", order="id")
    return {int(note.body["person"]): str(note.body["layer"]) for note in notes}


def _layer(person: Person, layers: dict[int, str]) -> Iterator[str]:
    expected = layers.get(person.id, "regular")
    if person.layer != expected:
        yield f"person {person.id}: layer {person.layer!r}, the record says {expected!r}"


def _of(person: Person, entries: object, book: Book) -> Iterator[str]:
    booked = [entry for entry in entries if isinstance(entry, LedgerEntry)]  # type: ignore[attr-defined] # any sequence
    balance = sum(entry.points for entry in booked)
    if balance != person.balance:
        yield f"person {person.id}: balance {person.balance}, the ledger says {balance}"
    score = _score(person, booked, book)
    if score != person.score:
        yield f"person {person.id}: score {person.score}, the ledger says {score}"
    level = standing.level_for(book.pack.levels, person.score)
    expected = level.id if level else ""
    if booked and person.level != expected:
        yield f"person {person.id}: level {person.level!r}, the score says {expected!r}"


def _score(person: Person, entries: list[LedgerEntry], book: Book) -> int:
    """The remembered score: as computed when it last was, plus what was booked since."""
    before = [entry for entry in entries if entry.at <= person.scored_at]
    since = [entry for entry in entries if entry.at > person.scored_at]
    base = standing.score_at(before, person.scored_at, book.pack.score) if before else 0
    return base + sum(entry.standing for entry in since)
