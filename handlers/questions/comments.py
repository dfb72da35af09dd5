"""Comments with a reason on numbered contributions: the first few of each are rewarded."""

from typing import Final

from handlers.ledger import ledger
from handlers.people import people
from handlers.ports import Context, Outcome
from handlers.posting import acknowledging
from handlers.posting.rendering import only_there, say_words
from handlers.questions import asked, contributions, questions
from handlers.recognition import recognising
from handlers.replies import privately, stopping
from sop.actions import Action
from sop.events import MessageReceived
from sop.model import Comment, Group, Item
from sop.text import visible_length
from sop.texts import text

DEED: Final = "comment"

SHORTEST: Final = 8
"""Characters from which a comment gives a reason."""

REWARDED: Final = 3
"""Members whose comments on one contribution are rewarded: the first of them with a reason."""


def comment(event: MessageReceived, context: Context, argument: str) -> Outcome:
    """Comment on the contribution of a number."""
    group = context.group
    if group is None or context.person is None:
        return Outcome()
    number, said = questions.split_number(argument, context.book.words.separators)
    how = f"{context.book.words.shown(DEED)} 12 …"
    if not event.group:
        return stopping(privately(only_there(context, group, "shares.in-group", how)))
    found = asked.item(context, group, number) if number else None
    if found is None or not said:
        problem = text("comments.form", say=say_words(context, group, how))
        listed = contributions.candidates(context, group)
        return stopping(privately("\n".join(filter(None, (problem, listed)))))
    if is_own(context, found):
        return stopping(privately(text("comments.own")))
    if visible_length(said) < SHORTEST:
        return stopping(privately(text("comments.short", least=SHORTEST)))
    return stopping(*add(event, context, group, found, said), *thanked(event, context, found))


def is_own(context: Context, found: Item) -> bool:
    """Tell whether a contribution is by who acted."""
    author = people.current(context.store, context.community, found.person)
    return context.person_id in (found.person, author.id if author else 0)


def add(
    event: MessageReceived, context: Context, group: Group, found: Item, said: str
) -> tuple[Action, ...]:
    """Keep a member's first comment on a contribution; one of the first few is paid."""
    recognising.seen(context, group, f"item:{found.number}")
    key = (context.community, group.id, found.number, context.person_id)
    if context.store.get(Comment, *key) is not None:
        return ()
    before = context.store.count(
        Comment, community=context.community, group=group.id, number=found.number
    )
    context.store.put(
        Comment(
            community=context.community,
            group=group.id,
            number=found.number,
            person=context.person_id,
            text=said[: asked.KEPT],
            at=event.at,
            message_id=event.message_id,
        )
    )
    if before >= REWARDED:
        return ()
    source = contributions.source_of(found)
    return ledger.credit(context, context.person_id, DEED, source=source, said=said)


def thanked(event: MessageReceived, context: Context, found: Item) -> tuple[Action, ...]:
    """Thank for a comment."""
    name = people.shown(context.person)
    words = text("comments.thanks", name=name, number=found.number)
    return acknowledging.acknowledge(context, event, DEED, words)
