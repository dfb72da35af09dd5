"""What a questions slot brought, in one post: each question, who asked, and its answers."""

from typing import Final

from handlers.people import people
from handlers.ports import Context
from handlers.questions import asked, caring, known_answers
from handlers.replies import excerpt
from sop import channels
from sop.model import Group, Item, Person, Thread
from sop.texts import text
from sop.times import localtime

QUESTIONS: Final = 20
"""Questions a digest lists; of more it tells the number."""

ANSWERS: Final = 3
"""Answers it lists of each, an accepted one first."""

LENGTH: Final = 80
"""Characters of each text: the whole stays readable on a phone."""


def words(context: Context, group: Group, slot: Thread) -> str:
    """Return the digest of a slot; empty where no question was heard."""
    where = {
        "community": context.community, "group": group.id, "kind": asked.QUESTION,
        "thread": slot.id, "number__gt": slot.body.get("first", 0),
        "status__ne": caring.WITHDRAWN,
    }  # fmt: skip
    listed = context.store.find(Item, order="number", limit=QUESTIONS, **where)
    if not listed:
        return ""
    lines = [text(_heading(context, slot), title=slot.title)]
    for question in listed:
        lines.append(_line(context, "threads.digest-question", question))
        lines.extend(_answers(context, group, question))
    if len(listed) == QUESTIONS:
        more = context.store.count(Item, **where) - QUESTIONS
        lines.extend([text("threads.digest-more", count=more)] if more else [])
    return "\n".join(lines)


def _heading(context: Context, slot: Thread) -> str:
    """Return how it begins: what had to wait for another day is not said to be over just now."""
    days = (localtime.local_date(at, context.book.zone) for at in (slot.closes_at, context.now))
    same = len({*days}) == 1
    return "threads.digest-heading" if same else "threads.digest-heading-later"


def _answers(context: Context, group: Group, question: Item) -> list[str]:
    found = context.store.find(
        Item, community=context.community, group=group.id, kind=asked.ANSWER,
        parent=question.number, number__gt=question.number, order="status", limit=ANSWERS,
    )  # fmt: skip
    lines = [_line(context, _KEYS[each.status], each) for each in found]
    return lines or _unanswered(context, group, question)


_KEYS: Final = {"accepted": "threads.digest-accepted", "open": "threads.digest-answer"}


def _unanswered(context: Context, group: Group, question: Item) -> list[str]:
    known = known_answers.recall(context, group, question) if question.status == "known" else ""
    if known:
        return [text("threads.digest-known", text=excerpt(known, LENGTH))]
    # An answer that did not mention the bot may be there: say nothing where it cannot be known.
    return [text("threads.digest-open")] if channels.hears_all(group.channels) else []


def _line(context: Context, key: str, found: Item) -> str:
    name = people.shown(context.store.get(Person, context.community, found.person))
    return text(key, number=found.number, name=name, text=excerpt(found.text, LENGTH))
