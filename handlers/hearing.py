"""A message was heard: keep it, and note that its sender and the group are alive."""

from dataclasses import replace
from typing import Final

from handlers import recognition
from handlers.people import member_of
from handlers.ports import Context, Outcome
from sop.events import MessageReceived
from sop.model import Contact, Message
from sop.text import hash_normal, normalise

KEPT_RECENT: Final = 20
"""Earlier messages remembered per member and group, enough for every flood window."""


def hear(event: MessageReceived, context: Context) -> Outcome:
    """Store the message and the traces of it that rules and conditions read."""
    person, group = context.person, context.group
    assert person is not None
    fingerprint = hash_normal(normalise(event.text))
    context.store.put(
        Message(
            community=context.community,
            id=context.store.number(context.community, "message"),
            group=context.group_id,
            person=person.id,
            at=event.at,
            message_id=event.message_id,
            text=event.text,
            fingerprint=fingerprint,
        )
    )
    if group is None:
        context.store.put(replace(person, contact_at=event.at))
        userid = person.userid.casefold()
        context.store.put(Contact(userid=userid, community=context.community, at=event.at))
        return Outcome()
    member = member_of(context.store, group, person, event.at)
    recent = member.recent
    if not recognition.is_command(event, context):
        # Commands never count for flood and repeats.
        recent = (*recent, (event.at, fingerprint))[-KEPT_RECENT:]
    context.store.put(replace(member, last_at=max(event.at, member.last_at), recent=recent))
    if event.at > group.spoken_at:
        context.store.put(replace(group, spoken_at=event.at))
    return Outcome()
