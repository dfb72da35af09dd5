"""What staff take back: benefits, in a chat or from outside, points given by hand, strikes."""

from dataclasses import replace

from handlers.benefits import returns
from handlers.people import people
from handlers.ports import Context, Outcome
from handlers.recognition import recognition
from handlers.replies import discreetly, privately, stopping
from handlers.staff import awards, staff
from handlers.tasks import tasks
from handlers.threads import naming
from sop.actions import Action
from sop.activities import benefit_terms
from sop.activities.commands import parse_command
from sop.events import MessageReceived
from sop.model import Claim, Group, Person
from sop.texts import quoted, text
from sop.told_events import BenefitRefunded


def pardon(event: MessageReceived, context: Context, argument: str) -> Outcome:
    """Take back a benefit (by number, or the last) or points given by hand; else a strike."""
    number = recognition.claim_number(context, argument)
    if number:
        found = context.store.get(Claim, context.community, number)
        return _taken_back(event, context, found)
    if _named(context, argument) in recognition.REDEEMED:
        return _taken_back(event, context, None)
    meant = naming.resolve(event, context, argument, former=True)
    what = _named(context, meant.rest)
    if meant.person is not None and what == "award":
        return awards.take_back(event, context, meant.person)
    if meant.person is None or what not in recognition.REDEEMED:
        return staff.pardon(event, context, argument)
    return _taken_back(event, context, _last(context, meant.person))


def _named(context: Context, words: str) -> str:
    """Return the command by whose word something is meant, empty where by none."""
    command = parse_command(words, context.book.words)
    return command.name if command is not None else ""


def _last(context: Context, person: Person) -> Claim | None:
    found = context.store.find(
        Claim, community=context.community, person=person.id,
        status__in=benefit_terms.OPEN, order="-id", limit=1,
    )  # fmt: skip
    return found[0] if found else None


def _taken_back(event: MessageReceived, context: Context, found: Claim | None) -> Outcome:
    if found is None:
        return stopping(privately(text("benefits.no-claim")))
    if found.status not in benefit_terms.OPEN:
        return stopping(privately(text("benefits.refunded-already", number=found.id)))
    group = context.store.get(Group, context.community, found.group)
    if found.person == context.person_id and not tasks.owns(context.person, group):
        return stopping(privately(text("benefits.refund-self")))
    lines = returns.give_back(context, found, "benefits.refunded")
    return stopping(*lines, discreetly(event, context, _account(context, found)))


def _account(context: Context, before: Claim) -> str:
    """Tell staff what was given back and what could not be."""
    after = context.store.get(Claim, context.community, before.id)
    person = context.store.get(Person, context.community, before.person)
    spoiled = after is not None and after.status == "spoiled"
    name, title = people.shown(person), quoted(before.title or before.benefit)
    words = [text("benefits.taken-back", name=name, title=title, number=before.id)]
    if before.price:
        words.append(text("benefits.points-returned", price=before.price))
    if spoiled:
        words.append(text("benefits.spoiled"))
    return "".join(words)


def take_back(event: BenefitRefunded, context: Context) -> Outcome:
    """Give back a claim named from outside a chat; a refusal is a line with its reason."""
    found = context.store.get(Claim, context.community, event.claim)
    if found is None:
        return Outcome((Action(do="error", reason="unknown-claim"),))
    if found.status not in benefit_terms.OPEN:
        return Outcome((Action(do="error", reason="refunded-already"),))
    there = replace(context, group_id=found.group)
    return Outcome(returns.give_back(there, found, "benefits.refunded"))
