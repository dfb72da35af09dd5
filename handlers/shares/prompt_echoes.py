"""What becomes of the replies to a prompt: thanks at its end, and the best one is quoted later.

Who was thanked at once is not thanked again; who does not want to be named is not quoted.
"""

from collections import Counter as Tally
from collections.abc import Iterable, Sequence
from typing import Final

from handlers.people import people
from handlers.ports import Context
from handlers.posting import acknowledging
from handlers.replies import excerpt
from handlers.shares import share_places
from handlers.timing import deadlines
from sop.actions import Action
from sop.model import Counter, Group, Like, Message, Occurrence, Thread, ThreadReply
from sop.texts import text
from sop.times import localtime
from sop.times.durations import DAY_MS, HOUR_MS

LATEST_MS: Final = 2 * HOUR_MS
"""Thanks later than this after the end (or the night after it) are none."""

REMEMBERED_MS: Final = 7 * DAY_MS
"""How old a reply may be that is still quoted."""

LOOKED_AT: Final = 200
"""Replies among which the best is looked for, the earliest ones."""

LENGTH: Final = 60
"""Characters of a reply that are quoted."""


def ended(
    context: Context, group: Group, thread: Thread, occurrence: Occurrence
) -> tuple[Action, ...]:
    """Thank those in one line who were not thanked at once; remember which replies to quote."""
    if thread.body["replies"]:
        name = _mark(group, thread.step)
        context.store.put(Counter(community=context.community, name=name, value=thread.id))
    if not 0 < thread.body["ack"] < thread.body["replies"] or group.retired or group.paused:
        return ()
    asleep = acknowledging.sleeping(context, group)
    if asleep is not None:
        return (deadlines.hold(context, occurrence, asleep),)
    if context.now - occurrence.run_at > LATEST_MS:
        return ()
    names = _names(context, group, _replies(context, thread)[thread.body["ack"] :])
    if not names:
        return ()
    words = text("threads.thanks", names=names)
    line = Action(
        do="post", group=group.id, text=words, step=thread.step,
        expires_at=context.now + LATEST_MS,
    )  # fmt: skip
    return (line,)


def _names(context: Context, group: Group, replies: Sequence[ThreadReply]) -> str:
    found = (share_places.present(context, group, each.person) for each in replies)
    there = [person for person in found if person is not None]
    names = people.named(there[: acknowledging.NAMED])
    if len(there) <= acknowledging.NAMED:
        return names
    return text("acks.and-more", names=names, count=len(there))


def quote(context: Context, group: Group, step: str) -> str:
    """Return the line that quotes what was liked best of the step's last prompt, once.

    Nothing where it was today's, nobody liked a reply, or its author is not to be named.
    """
    name = _mark(group, step)
    known = context.store.get(Counter, context.community, name)
    thread = context.store.get(Thread, context.community, known.value) if known else None
    if thread is None or not _is_past(context, thread):
        return ""
    context.store.put(Counter(community=context.community, name=name, value=0))
    messages = _said(context, group, _replies(context, thread)[:LOOKED_AT])
    for message in _by_likes(context, messages):
        author = share_places.present(context, group, message.person)
        if author is not None and not author.unranked and message.text:
            said = excerpt(message.text, LENGTH)
            return text("threads.quoted", name=people.shown(author), text=said)
    return ""


def _is_past(context: Context, thread: Thread) -> bool:
    zone = context.book.zone
    today = localtime.local_date(context.now, zone)
    recent = context.now - thread.opened_at <= REMEMBERED_MS
    return recent and localtime.local_date(thread.opened_at, zone) < today


def _replies(context: Context, thread: Thread) -> list[ThreadReply]:
    found = context.store.find(ThreadReply, community=context.community, thread=thread.id)
    return sorted(found, key=lambda each: (each.at, each.message_id))


def _said(context: Context, group: Group, replies: Iterable[ThreadReply]) -> list[Message]:
    """Return the messages the replies are; by their time, which an index knows."""
    found: list[Message] = []
    for each in replies:
        found += context.store.find(
            Message, community=context.community, group=group.id, at=each.at,
            message_id=each.message_id, limit=1,
        )  # fmt: skip
    return found


def _by_likes(context: Context, messages: Sequence[Message]) -> list[Message]:
    """Return the messages somebody liked, the most liked first, the earlier one of two."""
    if not messages:
        return []
    targets = {f"message:{each.id}": each for each in messages}
    likes = Tally(
        like.target
        for like in context.store.find(
            Like, community=context.community, target__in=tuple(targets), status="counted",
            counts=True,
        )
    )  # fmt: skip
    order = sorted(likes, key=lambda target: (-likes[target], targets[target].at))
    return [targets[target] for target in order]


def _mark(group: Group, step: str) -> str:
    return f"prompt:{group.id}:{step}"
