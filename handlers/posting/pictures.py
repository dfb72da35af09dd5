"""The picture that goes with words: a delivery of its own, after theirs.

So the words never wait for it, are never said again because of it, and lose nothing where it
cannot be drawn or carried.
"""

from typing import Any, Final

from handlers.ports import Context
from sop import channels
from sop.actions import Action
from sop.events import Event
from sop.model import Group, Outgoing
from sop.times.durations import HOUR_MS

PICTURE: Final = "picture"
"""The class of these deliveries: they wait for nobody but their own words."""

LEASE_MS: Final = 2_000
"""By then it is known whether the words have left with the answer to the request."""

LIFE_MS: Final = HOUR_MS
"""How much longer than its words a picture is worth being sent."""


def follow(
    context: Context, event: Event, action: Action, words: Outgoing
) -> tuple[Outgoing, ...]:
    """Record the picture of an action whose words are recorded, if a channel carries pictures."""
    way = _way(context, words) if action.picture else None
    if way is None:
        return ()
    body: dict[str, Any] = {"picture": dict(action.picture), "words": words.id}
    named = {"step": action.step, "to": str(words.body.get("to", "")) or action.to}
    delivery = Outgoing(
        community=context.community,
        id=context.store.number(context.community, "outgoing"),
        event_key=event.key,
        group=words.group,
        do="dm" if _is_private(words) else "post",
        channel=way.channel,
        chat=way.chat,
        klass=PICTURE,
        body=body | {name: value for name, value in named.items() if value},
        created_at=context.now,
        not_before=context.now + (LEASE_MS if words.status == "leased" else 0),
        expires_at=words.expires_at + LIFE_MS if words.expires_at else 0,
    )
    context.store.put(delivery)
    return (delivery,)


def _is_private(words: Outgoing) -> bool:
    return words.do == "dm" or not words.group


def _way(context: Context, words: Outgoing) -> channels.Way | None:
    """Return the channel that carries pictures to where the words go."""
    if _is_private(words):
        able = "images" in channels.CAPABILITIES.get(words.channel, ())
        return channels.Way(words.channel, "") if able else None
    group = context.store.get(Group, context.community, words.group)
    way = channels.way_for("post", group.channels, wishes=("images",)) if group else None
    able = way is not None and "images" in channels.CAPABILITIES[way.channel]
    return way if able else None
