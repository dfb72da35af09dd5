"""A message was heard: keep it, and note that its sender and the group are alive."""

from typing import Final

from handlers.collections import entering, taking
from handlers.games import games
from handlers.groups import groups
from handlers.people.people import member_of
from handlers.ports import Context, Outcome
from sop import channels
from sop.actions import Action
from sop.detectors import trust
from sop.events import MessageReceived
from sop.frozen import replace
from sop.model import Aside, Contact, Group, Message
from sop.text import hash_normal, normalise

KEPT_RECENT: Final = 20
"""Earlier messages remembered per member and group, enough for every flood window."""


def hear(event: MessageReceived, context: Context) -> Outcome:
    """Store the message and the traces of it that rules and conditions read."""
    person, group = context.person, context.group
    assert person is not None
    fingerprint = hash_normal(normalise(event.text))
    if event.has_image:
        taking.note_picture(event, context)
    # What is given to a collection in private is kept there, perhaps without its author.
    secret = not event.group and entering.is_entry(event, context)
    number = context.store.number(context.community, "message")
    context.store.put(
        Message(
            community=context.community,
            id=number,
            group=context.group_id,
            person=person.id,
            at=event.at,
            message_id=event.message_id,
            text="" if secret else event.text,
            fingerprint="" if secret else fingerprint,
        )
    )
    _keep_aside(event, context, group, number)
    if group is None:
        context.store.put(replace(person, contact_at=event.at))
        userid = event.sender.casefold()
        context.store.put(Contact(userid=userid, community=context.community, at=event.at))
        return Outcome()
    lines = _newcomer(event, context, group)
    member = member_of(context.store, group, person, event.at)
    recent, substance = member.recent, member.substance
    if substance < trust.ENOUGH and trust.has_substance(event.text, fingerprint, recent):
        substance += 1
    if not games.does_not_count(event, context):
        # Commands and moves in a running game never count for flood and repeats.
        recent = (*recent, (event.at, fingerprint))[-KEPT_RECENT:]
    last_at = max(event.at, member.last_at)
    context.store.put(replace(member, last_at=last_at, recent=recent, substance=substance))
    if event.at > group.spoken_at:
        context.store.put(replace(group, spoken_at=event.at))
    return Outcome(lines)


def _newcomer(event: MessageReceived, context: Context, group: Group) -> tuple[Action, ...]:
    """Note that somebody came who speaks before the next look at an app-made group's roster."""
    polled = "appchat" in group.channels and group.roster_asked_at
    if not polled or event.at < group.roster_asked_at:
        return ()
    return groups.join(context, group, event.sender, event.at, name=event.name)


def _keep_aside(
    event: MessageReceived, context: Context, group: Group | None, number: int
) -> None:
    """Keep what the message carried beside its words, if it carried anything."""
    heard_anyway = group is not None and event.mentions_bot and channels.hears_all(group.channels)
    if not (heard_anyway or event.quote or event.quote_id or event.mentions or event.has_image):
        return
    context.store.put(
        Aside(
            community=context.community,
            message=number,
            at=event.at,
            quote=event.quote,
            quote_id=event.quote_id,
            mentions=event.mentions,
            addressed=heard_anyway,
            has_image=event.has_image,
        )
    )
