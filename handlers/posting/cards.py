"""What can be pressed under words, and the card that carries it where the words cannot.

Where a group's post goes by a channel without cards, the card follows by one that has them: a
delivery of its own, dropped without a word where it does not arrive. The words say it all.
"""

from collections.abc import Iterable
from typing import Final

from handlers.ports import Context
from sop import channels
from sop.actions import Action, Button
from sop.events import Event
from sop.frozen import replace
from sop.model import Group, Outgoing
from sop.texts import text

CARD: Final = "card"
"""The class of these deliveries: they wait for nobody but their own words."""

LEASE_MS: Final = 2_000
"""By then it is known whether the words have left with the answer to the request."""


def likes(context: Context, numbers: Iterable[int]) -> tuple[Button, ...]:
    """Return a button for each numbered item; none where a pack has no word for a like."""
    word = context.book.words.shown("like")
    return tuple(
        Button(text("cards.like", number=each), f"{word} {each}", of=str(each))
        for each in numbers
        if word
    )


def carried(lines: Iterable[Action], sent: Iterable[Outgoing]) -> tuple[Action, ...]:
    """Return the lines as they will be seen: without buttons where no channel has cards."""
    seen = tuple(lines)
    if not any(each.buttons for each in seen) or any(
        _carries(each.channel, "cards") for each in sent
    ):
        return seen
    return tuple(replace(each, buttons=()) for each in seen)


def follow(
    context: Context, event: Event, action: Action, words: Outgoing
) -> tuple[Outgoing, ...]:
    """Record the card of a post whose own channel has none, if another of the group's has."""
    way = _way(context, words) if action.buttons and words.do == "post" else None
    if way is None:
        return ()
    body = {
        "words": words.id,
        "text": action.text,
        "buttons": words.body["buttons"],
        "apart": True,
    }
    delivery = Outgoing(
        community=context.community,
        id=context.store.number(context.community, "outgoing"),
        event_key=event.key,
        group=words.group,
        do="post",
        channel=way.channel,
        chat=way.chat,
        klass=CARD,
        body=body | ({"step": action.step} if action.step else {}),
        created_at=context.now,
        not_before=context.now + (LEASE_MS if words.status == "leased" else 0),
        expires_at=words.expires_at,
    )
    context.store.put(delivery)
    return (delivery,)


def _way(context: Context, words: Outgoing) -> channels.Way | None:
    if _carries(words.channel, "cards"):
        return None
    group = context.store.get(Group, context.community, words.group)
    able = (kind for kind in channels.PREFERRED if _carries(kind, "post", "cards"))
    found = next((each for each in able if group is not None and each in group.channels), None)
    return channels.Way(found, group.channels[found]) if group is not None and found else None


def _carries(channel: str, *wanted: str) -> bool:
    return channels.CAPABILITIES.get(channel, frozenset()).issuperset(wanted)
