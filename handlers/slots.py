"""A questions slot: how it opens, to whom it hands over, and the digest it ends with."""

from typing import Final

from handlers import asked, budgets, digests, open_threads, tasks
from handlers.overrides import quiet_of
from handlers.ports import Context
from handlers.traces import HELD, Verdict
from sop import channels, quiet
from sop.actions import Action
from sop.budget import LONGEST_WAIT_MS
from sop.model import Group, Item, Thread
from sop.pack_actions import QuestionsAction
from sop.pack_steps import Step
from sop.texts import length, text

HANDED_OVER: Final = 20
"""Unanswered questions that become a task each when a slot ends; the rest share one."""


def begin(
    context: Context, group: Group, step: Step, action: QuestionsAction
) -> tuple[Action, ...]:
    """Open a slot with its post; where nothing can be heard people must hold it."""
    title = action.title or step.title or text("threads.slot-title")
    all_heard = channels.hears_all(group.channels)
    if not all_heard and not channels.can(group.channels, "hear_mentions"):
        return _by_hand(context, group, step, title, action)
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


def _by_hand(
    context: Context, group: Group, step: Step, title: str, action: QuestionsAction
) -> tuple[Action, ...]:
    def words(number: int) -> str:
        return text(
            "tasks.host", group=group.title or group.id, title=title,
            length=length(action.for_ms), number=number,
        )  # fmt: skip

    return tasks.open_task(
        context, kind="host", to="staff", group=group.id, step=step.id,
        about=f"host:{group.id}:{step.id}:questions", words=words,
    )  # fmt: skip


def hand_over(context: Context, group: Group, slot: Thread) -> tuple[Action, ...]:
    """Open a task for each question of the slot that nobody answered."""
    where = {
        "community": context.community, "group": group.id, "kind": asked.QUESTION,
        "thread": slot.id, "status": "open", "number__gt": slot.body["first"],
    }  # fmt: skip
    found = context.store.find(Item, order="number", limit=HANDED_OVER + 1, **where)
    lines: list[Action] = []
    for question in found[:HANDED_OVER]:
        lines.extend(asked.hand_over(context, group, question))
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
        context, kind="question", to="staff", group=group.id, step=slot.step,
        about=f"questions:{slot.id}", words=words,
    )  # fmt: skip


def waits(context: Context, group: Group, slot: Thread) -> Verdict | None:
    """Return until when the digest waits, for the end of quiet hours or the budget; None: now."""
    if not _wants_digest(group, slot):
        return None
    until = quiet.quiet_end(quiet_of(context, group), context.now, context.book.zone)
    if until > context.now:
        return Verdict(verdict=HELD, reason="quiet", until=until)
    return budgets.short_of(context, group, 1) if _digest(context, group, slot) else None


def digest(context: Context, group: Group, slot: Thread, waited: str) -> tuple[Action, ...]:
    """Post what the slot brought, unless the bot was away for longer than the step's grace.

    `waited` is what it had been held for: what waited for the budget comes when it can, as
    long as anybody may still want it. That there was no question is only said where all is
    heard.
    """
    if not _wants_digest(group, slot):
        return ()
    ready = quiet.quiet_end(quiet_of(context, group), slot.closes_at, context.book.zone)
    budgeted = waited == budgets.REASON
    patience = LONGEST_WAIT_MS if budgeted else slot.body["grace"]
    if context.now - ready > patience:
        reason = budgets.REASON if budgeted else "missed"
        return (Action(do="dropped", group=group.id, step=slot.step, reason=reason),)
    words = _digest(context, group, slot)
    if not words:
        return ()
    budgets.spend_post(context, group)
    expires_at = context.now + slot.body["grace"]
    return (Action(do="post", group=group.id, text=words, step=slot.step, expires_at=expires_at),)


def _digest(context: Context, group: Group, slot: Thread) -> str:
    words = digests.words(context, group, slot)
    if words or not channels.hears_all(group.channels):
        return words
    return text("threads.digest-empty", title=slot.title)


def _wants_digest(group: Group, slot: Thread) -> bool:
    return bool(slot.body["digest"]) and not group.retired and not group.paused
