"""Points that staff gave by a slip are taken back by an entry, and the member is told."""

from typing import Final

from handlers.ledger import ledger, reinstating
from handlers.people import people
from handlers.ports import Context, Outcome
from handlers.replies import discreetly, privately, stopping
from sop.actions import Action
from sop.events import MessageReceived
from sop.model import LedgerEntry, Person
from sop.texts import text

LOOKED_AT: Final = 50
"""Awards by hand, the newest first, among which one is looked for that stands."""


def take_back(event: MessageReceived, context: Context, person: Person) -> Outcome:
    """Reverse the newest points that were given by hand and still stand."""
    name, found = people.shown(person), _newest(context, person)
    if found is None:
        return stopping(privately(text("commands.no-award", name=name)))
    lines = ledger.reverse(context, found, f"award-back:{found.id}")
    to = str(person.id)
    words = text("commands.award-back-member", name=name, points=found.points)
    member = Action(do="dm", group=found.group or context.group_id, to=to, member=to, text=words)
    told = text("commands.award-back", name=name, points=found.points)
    return stopping(*lines, member, discreetly(event, context, told))


def _newest(context: Context, person: Person) -> LedgerEntry | None:
    found = context.store.find(
        LedgerEntry, community=context.community, person=person.id, deed="award", step="",
        order="-id", limit=LOOKED_AT,
    )  # fmt: skip
    return next((each for each in found if not reinstating.is_reversed(context, each)), None)
