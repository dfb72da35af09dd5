"""What members give by themselves: shares, stories, and what others find worth keeping.

Each is numbered, can be liked and commented on, and is expected to be recognised.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from handlers.ledger import ledger
from handlers.people import people, voices
from handlers.ports import Context, Outcome
from handlers.posting import acknowledging, cards
from handlers.posting.rendering import only_there, say_words
from handlers.questions import asked, contributions
from handlers.questions.contributions import SHARE, STORY
from handlers.questions.questions import split_number
from handlers.recognition import recognising
from handlers.replies import openly, privately, stopping
from handlers.shares import signals
from handlers.threads import naming
from sop.actions import Action
from sop.events import MessageReceived
from sop.model import Group, Item, Message, Person
from sop.text import fingerprint, visible_length
from sop.texts import text

FEATURED: Final = "featured"
"""The deed, and the status of an item, of what somebody marked as worth keeping."""

SHORTEST: Final = 2
"""Characters a contribution has at least."""

COMMANDS: Final[Mapping[str, str]] = {SHARE: "share", STORY: "submit"}
"""The command by which each kind is given."""


def share(event: MessageReceived, context: Context, argument: str) -> Outcome:
    """Number what a member shares, thank them and book the deed."""
    return _given(event, context, argument, SHARE)


def submit(event: MessageReceived, context: Context, argument: str) -> Outcome:
    """Number a member's story, thank them and book the deed."""
    return _given(event, context, argument, STORY)


def _given(event: MessageReceived, context: Context, said: str, kind: str) -> Outcome:
    group, person = context.group, context.person
    if group is None or person is None:
        return Outcome()
    how = f"{context.book.words.shown(COMMANDS[kind])} …"
    if not event.group:
        return stopping(privately(only_there(context, group, "shares.in-group", how)))
    if visible_length(said) < SHORTEST:
        return stopping(privately(text("shares.form", say=say_words(context, group, how))))
    found = contributions.record(
        context, group, kind, said, person=person.id, at=event.at, message_id=event.message_id
    )
    lines = ledger.credit(
        context, person.id, kind, source=contributions.source_of(found), said=said
    )
    await_echo(context, group, found, kind)
    return stopping(*lines, *_thanked(event, context, group, found))


def await_echo(context: Context, group: Group, found: Item, deed: str) -> None:
    """Wait for somebody to recognise a contribution, and for what its likes tell.

    From now on: what people looked at first was read by nobody before.
    """
    recognising.expect(
        context, group, deed, subject=f"item:{found.number}", author=found.person,
        said=found.text, at=context.now,
    )  # fmt: skip
    signals.expect(context, group, found)


def _thanked(
    event: MessageReceived, context: Context, group: Group, found: Item
) -> tuple[Action, ...]:
    like = say_words(context, group, f"{context.book.words.shown('like')} {found.number}")
    words = contributions.announcement(context, found) + text("shares.how", say=like)
    buttons = cards.likes(context, (found.number,))
    return acknowledging.acknowledge(context, event, "share", words, buttons=buttons)


def feature(event: MessageReceived, context: Context, argument: str) -> Outcome:
    """Keep what is quoted as its author's share; for owner, staff, leaders and the core."""
    group = context.group
    if group is None:
        return Outcome()
    if not voices.has_duty(context, group):
        return stopping(privately(text("shares.feature-who")))
    if not (event.quote or event.quote_id):
        return _by_number(context, group, argument)
    meant = naming.resolve(event, context, argument)
    if meant.person is None:
        return stopping(privately(meant.problem))
    if meant.person.id == context.person_id:
        return stopping(privately(text("shares.feature-own")))
    return stopping(*_featured(event, context, group, meant.person))


def _by_number(context: Context, group: Group, argument: str) -> Outcome:
    """Keep the contribution of a number, whoever gave it."""
    number, _ = split_number(argument, context.book.words.separators)
    found = asked.item(context, group, number) if number else None
    author = people.current(context.store, context.community, found.person) if found else None
    if found is None or author is None:
        listed = contributions.candidates(context, group)
        words = filter(None, (text("shares.feature-form"), listed))
        return stopping(privately("\n".join(words)))
    if author.id == context.person_id:
        return stopping(privately(text("shares.feature-own")))
    return stopping(*_kept_as_featured(context, group, found, author))


def _featured(
    event: MessageReceived, context: Context, group: Group, author: Person
) -> tuple[Action, ...]:
    message = naming.quoted(event, context)
    if message is not None and contributions.is_taken_back(context, group, message.message_id):
        return (privately(text("shares.feature-hidden")),)
    known = _known(context, group, message, event.quote)
    found = known or _kept(event, context, group, author, message)
    if message is not None and found.status != FEATURED:
        recognising.seen(context, group, f"said:{message.message_id}")
    return _kept_as_featured(context, group, found, author)


def _kept_as_featured(
    context: Context, group: Group, found: Item, author: Person
) -> tuple[Action, ...]:
    if found.status == FEATURED:
        return (privately(text("shares.feature-again", number=found.number)),)
    if found.status == "open":
        # What was answered, put right or taken back stays that.
        context.store.put(replace(found, status=FEATURED))
    voices.vouch_for(context, author.id)
    recognising.seen(context, group, f"item:{found.number}")
    lines = ledger.credit(
        context, author.id, FEATURED, source=contributions.source_of(found), said=found.text
    )
    like = say_words(context, group, f"{context.book.words.shown('like')} {found.number}")
    name = people.shown(author)
    return (*lines, openly(text("shares.featured", name=name, number=found.number, say=like)))


def _known(context: Context, group: Group, message: Message | None, quote: str) -> Item | None:
    """Return the item that is quoted; what the bot had not heard is known by its words."""
    if message is not None:
        return contributions.said_in(context, group, message)
    return contributions.by_message(context, group, _unheard(quote))


def _unheard(quote: str) -> str:
    return f"quote:{fingerprint(quote)}"


def _kept(
    event: MessageReceived, context: Context, group: Group, author: Person, message: Message | None
) -> Item:
    said = message.text if message is not None and message.text else event.quote
    name = message.message_id if message is not None else _unheard(event.quote)
    return contributions.record(
        context, group, SHARE, said, person=author.id, at=event.at, message_id=name
    )
