"""Proof of the ledger: everything derived on a person, recomputed from the entries.

Persons and entries are read side by side in the order of their keys, each once, so that the
proof of ten million entries takes a minute and little memory.
"""

from collections import Counter
from collections.abc import Iterator
from itertools import groupby
from operator import itemgetter
from typing import Any, Final

from handlers.benefits import claim_accounts
from handlers.ledger import streaks
from handlers.ports import Store
from sop.book import Book
from sop.model import LedgerEntry, Note, Person
from sop.standing import boards, standing
from sop.standing.streaks import run_of
from sop.times import localtime

SLICE: Final = 500
"""Persons held in memory at a time."""

READ: Final = ("person", *standing.BOOKED, "points", "deed")
"""What is read of an entry; its place in a row is given by the names below."""

_PERSON, _STANDING, _AT, _ID, _REVERSAL, _POINTS, _DEED = range(len(READ))

Rows = list[tuple[Any, ...]]


def differences(store: Store, book: Book, community: str) -> Iterator[str]:
    """Yield a sentence for every figure of a person that the ledger does not bear out."""
    layers = _layers(store, community)
    ledgers = _ledgers(store, community)
    number, entries = next(ledgers, _END)
    for person in _people(store, community):
        while number and number < person.id:
            yield f"person {number}: {len(entries)} entries of nobody"
            number, entries = next(ledgers, _END)
        own: Rows = []
        if number == person.id:
            own, (number, entries) = entries, next(ledgers, _END)
        yield from _of(person, own, book)
        yield from _layer(person, layers)
    while number:
        yield f"person {number}: {len(entries)} entries of nobody"
        number, entries = next(ledgers, _END)
    yield from claim_accounts.differences(store, community)


_END: Final[tuple[int, Rows]] = (0, [])


def _people(store: Store, community: str) -> Iterator[Person]:
    last = 0
    while True:
        found = store.find(Person, community=community, id__gt=last, order="id", limit=SLICE)
        yield from found
        if len(found) < SLICE:
            return
        last = found[-1].id


def _ledgers(store: Store, community: str) -> Iterator[tuple[int, Rows]]:
    """Yield each person that has entries, with all of them."""
    rows = store.rows(LedgerEntry, READ, community=community, order="person")
    for number, entries in groupby(rows, key=itemgetter(_PERSON)):
        yield number, list(entries)


def _layers(store: Store, community: str) -> dict[int, str]:
    """The layer each person was last given, as kept when it took effect."""
    notes = store.find(Note, community=community, do="layer", order="id")
    return {int(note.body["person"]): str(note.body["layer"]) for note in notes}


def _layer(person: Person, layers: dict[int, str]) -> Iterator[str]:
    expected = layers.get(person.id, "regular")
    if person.layer != expected:
        yield f"person {person.id}: layer {person.layer!r}, the record says {expected!r}"


def _of(person: Person, entries: Rows, book: Book) -> Iterator[str]:
    balance = sum([row[_POINTS] for row in entries])
    if balance != person.balance:
        yield f"person {person.id}: balance {person.balance}, the ledger says {balance}"
    stood = _standing(entries)
    score = _score(person, stood, book)
    if score != person.score:
        yield f"person {person.id}: score {person.score}, the ledger says {score}"
    level = standing.level_for(book.pack.levels, person.score)
    expected = level.id if level else ""
    if entries and person.level != expected:
        yield f"person {person.id}: level {person.level!r}, the score says {expected!r}"
    yield from _streak(person, stood, book)
    yield from _boards(person, stood, book)


def _streak(person: Person, stood: Rows, book: Book) -> Iterator[str]:
    days = {
        localtime.local_date(row[_AT], book.zone) for row in stood if row[_DEED] == streaks.DEED
    }
    found = f"{run_of(days)} up to {max(days, default='')}"
    if f"{person.streak} up to {person.streak_on}" != found:
        yield (
            f"person {person.id}: streak {person.streak} up to {person.streak_on}, "
            f"the ledger says {found}"
        )


def _standing(entries: Rows) -> Rows:
    """Return the entries that stand: neither reversed nor a reversal."""
    undone = {row[_REVERSAL] for row in entries}
    if undone <= {0}:
        return entries
    return [row for row in entries if not row[_REVERSAL] and row[_ID] not in undone]


def _score(person: Person, stood: Rows, book: Book) -> int:
    """The remembered score: as computed when it last was, plus what was booked since."""
    at = person.scored_at
    before = [row[_STANDING:_POINTS] for row in stood if row[_AT] <= at]
    since: int = sum([row[_STANDING] for row in stood if row[_AT] > at])
    return (standing.score_at(before, at, book.pack.score) if before else 0) + since


def _boards(person: Person, stood: Rows, book: Book) -> Iterator[str]:
    if not person.boards:
        return
    counted: dict[str, Counter[str]] = {}
    for name, (period, found) in person.boards.items():
        within = boards.bounds(book.pack.seasons, name, period, book.zone)
        if within is None:
            continue
        since, until = within
        if name in boards.SUMS:
            right = sum([row[_STANDING] for row in stood if since <= row[_AT] < until])
        else:
            deeds = counted.get(period)
            if deeds is None:
                deeds = Counter([row[_DEED] for row in stood if since <= row[_AT] < until])
                counted[period] = deeds
            right = deeds[name]
        if right != found:
            yield f"person {person.id}: {name} {period} {found}, the ledger says {right}"
