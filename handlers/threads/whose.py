"""Whose figures a command asks for: one's own, or (staff, in private) those of whom it names."""

from dataclasses import dataclass
from unicodedata import normalize

from handlers.people import people, places
from handlers.ports import Context
from handlers.threads import naming
from sop.events import MessageReceived
from sop.model import Person
from sop.texts import text


@dataclass(frozen=True, slots=True, kw_only=True)
class Whose:
    """The person, or (None) what to answer instead; `other` says that staff asked about them."""

    person: Person | None = None
    other: bool = False
    problem: str = ""


def whose(event: MessageReceived, context: Context, argument: str, name: str) -> Whose:
    """Return whom the command `name` is about; only staff may ask about others."""
    if not _names_somebody(context, argument):
        return Whose(person=context.person)
    word = places.again(context.book.words.shown(name), argument)
    if context.group is None:
        context, question = places.only_one(context, staff=True, word=word)
        if question:
            return Whose(problem=question)
    if not people.is_staff(context.person, context.group):
        return Whose(problem=text("commands.not-staff"))
    meant = naming.resolve(event, context, argument, former=True)
    if meant.person is None:
        return Whose(problem=meant.problem)
    return Whose(person=meant.person, other=meant.person.id != context.person_id)


def _names_somebody(context: Context, argument: str) -> bool:
    """Tell whether an @ is in the argument; whoever mentions the bot asks for themselves."""
    said = normalize("NFKC", argument[: naming.LIMIT])
    bot = context.book.bot_name
    return "@" in (said.replace(f"@{bot}", "") if bot else said)
