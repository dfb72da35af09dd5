"""Entries that wait for a yes: the first are told one by one, many of them in one message."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any, Final

from handlers import overrides
from handlers.ports import Context, Outcome
from handlers.posting import acknowledging
from handlers.posting.outbox_marks import LISTED
from handlers.replies import excerpt
from handlers.threads import entries
from handlers.timing import deadlines, scheduling
from sop import channels
from sop.actions import Action, Button
from sop.activities import tasks as policy
from sop.events import StepDue
from sop.model import Group, Item, Task, Thread
from sop.texts import quoted, text
from sop.times import quiet

KIND: Final = "review-entry"
"""The kind of task that asks whether an entry may be shown."""

QUEUE: Final = "review-queue"
"""The kind of occurrence at which staff are told what has come to wait; its cause: of what."""

APART: Final = 3
"""Entries that are told one by one while they wait."""

SHOWN: Final = 10
"""Entries one message names."""


def first(context: Context, group: Group, thread: Thread) -> Task | None:
    """Return the review that waits longest, where so many wait that others join them."""
    found = _open(context, group, thread, limit=APART)
    return found[0] if len(found) == APART and channels.can(group.channels, "dm") else None


def due_at(context: Context, oldest: Task | None) -> int:
    """Return when a review is due that joins others: with them; 0, where that is too soon."""
    soon = context.now + policy.OWED_MS // 2
    return oldest.due_at if oldest is not None and oldest.due_at > soon else 0


def joined(
    context: Context, group: Group, thread: Thread, lines: tuple[Action, ...]
) -> tuple[Action, ...]:
    """Let a review that was just asked for be told with the others; returns its lines."""
    slot = (context.now // acknowledging.EVERY_MS + 1) * acknowledging.EVERY_MS
    due = quiet.quiet_end(overrides.quiet_of(context, group), slot, context.book.zone)
    scheduling.plan(
        context, group.id, QUEUE, due, step=thread.step, cause=str(thread.id),
        version=thread.version, body={"since": context.now},
    )  # fmt: skip
    return tuple(replace(line, reason=LISTED) for line in lines)


def tell(event: StepDue, context: Context) -> Outcome:
    """Tell staff what has come to wait since, and how several are answered at once."""
    occurrence, group = deadlines.pending(event, context), context.group
    if occurrence is None:
        return Outcome()
    context.store.put(replace(occurrence, status="done"))
    thread = entries.thread_of(context, int(event.cause))
    if group is None or group.retired or thread is None:
        return Outcome()
    found = _open(context, group, thread, created_at__ge=occurrence.body["since"])
    if not found:
        return Outcome()
    words = "\n".join(_words(context, group, thread, found))
    listed = f"{context.book.words.shown('tasks')} {policy.family(KIND)}"
    buttons = (Button(text("layers.press-list"), listed),)
    return Outcome((Action(do="dm", group=group.id, to="staff", text=words, buttons=buttons),))


def _words(context: Context, group: Group, thread: Thread, found: Sequence[Task]) -> Iterator[str]:
    words, shown = context.book.words, found[:SHOWN]
    where = group.title or group.id
    yield text("collect.queue", title=quoted(thread.title), group=where, count=len(found))
    for each in shown:
        item = context.store.get(Item, context.community, group.id, int(each.target))
        if item is not None:
            key = "collect.queue-anonymous" if thread.body["anonymous"] else "collect.queue-line"
            said = excerpt(item.text, entries.LENGTH)
            yield text(key, number=each.id, name=entries.name(context, item), text=said)
    several, every = "、".join(str(each.id) for each in shown), words.every[0]
    yield text(
        "collect.queue-how", yes=f"{words.shown('approve')} {several}",
        no=f"{words.shown('reject')} {shown[-1].id}",
    )  # fmt: skip
    count = context.store.count(Task, **_where(context, group, thread))
    if count > SHOWN:
        yield text("collect.queue-all", count=count, all=f"{words.shown('approve')} {every}")


def _open(
    context: Context, group: Group, thread: Thread, limit: int = 0, **more: int
) -> Sequence[Task]:
    where = _where(context, group, thread)
    return context.store.find(Task, order="id", limit=limit, **where, **more)


def _where(context: Context, group: Group, thread: Thread) -> dict[str, Any]:
    return {
        "community": context.community, "group": group.id, "status": "open", "kind": KIND,
        "step": thread.step,
    }  # fmt: skip
