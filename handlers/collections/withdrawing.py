"""Taking an entry back, at any time and for good; and who gave an anonymous one, for a reason."""

from dataclasses import replace
from typing import Final

from handlers import notes
from handlers.collections import entry_reviews, progress, snags
from handlers.ledger import hidden_authors, reinstating
from handlers.people import people, places
from handlers.ports import Context, Outcome
from handlers.questions import asked, questions
from handlers.replies import confidential, discreetly, excerpt, privately, stopping
from handlers.tasks import tasks
from handlers.threads import entries
from sop.actions import Action
from sop.activities import collecting as policy
from sop.events import MessageReceived
from sop.model import Group, Item, Thread
from sop.text import visible_length
from sop.texts import text

SHORTEST_REASON: Final = 4
"""Characters from which a reason says something."""

CONTRIBUTED: Final = ("share", asked.QUESTION, *policy.KINDS)
"""Kinds of items that somebody gave, and may take back."""


def withdraw(event: MessageReceived, context: Context, argument: str) -> Outcome:
    """Take back a contribution of one's own; staff may take one back for somebody."""
    number, _ = questions.split_number(argument, context.book.words.separators)
    word = context.book.words.shown("withdraw")
    if not number:
        return stopping(privately(text("collect.withdraw-form", word=word)))
    if context.group is None:
        context, question = _place(context, number, f"{word} {number}")
        if question:
            return stopping(privately(question))
    group = context.group
    found = _numbered(context, group, number)
    if group is None or found is None or not _may(context, group, found):
        return stopping(privately(text("collect.withdraw-none", number=number)))
    if found.kind == asked.QUESTION:
        return stopping(*asked.withdraw(context, found))
    words = text("collect.withdrawn", number=number)
    lines = _take_back(context, found) if found.status != policy.WITHDRAWN else ()
    lost = -sum(line.points or 0 for line in lines)
    if lost:
        words += text("collect.withdrawn-points", points=lost)
    return stopping(*lines, confidential(discreetly(event, context, words)))


def _place(context: Context, number: int, word: str) -> tuple[Context, str]:
    """Return the context in the only group in which the number is theirs, or what to ask."""
    mine = [
        group
        for group in places.own_groups(context)
        if (found := _numbered(context, group, number)) and _is_theirs(context, found)
    ]
    if len(mine) == 1:
        return replace(context, group_id=mine[0].id), ""
    return places.only_one(context, staff=False, word=word)


def _numbered(context: Context, group: Group | None, number: int) -> Item | None:
    found = context.store.get(Item, context.community, group.id, number) if group else None
    return found if found is not None and found.kind in CONTRIBUTED else None


def _may(context: Context, group: Group, found: Item) -> bool:
    return _is_theirs(context, found) or people.is_staff(context.person, group)


def _is_theirs(context: Context, found: Item) -> bool:
    """Tell whether who acted gave it, or is the one it nominates."""
    person = entries.author(context, found)
    if person is not None and person.id == context.person_id:
        return True
    thread = entries.thread_of(context, found.thread)
    if thread is not None and thread.body["nominate"]:
        nominee = people.current(context.store, context.community, found.about)
        return nominee is not None and nominee.id == context.person_id
    return hidden_authors.is_by(context, found, context.person_id)


def _take_back(context: Context, found: Item) -> tuple[Action, ...]:
    """Show it nowhere any more: its words are gone, its number stays."""
    was_shown = entries.is_shown(found)
    lines = reinstating.withdraw(
        context, entries.author(context, found), found.kind, found.source, found.at
    )
    found = replace(found, status=policy.WITHDRAWN, text="")
    context.store.put(found)
    hidden_authors.forget_debt(context, found)
    gone = text("collect.withdrawn-task", number=found.number)
    for each in (entry_reviews.about(found), snags.about(found)):
        tasks.void(context, each)
        tasks.forget(context, each, gone)
    thread = entries.thread_of(context, found.thread)
    if thread is not None and was_shown:
        _count_less(context, thread, found)
    return lines


def _count_less(context: Context, thread: Thread, found: Item) -> None:
    if thread.status == "open":
        progress.note(context, thread, found, -1)


def reveal(event: MessageReceived, context: Context, argument: str) -> Outcome:
    """Tell staff, with a reason, who gave an anonymous entry; a note stays, the owner is told."""
    del event
    group = context.group
    number, reason = questions.split_number(argument, context.book.words.separators)
    word = context.book.words.shown("reveal")
    if group is None or not number or visible_length(reason) < SHORTEST_REASON:
        return stopping(privately(text("collect.reveal-form", word=word)))
    found = _numbered(context, group, number)
    hidden = hidden_authors.of(context, found) if found else None
    if hidden is None:
        return stopping(privately(text("collect.reveal-none", number=number)))
    body = {"number": number, "by": context.person_id, "reason": excerpt(reason)}
    notes.keep(context, group.id, "reveal", body)
    author = people.current(context.store, context.community, hidden.person)
    answer = privately(text("collect.revealed", number=number, name=people.shown(author)))
    return stopping(answer, *_owner_told(context, group, number, reason))


def _owner_told(context: Context, group: Group, number: int, reason: str) -> tuple[Action, ...]:
    """Let the owner know that it was asked, unless the owner asked: not who it is."""
    if people.role_of(context.person, group) == "owner":
        return ()
    words = text(
        "collect.reveal-owner", name=people.shown(context.person), number=number,
        group=group.title or group.id, reason=excerpt(reason),
    )  # fmt: skip
    return (Action(do="dm", group=group.id, to="owner", text=words),)
