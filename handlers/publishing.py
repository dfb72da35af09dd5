"""An entry becomes one: it is paid, counted, and shown where its words were not read already.

What was given in private, or waited for a yes, is told the group in one post every ten minutes.
"""

from dataclasses import replace
from datetime import timedelta
from typing import Final
from zoneinfo import ZoneInfo

from handlers import (
    acknowledging,
    budgets,
    contributions,
    deadlines,
    entries,
    hidden_authors,
    ledger,
    overrides,
    progress,
    scheduling,
    shares,
    snags,
)
from handlers.ports import Context, Outcome
from handlers.rendering import say_words
from handlers.replies import excerpt
from sop import channels, localtime, quiet
from sop.actions import Action
from sop.budget import LONGEST_WAIT_MS
from sop.events import StepDue
from sop.model import Group, Item, Occurrence, Thread
from sop.texts import quoted, text

KIND: Final = "show-entries"
"""The kind of occurrence at which new entries are shown; its cause is the collection."""

SHOWN: Final = 10
"""Entries shown in one post; the others follow in the next."""

LENGTH: Final = 100
"""Characters of each."""

KEPT_FREE: Final = 2
"""Posts of the day's budget that showing entries leaves over."""


def publish(
    context: Context, group: Group, thread: Thread, found: Item, *, said_openly: bool
) -> tuple[Action, ...]:
    """Let an entry count from now on; `said_openly`: the group has read its words."""
    if thread.body["anonymous"]:
        hidden_authors.owe(context, found)
        lines: tuple[Action, ...] = ()
    else:
        lines = ledger.credit(
            context, found.person, found.kind, source=contributions.source_of(found),
            step=thread.step, said=found.text,
        )  # fmt: skip
        shares.await_echo(context, group, found, found.kind)
    progress.note(context, thread, found, 1)
    if found.kind == "snag":
        lines = (*lines, *snags.assign(context, group, thread, found))
    if not said_openly:
        _join(context, group, thread, (found.number,))
    return lines


def _join(context: Context, group: Group, thread: Thread, numbers: tuple[int, ...]) -> None:
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
        _join(context, group, thread, tuple(numbers[SHOWN:]))
    words = _words(context, group, thread, numbers[:SHOWN])
    if not words:
        return Outcome()
    budgets.spend_post(context, group)
    return Outcome((Action(do="post", group=group.id, text=words, step=thread.step),))


def _words(context: Context, group: Group, thread: Thread, numbers: list[int]) -> str:
    found = (context.store.get(Item, context.community, group.id, each) for each in numbers)
    lines = [
        text(
            "collect.new-anonymous" if thread.body["anonymous"] else "collect.new",
            number=each.number, name=entries.name(context, each), text=excerpt(each.text, LENGTH),
        )
        for each in found
        if each is not None and entries.is_shown(each)
    ]  # fmt: skip
    if not lines:
        return ""
    say = say_words(context, group, f"{context.book.words.shown('like')} {numbers[0]}")
    heading = text("collect.new-heading", title=quoted(thread.title))
    return "\n".join((heading, *lines, text("collect.new-like", say=say)))
