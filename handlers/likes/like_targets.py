"""What a like means: a numbered item, what is quoted, or somebody's latest contribution.

Only what is certain counts; else the answer lists what there is, with numbers to choose by.
"""

from dataclasses import dataclass

from handlers.collections import collecting
from handlers.people import people
from handlers.ports import Context
from handlers.posting.rendering import say_words
from handlers.questions import asked, contributions, questions
from handlers.threads import entries, naming
from sop.activities.collecting import CONFIRMED
from sop.events import MessageReceived
from sop.model import BOT, Group, Item, Like, Message, Person
from sop.texts import text
from sop.times import localtime


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """What is liked: `key` names it for ever, `author` is the person who has it to their credit.

    `subject` is what it is called while it waits to be recognised: see
    `handlers.recognition.recognising`.
    """

    key: str
    author: int
    subject: str = ""
    item: Item | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Meant:
    """The target, or (None) what to answer instead."""

    target: Target | None = None
    problem: str = ""


def resolve(event: MessageReceived, context: Context, group: Group, argument: str) -> Meant:
    """Return what a like by command means in this group."""
    number, _ = questions.split_number(argument, context.book.words.separators)
    if number:
        return _numbered(context, group, number)
    quotes = bool(event.quote or event.quote_id)
    message = naming.quoted(event, context) if quotes else None
    if message is None and event.quote.strip().isdecimal():
        number, _ = questions.split_number(event.quote, "")
        return _numbered(context, group, number)
    if argument or event.mentions:
        meant = naming.resolve(event, context, argument)
        if meant.person is None:
            return Meant(problem=meant.problem)
        return Meant(
            target=_of(context, group, message) or of_person(context, group, meant.person)
        )
    if message is not None:
        target = _of(context, group, message)
        return Meant(target=target) if target else Meant(problem=text("likes.bot"))
    return Meant(problem=_which(context, group, "likes.no-quote" if quotes else "likes.form"))


def quoted(event: MessageReceived, context: Context, group: Group) -> Target | None:
    """Return what the message quotes, if that is certain and somebody's."""
    message = naming.quoted(event, context)
    return _of(context, group, message)


def of_item(context: Context, found: Item) -> Target:
    """Return the target that an item is, to the credit of whom it is about.

    That is who put a snag right, or whom an election was given the name of; else who gave it.
    """
    fixed = found.status == CONFIRMED
    whose = (found.about if fixed else collecting.nominee(context, found)) or found.person
    person = people.current(context.store, context.community, whose)
    return Target(
        key=contributions.source_of(found), author=person.id if person else whose,
        subject=f"item:{found.number}", item=found,
    )  # fmt: skip


def of_person(context: Context, group: Group, person: Person) -> Target:
    """Return the person's latest contribution in the group, else the person as of today.

    While who is liked stands in an election their nomination is meant, as long as it lacks the
    like of who acts.
    """
    nomination = _nomination(context, group, person)
    if nomination is not None:
        return of_item(context, nomination)
    latest = contributions.latest_of(context, group, person)
    if latest is not None:
        return of_item(context, latest)
    return Target(key=f"person:{person.id}:{today(context)}", author=person.id)


def _nomination(context: Context, group: Group, person: Person) -> Item | None:
    for thread in collecting.open_now(context, group, context.now):
        named = entries.every(context, thread, about=person.id) if thread.body["nominate"] else ()
        for each in filter(entries.is_shown, named):
            key = (context.community, each.source, context.person_id)
            return each if context.store.get(Like, *key) is None else None
    return None


def today(context: Context) -> str:
    """Return the local date of now."""
    return localtime.local_date(context.now, context.book.zone).isoformat()


def _of(context: Context, group: Group, message: Message | None) -> Target | None:
    if message is None:
        return None
    item = contributions.said_in(context, group, message)
    if item is not None:
        return of_item(context, item)
    if message.person == BOT:
        return None
    person = people.current(context.store, context.community, message.person)
    return Target(
        key=f"message:{message.id}", author=person.id if person else message.person,
        subject=f"said:{message.message_id}",
    )  # fmt: skip


def _numbered(context: Context, group: Group, number: int) -> Meant:
    found = asked.item(context, group, number)
    if found is None:
        return Meant(problem=_which(context, group, "likes.no-number"))
    return Meant(target=of_item(context, found))


def _which(context: Context, group: Group, key: str) -> str:
    """Say how a like is written, and what there is to like."""
    say = say_words(context, group, f"{context.book.words.shown('like')} 12")
    return "\n".join(filter(None, (text(key, say=say), contributions.candidates(context, group))))
