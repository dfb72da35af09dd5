"""Cards whose buttons answer a task: closed for all who see them once the task is settled.

Only what the app has written can change without a press, and for three days; a card of the AI
bot says that it was settled when somebody presses on it.
"""

from dataclasses import replace
from typing import Final

from handlers.ports import Context
from sop.actions import Button
from sop.activities import tasks as policy
from sop.model import Outgoing, Task, TaskCard
from sop.texts import text
from sop.times.durations import DAY_MS

SETTLE: Final = "settle"
"""What a delivery does that closes the card of another, its `words`."""

CHANNEL: Final = "app"
"""The channel whose cards can be changed later."""

CHANGEABLE_MS: Final = 3 * DAY_MS
"""How long they can."""

PAUSE_MS: Final = 2_000
"""By then it is known whether the task was settled by a press, which closes its own card."""


def keep(context: Context, sent: Outgoing) -> None:
    """Remember that a delivery carries a card of a task."""
    if sent.channel != CHANNEL:
        return
    number = policy.answered_by(Button(*each) for each in sent.body.get("buttons", ()))
    if number:
        context.store.put(
            TaskCard(community=sent.community, task=number, sent=sent.id, at=sent.created_at)
        )


def settle(context: Context, task: Task) -> None:
    """Let every card of a task that was settled be closed, as soon as it has arrived."""
    for card in context.store.find(TaskCard, community=context.community, task=task.id):
        sent = context.store.get(Outgoing, context.community, card.sent)
        until = card.at + CHANGEABLE_MS
        if sent is None or until <= context.now:
            continue
        context.store.put(replace(card, at=0))
        number = context.store.number(context.community, "outgoing")
        context.store.put(
            Outgoing(
                community=context.community, id=number,
                event_key=f"{SETTLE}:{task.id}", group=sent.group, do=SETTLE, channel=CHANNEL,
                chat="", klass=SETTLE,
                body={"words": sent.id, "to": sent.body["to"], "text": text("cards.settled")},
                created_at=context.now, not_before=context.now + PAUSE_MS, expires_at=until,
            )
        )  # fmt: skip
