"""Booking again what was reversed: one more generation of the entry, which stays as it is."""

from dataclasses import replace
from typing import Any

from handlers.ledger import ledger, streaks
from handlers.ports import Context
from sop.actions import Action
from sop.model import LedgerEntry, Person
from sop.standing import standing


def is_reversed(context: Context, entry: LedgerEntry) -> bool:
    """Tell whether an entry was taken back."""
    found = context.store.count(
        LedgerEntry, community=context.community, person=entry.person, deed="reversal",
        reversal_of=entry.id,
    )  # fmt: skip
    return found > 0


def reinstate(context: Context, entry: LedgerEntry) -> tuple[Action, ...]:
    """Book once more exactly what a reversed entry had booked, whatever is full by now.

    What is paid once in a lifetime, and was earned otherwise meanwhile, is not paid again.
    """
    person = context.store.get(Person, context.community, entry.person)
    spec = context.in_force.pack.score.earned(entry.deed)
    if person is None or (spec is not None and spec.once and entry.deed in person.lifetime):
        return ()
    changes: dict[str, Any] = {}
    if spec is not None:
        zone = context.book.zone
        changes["tallies"] = standing.tally(spec, person, entry.deed, context.now, zone)
        changes["lifetime"] = (*person.lifetime, entry.deed) if spec.once else person.lifetime
    alike = context.store.find(
        LedgerEntry, community=context.community, person=entry.person, source=entry.source,
        deed=entry.deed, order="-generation", limit=1,
    )  # fmt: skip
    lines = ledger.book_entry(
        replace(context, group_id=entry.group), entry.person, entry.deed, entry.points,
        score=entry.standing, source=entry.source, step=entry.step,
        generation=alike[0].generation + 1, not_before=entry.at, changes=changes,
    )  # fmt: skip
    if entry.deed == streaks.DEED:
        streaks.recount(context, entry.person)
    return lines
