"""What was booked is taken back with the deed, or booked again: the entry itself stays."""

from dataclasses import replace
from typing import Any, Final

from handlers.ledger import ledger, streaks
from handlers.ports import Context
from sop.actions import Action
from sop.model import LedgerEntry, Person
from sop.standing import standing
from sop.times.durations import DAY_MS

_WITHDRAWAL: Final = "withdrawn:{}"


def is_reversed(context: Context, entry: LedgerEntry) -> bool:
    """Tell whether an entry was taken back."""
    found = context.store.count(
        LedgerEntry, community=context.community, person=entry.person, deed="reversal",
        reversal_of=entry.id,
    )  # fmt: skip
    return found > 0


def withdraw(
    context: Context, person: Person | None, deed: str, source: str, since: int
) -> tuple[Action, ...]:
    """Reverse what a deed has earned that was taken back within a day.

    What nobody had the time to see earns nothing; what others have had stays paid.
    """
    if person is None or context.now - since >= DAY_MS:
        return ()
    lines: tuple[Action, ...] = ()
    for entry in context.store.find(
        LedgerEntry, community=context.community, person=person.id, source=source, deed=deed,
        order="id",
    ):  # fmt: skip
        if not is_reversed(context, entry):
            lines += ledger.reverse(context, entry, _WITHDRAWAL.format(entry.id))
    return lines


def is_withdrawal(entry: LedgerEntry) -> bool:
    """Tell whether an entry took back what was withdrawn."""
    return bool(entry.reversal_of) and entry.source == _WITHDRAWAL.format(entry.reversal_of)


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
