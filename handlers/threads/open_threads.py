"""The open conversations of a group: begun, ended, and read by key alone, never searched."""

from dataclasses import replace
from typing import Any, Final

from handlers.ports import Context
from handlers.timing import scheduling
from sop.model import Group, Occurrence, Thread
from sop.pack.pack_steps import Step

ASK: Final = "ask"
QUESTIONS: Final = "questions"
GAME: Final = "game"
SHARE: Final = "share"
COLLECT: Final = "collect"
CHALLENGE: Final = "challenge"
VOTE: Final = "vote"
SIGNUP: Final = "signup"
ASKED_IN: Final = (QUESTIONS, SHARE)
"""Kinds of conversations in which a question is numbered, and somebody sees to its answer."""

CLOSE: Final = "close-thread"

EARLY: Final = "early"
"""What the body of a thread says that ended before it was said to."""


def begin(
    context: Context, group: Group, step: Step, *, words: str, for_ms: int, **fields: Any
) -> Thread:
    """Open a conversation that `words` begin, for so long from now."""
    thread = Thread(
        community=context.community,
        id=context.store.number(context.community, "thread"),
        group=group.id,
        step=step.id,
        text=words,
        opened_at=context.now,
        closes_at=context.now + for_ms,
        version=context.book.version,
        **fields,
    )
    enter(context, group, thread)
    return thread


def enter(context: Context, group: Group, thread: Thread) -> None:
    """Let messages belong to a conversation from now on, until its end."""
    context.store.put(thread)
    group = context.store.get(Group, context.community, group.id) or group
    context.store.put(replace(group, threads=(*group.threads, (thread.id, thread.kind))))
    scheduling.plan(
        context, group.id, CLOSE, thread.closes_at, step=thread.step, subject=str(thread.id),
        version=thread.version,
    )  # fmt: skip


def end(context: Context, group: Group, thread: Thread) -> None:
    """Close a conversation: no message belongs to it any more."""
    context.store.put(replace(thread, status="closed"))
    rest = tuple(each for each in group.threads if each[0] != thread.id)
    context.store.put(replace(group, threads=rest))


def hasten(context: Context, thread: Thread) -> None:
    """Let a conversation end now: what its end brings follows at once, as if its time had come."""
    key = (
        context.community, thread.group, CLOSE, thread.step, str(thread.id), "", thread.closes_at
    )  # fmt: skip
    end = context.store.get(Occurrence, *key)
    if end is not None and end.status == "pending":
        context.store.put(replace(end, run_at=min(end.run_at, context.now)))
        closes_at = min(thread.closes_at, context.now)
        context.store.put(replace(thread, closes_at=closes_at))


def open_at(context: Context, group: Group, at: int, *kinds: str) -> tuple[Thread, ...]:
    """Return the group's open threads (of those kinds, if any is named), the oldest first.

    The closing instant is outside.
    """
    numbers = [number for number, kind in group.threads if not kinds or kind in kinds]
    if not numbers:
        return ()
    found = [context.store.get(Thread, context.community, number) for number in numbers]
    return tuple(
        thread
        for thread in found
        if thread is not None and thread.status == "open"
        and thread.opened_at <= at < thread.closes_at
    )  # fmt: skip


def slots_at(context: Context, group: Group, at: int) -> tuple[Thread, ...]:
    """Return the open conversations that number questions, the oldest first."""
    return open_at(context, group, at, *ASKED_IN)
