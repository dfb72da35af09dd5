"""Who has been silent in a group for long, as far as it is known; and who is spared anyway.

What a group's channels could not hear is unknown: silence counts from when all of it is heard.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from handlers.people import people
from handlers.ports import Context, Outcome
from sop import channels
from sop.events import PackEnforced
from sop.model import Group, HeardSince, Member, Person
from sop.standing import standing
from sop.times import localtime


@dataclass(frozen=True, slots=True)
class Silent:
    """A member, and when they were last seen (ms)."""

    person: Person
    since: int


def note_hearing(event: PackEnforced, context: Context) -> Outcome:
    """Note since when a group is heard whole: what was said before that nobody knows."""
    del event
    for group in context.store.find(Group, community=context.community):
        known = context.store.get(HeardSince, context.community, group.id)
        heard = channels.hears_all(group.channels) and not group.retired
        if heard and (known is None or not known.since):
            since = context.now
        elif not heard and known is not None and known.since:
            since = 0
        else:
            continue
        context.store.put(HeardSince(community=context.community, group=group.id, since=since))
    return Outcome()


def heard_since(context: Context, group: Group) -> int:
    """Return since when everything that is said in the group is heard; 0: it is not."""
    if not channels.hears_all(group.channels):
        return 0
    known = context.store.get(HeardSince, context.community, group.id)
    return known.since if known is not None else 0


def in_group(context: Context, group: Group, length_ms: int) -> tuple[list[Silent], int]:
    """Return who has been silent for so long, the longest first; and how many more are spared."""
    heard = heard_since(context, group)
    if not heard:
        return [], 0
    found = context.store.find(
        Member, community=context.community, group=group.id, left_at=0,
        last_at__le=context.now - length_ms, joined_at__le=context.now - length_ms,
    )  # fmt: skip
    silent = _seen(context, found, heard)
    long = [each for each in silent if each.since <= context.now - length_ms]
    mine = [each for each in long if not is_spared(context, group, each.person)]
    return sorted(mine, key=lambda each: (each.since, each.person.id)), len(long) - len(mine)


def _seen(context: Context, members: Sequence[Member], heard: int) -> list[Silent]:
    persons = (
        (each, context.store.get(Person, context.community, each.person)) for each in members
    )
    return [
        Silent(person, max(heard, last_sign(context, member, person)))
        for member, person in persons
        if person is not None
    ]


def last_sign(context: Context, member: Member, person: Person) -> int:
    """Return when somebody last gave a sign: here, in private, or by a message in any group."""
    active = person.active[-1] if person.active else ""
    day = localtime.local_midnight(date.fromisoformat(active), context.book.zone) if active else 0
    return max(member.last_at, member.joined_at, person.contact_at, day)


def is_spared(context: Context, group: Group, person: Person) -> bool:
    """Tell whether somebody stays however silent: whoever runs, leads, carries or pays for it.

    Who wants nothing the bot starts cannot be told ahead, so they stay as well.
    """
    return (
        people.role_of(person, group) != "member"
        or person.layer == "core"
        or standing.pays(person, context.now)
        or person.nudges_off
    )
