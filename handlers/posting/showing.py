"""What the group has not read yet in one post every ten minutes: entries, and snags put right."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Final
from zoneinfo import ZoneInfo

from handlers import overrides
from handlers.limits import budgets
from handlers.people import people
from handlers.ports import Context, Outcome
from handlers.posting import acknowledging, cards
from handlers.posting.rendering import say_words
from handlers.replies import excerpt
from handlers.threads import entries
from handlers.timing import deadlines, scheduling
from sop import channels
from sop.actions import Action
from sop.activities import collecting as policy
from sop.budgets.budget import LONGEST_WAIT_MS
from sop.events import StepDue
from sop.model import Group, Item, Occurrence, Thread
from sop.texts import quoted, text
from sop.times import localtime, quiet

KIND: Final = "show-entries"
"""The kind of occurrence at which new entries are shown; its cause is the collection."""

SHOWN: Final = 10
"""Entries shown in one post; the others follow in the next."""

LENGTH: Final = 100
"""Characters of each."""

KEPT_FREE: Final = 2
"""Posts of the day's budget that showing entries leaves over."""


def join(context: Context, group: Group, thread: Thread, numbers: tuple[int, ...]) -> None:
    """Let the next such post tell of those."""
    due = quiet.quiet_end(
        overrides.quiet_of(context, group), _slot(context, group), _zone(context)
    )
    key = (context.community, group.id, KIND, thread.step, "", str(thread.id), due)
    row = context.store.get(Occurrence, *key)
    if row is not None and row.status != "pending":
        due += acknowledging.EVERY_MS
        key = (*key[:-1], due)
    scheduling.plan(
        context, group.id, KIND, due, step=thread.step, cause=str(thread.id),
        version=thread.version,
    )  # fmt: skip
    row = context.store.get(Occurrence, *key)
    assert row is not None
    body = {**row.body, "numbers": [*row.body.get("numbers", ()), *numbers]}
    context.store.put(replace(row, body=body))


def _slot(context: Context, group: Group) -> int:
    """Return when the next such post is due: where people must carry it, once a day."""
    if channels.way_for("post", group.channels) is not None:
        return (context.now // acknowledging.EVERY_MS + 1) * acknowledging.EVERY_MS
    tomorrow = localtime.local_date(context.now, _zone(context)) + timedelta(days=1)
    return localtime.local_midnight(tomorrow, _zone(context))


def _zone(context: Context) -> ZoneInfo:
    return context.book.zone


def tell(event: StepDue, context: Context) -> Outcome:
    """Show what is new; it waits for the morning, and for a budget that has room for more."""
    occurrence, group = deadlines.pending(event, context), context.group
    if occurrence is None:
        return Outcome()
    thread = entries.thread_of(context, int(event.cause))
    waited = context.now - occurrence.due_at > LONGEST_WAIT_MS
    if thread is None or group is None or group.retired or group.paused or waited:
        context.store.put(replace(occurrence, status="dropped"))
        return Outcome()
    waits = acknowledging.sleeping(context, group) or budgets.short_of(
        context, group, 1 + KEPT_FREE
    )
    if waits is not None:
        return Outcome((deadlines.hold(context, occurrence, waits),))
    context.store.put(replace(occurrence, status="done", body={}))
    numbers = occurrence.body["numbers"]
    if numbers[SHOWN:]:
        join(context, group, thread, tuple(numbers[SHOWN:]))
    known = (
        context.store.get(Item, context.community, group.id, each) for each in numbers[:SHOWN]
    )
    found = [each for each in known if each is not None and entries.is_shown(each)]
    if not found:
        return Outcome()
    budgets.spend_post(context, group)
    post = Action(
        do="post", group=group.id, text=_words(context, group, thread, found), step=thread.step,
        buttons=cards.likes(context, (each.number for each in found)),
    )  # fmt: skip
    return Outcome((post,))


def _words(context: Context, group: Group, thread: Thread, found: Sequence[Item]) -> str:
    say = say_words(context, group, f"{context.book.words.shown('like')} {found[0].number}")
    heading = text("collect.new-heading", title=quoted(thread.title))
    lines = (_line(context, thread, each) for each in found)
    key = "collect.new-like-wish" if thread.body["kind"] == "wish" else "collect.new-like"
    return "\n".join((heading, *lines, text(key, say=say)))


def _line(context: Context, thread: Thread, found: Item) -> str:
    named = {"number": found.number, "text": excerpt(found.text, LENGTH)}
    if found.status == policy.CONFIRMED:
        fixer = people.current(context.store, context.community, found.about)
        return text("collect.new-fixed", name=entries.name_of(fixer), **named)
    if thread.body["nominate"] and not thread.body["anonymous"]:
        star = people.current(context.store, context.community, found.about)
        named["star"] = entries.name_of(star)
        return text("collect.new-nominated", name=entries.name(context, found), **named)
    key = "collect.new-anonymous" if thread.body["anonymous"] else "collect.new"
    return text(key, name=entries.name(context, found), **named)
