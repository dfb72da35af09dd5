"""A questions slot: how it opens, to whom it hands over, and the digest it ends with."""

from typing import Final

from handlers.ports import Context
from handlers.posting import summaries
from handlers.questions import asked, caring, digests
from handlers.tasks import hosting, tasks
from handlers.threads import open_threads
from sop import channels
from sop.actions import Action
from sop.model import Group, Item, Occurrence, Thread
from sop.pack.pack_actions import QuestionsAction
from sop.pack.pack_steps import Step
from sop.texts import length, text

HANDED_OVER: Final = 20
"""Unanswered questions that become a task each when a slot ends; the rest share one."""


def begin(
    context: Context, group: Group, step: Step, action: QuestionsAction
) -> tuple[Action, ...]:
    """Open a slot with its post; where nothing can be heard people must hold it."""
    title = action.title or step.title or text("threads.slot-title")
    all_heard = channels.hears_all(group.channels)
    if not channels.hears(group.channels):
        return hosting.by_hand(
            context, group, step, name="questions", title=title, for_ms=action.for_ms
        )
    key = "threads.slot-open" if all_heard else "threads.slot-open-mentioned"
    words = text(key, title=title, length=length(action.for_ms))
    body = {
        "digest": action.digest, "escalate": action.escalate_after_ms or 0,
        "first": asked.last_number(context, group), "grace": step.grace_ms,
    }  # fmt: skip
    open_threads.begin(
        context, group, step, kind=open_threads.QUESTIONS, title=title, words=words,
        for_ms=action.for_ms, body=body,
    )  # fmt: skip
    expires_at = context.now + min(step.grace_ms, action.for_ms)
    return (Action(do="post", group=group.id, text=words, step=step.id, expires_at=expires_at),)


def hand_over(context: Context, group: Group, slot: Thread) -> tuple[Action, ...]:
    """Open a task for each question of the slot that nobody answered."""
    where = {
        "community": context.community, "group": group.id, "kind": asked.QUESTION,
        "thread": slot.id, "status": "open", "number__gt": slot.body["first"],
    }  # fmt: skip
    found = context.store.find(Item, order="number", limit=HANDED_OVER + 1, **where)
    lines: list[Action] = []
    for question in found[:HANDED_OVER]:
        lines.extend(caring.hand_over(context, group, question))
    if len(found) <= HANDED_OVER:
        return tuple(lines)
    return (*lines, *_rest(context, group, slot, found[-1], context.store.count(Item, **where)))


def _rest(
    context: Context, group: Group, slot: Thread, first: Item, count: int
) -> tuple[Action, ...]:
    def words(number: int) -> str:
        return text(
            "threads.escalate-many", group=group.title or group.id, count=count,
            number=first.number, number_task=number,
        )  # fmt: skip

    return tasks.open_task(
        context, kind=caring.TASK, to="staff", group=group.id, step=slot.step,
        about=caring.about_rest(slot.id), words=words,
    )  # fmt: skip


def close(
    context: Context, occurrence: Occurrence, group: Group, slot: Thread, *, fresh: bool
) -> tuple[Action, ...]:
    """Hand over what is unanswered, and post the digest; that nobody asked is only said where
    all is heard.
    """  # noqa: D205 - one thought in two sentences
    handed = hand_over(context, group, slot) if fresh and not group.retired else ()
    if not slot.body["digest"]:
        return handed
    return (
        *handed,
        *summaries.post(
            context, occurrence, group, slot, lambda: _digest(context, group, slot)
        ),
    )  # fmt: skip


def _digest(context: Context, group: Group, slot: Thread) -> str:
    words = digests.words(context, group, slot)
    if words or not channels.hears_all(group.channels):
        return words
    return text("threads.digest-empty", title=slot.title)
