"""Nominating ends: everybody who was named is shown once more, and liking decides."""

from typing import Final

from handlers.collections import collecting
from handlers.people import people
from handlers.ports import Context, Outcome
from handlers.posting import announcing
from handlers.posting.rendering import say_words
from handlers.replies import excerpt
from handlers.threads import entries
from handlers.timing import deadlines
from sop.events import StepDue
from sop.model import Group, Item, Thread
from sop.texts import quoted, text

KIND: Final = collecting.ELECTION

NAMED: Final = 20
"""Nominees that the post names."""


def tell(event: StepDue, context: Context) -> Outcome:
    """Show the nominees with their numbers; it waits for the morning and for the budget."""
    occurrence, group = deadlines.pending(event, context), context.group
    if occurrence is None:
        return Outcome()
    thread = entries.thread_of(context, int(event.subject))
    over = thread is None or thread.status != "open" or thread.closes_at <= context.now
    if over or thread is None or group is None or group.retired or group.paused:
        deadlines.settle(event, context)
        return Outcome()
    shown = entries.shown(context, thread)
    found = [each for each in shown if not people.is_gone(context, each.about)]
    if not found:
        deadlines.settle(event, context)
        return Outcome()
    words = _words(context, group, thread, found)
    return Outcome(
        announcing.announce(
            context, occurrence, group, words, step=thread.step, expires_at=thread.closes_at
        )
    )


def _words(context: Context, group: Group, thread: Thread, found: list[Item]) -> str:
    say = say_words(context, group, f"{context.book.words.shown('like')} {found[0].number}")
    heading = text(
        "collect.nominees", title=quoted(thread.title), say=say,
        until=collecting.until(context, thread.closes_at),
    )  # fmt: skip
    lines = (
        text(
            "collect.nominee", number=each.number, name=_nominee(context, each),
            text=excerpt(each.text, entries.LENGTH),
        )
        for each in found[:NAMED]
    )  # fmt: skip
    return "\n".join((heading, *lines))


def _nominee(context: Context, found: Item) -> str:
    return entries.name_of(people.current(context.store, context.community, found.about))
