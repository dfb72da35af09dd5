"""Giving a claim back: the points return by a reversing entry, the stock if it can.

What was seen (a code, a file, a link) is spent: it goes to nobody else.
"""

from dataclasses import replace
from typing import Final

from handlers.ledger import ledger
from handlers.people import people
from handlers.ports import Context
from handlers.tasks import tasks
from sop.actions import Action
from sop.activities import benefit_terms
from sop.model import Claim, LedgerEntry, Person, Task
from sop.texts import quoted, text

DEED: Final = "redeem"


def source_of(claim: int) -> str:
    """Return the ledger's source of what was paid for a claim."""
    return f"claim:{claim}"


def asking(claim: int) -> str:
    """Return what the task is about that asks whether a claim is agreed to."""
    return f"approve-claim:{claim}"


def by_hand(claim: int) -> str:
    """Return what the task is about by which people see to a claim."""
    return f"claim:{claim}"


def give_back(context: Context, claim: Claim, key: str) -> tuple[Action, ...]:
    """Reverse a claim with all that followed from it and tell the person, in the words of `key`.

    One given back already stays as it is.
    """
    if claim.status not in benefit_terms.OPEN:
        return ()
    lines = undo(context, claim)
    person = context.store.get(Person, context.community, claim.person)
    words = text(key, name=people.shown(person), title=quoted(claim.title or claim.benefit))
    if claim.price:
        words = f"{words}{text('benefits.points-back', price=claim.price)}"
    member = str(claim.person)
    return (*lines, Action(do="dm", group=claim.group, to=member, member=member, text=words))


def undo(context: Context, claim: Claim) -> tuple[Action, ...]:
    """Reverse an open claim with all that followed from it, without a word to anybody."""
    status = "refunded" if is_owed(context, claim) else "spoiled"
    context.store.put(replace(claim, status=status, closed_at=context.now))
    tasks.void(context, asking(claim.id))
    tasks.void(context, by_hand(claim.id))
    paid = context.store.get(
        LedgerEntry, context.community, claim.person, source_of(claim.id), DEED, 0
    )
    return ledger.reverse(context, paid, f"refund:{claim.id}") if paid is not None else ()


def is_owed(context: Context, claim: Claim) -> bool:
    """Tell whether an open claim is still waited for: for a yes, or for people's hands.

    Only then can somebody else have it: what was seen is spent.
    """
    return claim.status == "waiting" or tasks.is_undone(context, by_hand(claim.id))


def nobody_can(context: Context, task: Task, choice: str) -> tuple[Action, ...]:
    """Give back the claim that a task was about which nobody can do."""
    del choice
    number = task.about.removeprefix(by_hand(0)[:-1])
    found = (
        context.store.get(Claim, context.community, int(number)) if number.isdecimal() else None
    )
    return give_back(context, found, "benefits.rejected") if found is not None else ()
