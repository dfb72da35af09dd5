"""Check-ins in a row: derived from the ledger, kept on the person so that nobody need count.

Only a check-in that was booked counts, one a local day; there is no make-up for a missed one.
"""

from dataclasses import replace
from datetime import date
from typing import Any, Final

from handlers.ports import Context
from sop.model import LedgerEntry, Person
from sop.standing import streaks
from sop.texts import text
from sop.times import localtime

DEED: Final = "checkin"

TOLD_FROM: Final = 2
"""Days in a row from which it is worth a word."""


def extend(context: Context, person_id: int) -> str:
    """Count the check-in just booked; returns what to say of the run, nothing for a first day."""
    person = context.store.get(Person, context.community, person_id)
    if person is None:
        return ""
    today = _today(context)
    if today.isoformat() < person.streak_on:
        # A clock that was put back: the day may fill a gap.
        recount(context, person_id)
        return ""
    days = streaks.continued(person.streak, person.streak_on, today)
    context.store.put(replace(person, streak=days, streak_on=today.isoformat()))
    return told(days)


def told(days: int) -> str:
    """Return what to say of a run, nothing for a single day."""
    return text("streaks.days", count=days) if days >= TOLD_FROM else ""


def lasting(context: Context, person: Person) -> int:
    """Return how many days in a row the person has checked in, up to today or yesterday."""
    return streaks.standing(person.streak, person.streak_on, _today(context))


def recount(context: Context, person_id: int) -> None:
    """Derive the run from the ledger anew: entries were reversed, or have become somebody's."""
    person = context.store.get(Person, context.community, person_id)
    if person is None:
        return
    days = checked_in(context, person_id)
    last = max(days, default=None)
    found = streaks.run_of(days), last.isoformat() if last else ""
    if found != (person.streak, person.streak_on):
        context.store.put(replace(person, streak=found[0], streak_on=found[1]))


def checked_in(context: Context, person_id: int) -> frozenset[date]:
    """Return the local days with a check-in that stands."""
    own: dict[str, Any] = {"community": context.community, "person": person_id}
    booked = context.store.find(LedgerEntry, deed=DEED, **own)
    if not booked:
        return frozenset()
    reversals = context.store.find(LedgerEntry, deed="reversal", **own)
    undone = {each.reversal_of for each in reversals}
    return frozenset(
        localtime.local_date(each.at, context.book.zone)
        for each in booked
        if each.id not in undone
    )


def _today(context: Context) -> date:
    return localtime.local_date(context.now, context.book.zone)
