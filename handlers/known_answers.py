"""Answers there are already: those of the pack, and accepted ones to nearly the same question."""

from dataclasses import dataclass
from typing import Final

from handlers.ports import Context
from handlers.rendering import render
from handlers.replies import excerpt
from sop.model import Group, Item, Person
from sop.text import normalise, similar
from sop.texts import text

ALIKE: Final = 0.9
"""Likeness from which two questions are taken for the same."""

LOOKED_AT: Final = 200
"""Questions compared at most, the newest answered ones: bounds the work of every question."""


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
    asked = context.store.find(
        Item, community=context.community, group=group.id, kind="question", status="accepted",
        order="-number", limit=LOOKED_AT,
    )  # fmt: skip
    same = next((each for each in asked if similar(each.text, said) >= ALIKE), None)
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


def recall(context: Context, group: Group, question: Item) -> str:
    """Return the answer that fitted a question when it was asked; empty where it is gone."""
    if question.parent:
        earlier = context.store.get(Item, context.community, group.id, question.parent)
        return earlier.text if earlier else ""
    asker = context.store.get(Person, context.community, question.person)
    standing = _standing(context, group, question.text, asker)
    return standing.words if standing else ""
