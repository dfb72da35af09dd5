"""A nickname that was taken for somebody else's: what it brought goes to who was meant."""

from dataclasses import replace
from typing import Final

from handlers.checkins import checkins
from handlers.ledger import ledger
from handlers.people import people
from handlers.ports import Context
from handlers.relays import relay_import, relay_targets
from sop.actions import Action
from sop.activities import relays
from sop.model import Group, LedgerEntry, Person, Relay
from sop.times.durations import DAY_MS

PUT_RIGHT_MS: Final = 7 * DAY_MS
"""How long back a nickname that was taken for somebody else's is put right."""


def put_right(
    context: Context, group: Group, name: str, before: Person, person: Person
) -> tuple[Action, ...]:
    """Let what was booked for one by a nickname lately be another's, who was meant.

    Only what the ledger can reverse goes over: check-ins.
    """
    key = relays.name_key(name)
    found = context.store.find(
        Relay, community=context.community, group=group.id, at__gt=context.now - PUT_RIGHT_MS,
        status="done", target=relay_targets.CHECKIN, order="id",
    )  # fmt: skip
    lines: list[Action] = []
    for record in found:
        number = record.counted.get(key)
        booked = people.current(context.store, context.community, number) if number else None
        if booked is None or booked.id != before.id:
            continue
        context.store.put(replace(record, counted={**record.counted, key: person.id}))
        lines.extend(_moved(context, record, key, before, person))
    return tuple(lines)


def _moved(
    context: Context, record: Relay, key: str, before: Person, person: Person
) -> tuple[Action, ...]:
    """Reverse one's check-in of a list, and book the other's, unless theirs is there."""
    source = relay_import.source_of(record.root)
    theirs = _booked(context, before, source, checkins.DEED)
    if theirs is None or _booked(context, before, f"put-right:{theirs.id}", "reversal"):
        return ()
    lines = ledger.reverse(context, theirs, f"put-right:{theirs.id}")
    if _booked(context, person, source, checkins.DEED):
        return lines
    said = _said(record, key)
    return (*lines, *checkins.book(context, person, source=source, said=said).lines)


def _booked(context: Context, person: Person, source: str, deed: str) -> LedgerEntry | None:
    return context.store.get(LedgerEntry, context.community, person.id, source, deed, 0)


def _said(record: Relay, key: str) -> str:
    """Return what stands after a nickname in a list."""
    signed = relays.read(record.text)
    pairs = (
        pair for each in (signed.entries if signed else ()) for pair in relays.names_in(each.text)
    )
    return next((said for name, said in pairs if relays.name_key(name) == key), "")
