"""Writing a delivery down: one pending action with its channel, in the event's transaction."""

from collections.abc import Sequence
from dataclasses import fields
from typing import Any, Final

from handlers.ports import Context, Store
from handlers.tasks import task_cards
from sop import channels
from sop.actions import Action
from sop.events import Event, ReplyRoute
from sop.model import BOT, Message, Outgoing, SeenEvent
from sop.text import fingerprint

AFTER_ADD: Final = "after-add"
"""The reason of a removal that belongs to a move: it goes out only when the add has arrived."""

NOT_BESIDE: Final = "not in the other group"
"""The error of a removal that was not made, because it would have left somebody in no group."""

UNDER_WAY: Final = ("leased", "pending", "sending")
"""The statuses of a delivery that may still arrive."""

LEASE_MS: Final = 24_000
"""The waiting request's 4 s and the 20 s in which WeCom repeats an unanswered callback."""

# asdict copies deeply, at forty times the cost.
_ROUTE: Final = tuple(field.name for field in fields(ReplyRoute))


NEAR: Final = 200
"""Deliveries of one event are numbered one after the other, with fewer than this between them."""


def deliveries_of(store: Store, event_key: str) -> tuple[Outgoing, ...]:
    """Return the deliveries a message or another event from outside brought about, in order."""
    seen = store.get(SeenEvent, event_key)
    found = (store.get(Outgoing, seen.community, each) for each in seen.outgoing) if seen else ()
    return tuple(each for each in found if each is not None)


def siblings_of(store: Store, outgoing: Outgoing, do: str) -> Sequence[Outgoing]:
    """Return the deliveries of that kind that the same event decided, in order."""
    return store.find(
        Outgoing, community=outgoing.community, id__gt=outgoing.id - NEAR,
        id__lt=outgoing.id + NEAR, event_key=outgoing.event_key, do=do, order="id",
    )  # fmt: skip


def record(
    context: Context,
    event: Event,
    action: Action,
    way: channels.Way,
    klass: str,
    *,
    expires_at: int,
    to: str = "",
    route: ReplyRoute | None = None,
    leased: bool = False,
) -> Outgoing:
    """Keep a delivery; `leased` to the waiting request, else pending at once."""
    number = context.store.number(context.community, "outgoing")
    delivery = Outgoing(
        community=context.community,
        id=number,
        event_key=event.key,
        group=action.group,
        do=action.do,
        channel=way.channel,
        chat=way.chat,
        klass=klass,
        body=_body(action, to),
        route={} if route is None else {name: getattr(route, name) for name in _ROUTE},
        status="leased" if leased else "pending",
        created_at=context.now,
        not_before=action.not_before or context.now + (LEASE_MS if leased else 0),
        expires_at=expires_at,
    )
    context.store.put(delivery)
    task_cards.keep(context, delivery)
    if action.do in ("post", "reply") and action.group:
        _remember(context, action, f"bot:{number}")
    return delivery


def _body(action: Action, to: str) -> dict[str, Any]:
    fields = {
        "to": to or action.to,
        "text": action.text,
        "mention": action.mention,
        "member": action.member,
        "members": action.members,
        "step": action.step,
        "rule": action.rule,
        "image": action.image,
        "file": action.file,
        "wish": dict(action.wish),
        "buttons": tuple((each.label, each.says, each.of) for each in action.buttons),
        "after_add": action.reason == AFTER_ADD,
        "beside": action.beside,
        "confidential": action.confidential,
    }
    return {name: value for name, value in fields.items() if value}


def _remember(context: Context, action: Action, message_id: str) -> None:
    """Keep the bot's own post, so that a quote of it can be recognised."""
    context.store.put(
        Message(
            community=context.community,
            id=context.store.number(context.community, "message"),
            group=action.group,
            person=BOT,
            at=context.now,
            message_id=message_id,
            text=action.text,
            fingerprint=fingerprint(action.text),
            step=action.step,
        )
    )
