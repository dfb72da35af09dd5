"""Numbered contributions: shares, stories and entries, and which item a message or post is about.

What is not shown (not yet, or withdrawn) is found by nobody.
"""

from collections.abc import Sequence
from typing import Any, Final

from handlers.people import people
from handlers.ports import Context
from handlers.questions import asked
from handlers.replies import excerpt
from handlers.threads.quotes import WITHIN_MS
from sop.activities.collecting import HIDDEN, KINDS, SHOWN
from sop.model import BOT, Group, Item, Message, Person
from sop.text import normalise
from sop.texts import text

SHARE: Final = "share"
STORY: Final = "story"

OFFERED: Final = (SHARE, *(kind for kind in KINDS if kind != "checkin"))
"""Kinds that somebody gave by themselves: their echo is a signal: `handlers.shares.signals`."""

PRAISED: Final = (*OFFERED, asked.ANSWER)
"""Kinds that are meant when somebody is liked by name."""

NEWEST: Final = 500
"""Newest items of a group among which somebody's latest is looked for."""

LISTED: Final = 5
"""Items listed when it is not certain which is meant."""


def record(context: Context, group: Group, kind: str, said: str, **fields: Any) -> Item:
    """Store a contribution under the group's next number."""
    new = Item(
        community=context.community,
        group=group.id,
        number=context.store.number(context.community, f"item:{group.id}"),
        kind=kind,
        text=said[: asked.KEPT],
        **fields,
    )
    context.store.put(new)
    return new


def source_of(found: Item) -> str:
    """Name an item as the source of deeds around it, for ever."""
    return found.source


def announcement(context: Context, found: Item) -> str:
    """Return how the bot's reply to a share or story begins, or to a name put forward."""
    who, whom = (
        people.shown(people.current(context.store, context.community, each))
        for each in (found.person, found.about)
    )
    kind = "nominated" if found.about and found.kind != "snag" else found.kind
    return text(f"offered.{kind}", name=who, number=found.number, star=whom)


def said_in(context: Context, group: Group, message: Message) -> Item | None:
    """Return the item of any kind that a message holds, or a post of the bot announces."""
    if message.person != BOT:
        return by_message(context, group, message.message_id)
    return asked.said_in(context, group, message) or _announced(context, group, message)


def by_message(context: Context, group: Group, message_id: str) -> Item | None:
    """Return the item of any kind that was said in that message."""
    if not message_id:
        return None
    found = context.store.find(
        Item, community=context.community, message_id=message_id, group=group.id,
        order="-number", limit=1,
    )  # fmt: skip
    return found[0] if found and found[0].status not in HIDDEN else None


def is_taken_back(context: Context, group: Group, message_id: str) -> bool:
    """Tell whether what was said in that message may not be shown: not yet, or not any more."""
    found = context.store.find(
        Item, community=context.community, message_id=message_id, group=group.id
    )
    return any(each.status in HIDDEN for each in found)


def _announced(context: Context, group: Group, post: Message) -> Item | None:
    said = normalise(post.text)
    newest = context.store.find(
        Item, community=context.community, group=group.id, order="-number", limit=asked.ANNOUNCED
    )
    offered = (each for each in newest if each.kind in OFFERED and each.status not in HIDDEN)
    return next(
        (each for each in offered if said.startswith(normalise(announcement(context, each)))), None
    )


def latest_of(context: Context, group: Group, person: Person) -> Item | None:
    """Return what a person shared, told or answered last in the group, within 7 days."""
    found = context.store.find(
        Item, community=context.community, group=group.id, order="-number", limit=1,
        number__gt=asked.last_number(context, group) - NEWEST, person=person.id,
        at__ge=context.now - WITHIN_MS,
        kind__in=PRAISED,
    )  # fmt: skip
    return found[0] if found else None


def newest_of_others(context: Context, group: Group) -> Sequence[Item]:
    """Return the newest contributions of others that may be liked, the newest first."""
    return context.store.find(
        Item, community=context.community, group=group.id, order="-number", limit=LISTED,
        number__gt=asked.last_number(context, group) - NEWEST, kind__in=PRAISED,
        person__ne=context.person_id, status__in=SHOWN,
    )  # fmt: skip


def candidates(context: Context, group: Group) -> str:
    """List the newest contributions of others with their numbers; empty where there is none."""
    found = newest_of_others(context, group)
    listed = "\n".join(_candidate(context, each) for each in found)
    return text("threads.candidates", list=listed) if listed else ""


def _candidate(context: Context, found: Item) -> str:
    name = people.shown(people.current(context.store, context.community, found.person))
    return text("threads.candidate", number=found.number, name=name, text=excerpt(found.text, 40))
