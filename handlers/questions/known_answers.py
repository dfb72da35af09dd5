"""Answers there are already: those of the pack, and accepted ones to nearly the same question."""

from dataclasses import dataclass
from typing import Final

from handlers.ports import Context
from handlers.posting.rendering import render
from handlers.replies import excerpt
from sop.finding import ranking
from sop.model import Group, Item, Person
from sop.text import normalise
from sop.texts import text

FETCHED: Final = 60
"""Accepted questions compared at most: bounds the work of every question."""


@dataclass(frozen=True, slots=True)
class Known:
    """An answer there is already; `number` is that of the accepted answer, 0 for the pack's."""

    words: str
    number: int = 0


def look_up(context: Context, group: Group, said: str, asker: Person | None) -> Known | None:
    """Return the answer to that question, the pack's before earlier ones, or None."""
    return _standing(context, group, said, asker) or _earlier(context, group, said)


def _standing(context: Context, group: Group, said: str, asker: Person | None) -> Known | None:
    normal = normalise(said)
    for phrases, answer in context.book.answers:
        if any(phrase and phrase in normal for phrase in phrases):
            return Known(render(context, answer.reply, group, person=asker))
    return None


def _earlier(context: Context, group: Group, said: str) -> Known | None:
    same = _same(context, group, said)
    if same is None:
        return None
    answers = context.store.find(
        Item, community=context.community, group=group.id, kind="answer", status="accepted",
        parent=same.number, number__gt=same.number, limit=1,
    )  # fmt: skip
    if not answers:
        return None
    words = text("threads.known-answer", number=same.number, text=excerpt(answers[0].text))
    return Known(words, answers[0].number)


def _same(context: Context, group: Group, said: str) -> Item | None:
    """Return the accepted question that asks the same, surely enough to be offered."""
    found = nearest(context, group, said, FETCHED)
    return found[0][1] if found and found[0][0] >= ranking.ALIKE else None


def nearest(context: Context, group: Group, said: str, limit: int) -> list[tuple[float, Item]]:
    """Return accepted questions of the group that may ask the same, the likest first."""
    numbers = context.store.candidates(
        context.community, group.id, ranking.ACCEPTED, ranking.sought(said), limit
    )
    found = (context.store.get(Item, context.community, group.id, each) for each in numbers)
    return ranking.rank(said, ((each, each.text) for each in found if each is not None))


def note(context: Context, found: Item) -> None:
    """Let an item be found by its words, in the scope that its status gives it."""
    context.store.index(
        found.community, found.group, found.number, ranking.scope_of(found.kind, found.status),
        ranking.kept(found.text),
    )  # fmt: skip


def recall(context: Context, group: Group, question: Item) -> str:
    """Return the answer that fitted a question when it was asked; empty where it is gone."""
    if question.parent:
        earlier = context.store.get(Item, context.community, group.id, question.parent)
        return earlier.text if earlier else ""
    asker = context.store.get(Person, context.community, question.person)
    standing = _standing(context, group, question.text, asker)
    return standing.words if standing else ""
