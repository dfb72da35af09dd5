"""How far a collection is on the way to its goal: told at half of it and when it is reached."""

from dataclasses import replace
from typing import Final

from handlers.ports import Context, Outcome
from handlers.posting import announcing
from handlers.threads import entries
from handlers.timing import deadlines, scheduling
from sop.activities import collecting as policy
from sop.events import StepDue
from sop.model import Item, Thread
from sop.texts import quoted, text

KIND: Final = "collection-progress"
"""The kind of occurrence at which a half of the goal is told; its cause counts the halves."""

WORDS: Final = {1: "collect.half-way", policy.HALVES: "collect.goal-reached"}


def note(context: Context, thread: Thread, found: Item, change: int) -> None:
    """Count an entry that is shown from now on, or (-1) no longer."""
    thread = context.store.get(Thread, *thread.key) or thread
    body = thread.body
    if body["per"] == "person" and _counts_already(context, thread, found):
        return
    before, now = body["count"], body["count"] + change
    half = policy.mark_passed(before, now, body["goal"]) if body["goal"] else 0
    told = max(half, body["told"])
    context.store.put(replace(thread, body={**body, "count": now, "told": told}))
    if half > body["told"]:
        scheduling.plan(
            context, thread.group, KIND, context.now, step=thread.step, subject=str(thread.id),
            cause=str(half), version=thread.version,
        )  # fmt: skip


def _counts_already(context: Context, thread: Thread, found: Item) -> bool:
    """Tell whether its author has another entry that is shown: persons are counted once."""
    if not found.person:
        return False
    theirs = entries.every(context, thread, person=found.person)
    return any(entries.is_shown(each) and each.number != found.number for each in theirs)


def tell(event: StepDue, context: Context) -> Outcome:
    """Tell how far it is, when the group is awake and its budget has room."""
    occurrence, group = deadlines.pending(event, context), context.group
    if occurrence is None:
        return Outcome()
    thread = entries.thread_of(context, int(event.subject))
    half = int(event.cause)
    over = thread is None or thread.status != "open" or thread.closes_at <= context.now
    if over or thread is None or group is None or group.retired or group.paused:
        context.store.put(replace(occurrence, status="dropped"))
        return Outcome()
    if half < thread.body["told"]:
        context.store.put(replace(occurrence, status="dropped"))
        return Outcome()
    unit = "persons" if thread.body["per"] == "person" else "entries"
    words = text(
        WORDS[half], title=quoted(thread.title), goal=thread.body["goal"],
        count=text(f"collect.count-{unit}", count=thread.body["count"]),
    )  # fmt: skip
    return Outcome(
        announcing.announce(
            context, occurrence, group, words, step=thread.step, expires_at=thread.closes_at
        )
    )
