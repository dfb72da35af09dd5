"""Spreading the word: each visitor who opens a member's own link pays the member once."""

from handlers.ledger import ledger
from handlers.people import people
from handlers.ports import Context, Outcome
from sop.actions import Action
from sop.events import LinkOpened


def opened(event: LinkOpened, context: Context) -> Outcome:
    """Book the deed once per link and visitor; an unknown member, or nobody, is paid nothing.

    Whether a visitor is a human, and not the member, is for the page that tells of it to see to.
    """
    person = people.find_person(context.store, context.community, event.member)
    if person is None or not event.visitor:
        return Outcome()
    key = f"spread:{event.link}:{event.visitor}"
    return Outcome(_first(context, key, person.id))


def _first(context: Context, key: str, person: int) -> tuple[Action, ...]:
    if context.store.number(context.community, key) > 1:
        return ()
    return ledger.credit(context, person, "spread", source=key)
