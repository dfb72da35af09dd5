"""An invitation as it is recorded: by the channel that saw it, or by a code that the guest told.

What brings points is credited at the guest's first paid deed, and taken back if the guest is
gone within days. What looks wrong, or could not be seen, waits for people: see `invite_reviews`.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from handlers.invitations import invite_reviews
from handlers.ledger import ledger
from handlers.people import people
from handlers.ports import Context
from sop import channels
from sop.actions import Action
from sop.activities import invitations
from sop.model import Group, Invitation, LedgerEntry, Member, Person

LONGEST_CHAIN: Final = 20
"""Inviters of inviters among whom the guest is looked for."""


def is_new(context: Context, person: Person) -> bool:
    """Tell whether somebody has never been in any group of the community."""
    found = context.store.find(Member, community=context.community, person=person.id, limit=1)
    return not found


def joined(
    context: Context, group: Group, member: Member, invited_by: str, scene: str = ""
) -> tuple[Action, ...]:
    """Record who brought somebody who has just come for the first time, as a channel saw it."""
    inviter = people.person_of(context.store, context.community, invited_by)
    case = _case(context, group, member.person, inviter, member.joined_at, "new")
    return () if invitations.refusal(case) else _record(context, group, case, scene)


def told(
    context: Context, group: Group, guest: Person, inviter: Person
) -> tuple[str, tuple[Action, ...]]:
    """Record whom a guest names; returns why not (empty: it was), and what follows."""
    found = context.store.find(Member, community=context.community, person=guest.id)
    where = [
        (each, bound, bound is not None and channels.knows_members(bound.channels))
        for each in found
        for bound in (context.store.get(Group, context.community, each.group),)
    ]
    since = min((each.joined_at for each in found), default=0)
    case = _case(context, group, guest.id, inviter, since, invitations.presence(where))
    refused = invitations.refusal(case)
    return refused, () if refused else _record(context, group, case)


def _case(
    context: Context,
    group: Group,
    guest: int,
    inviter: Person,
    joined_at: int,
    presence: invitations.Presence,
) -> invitations.Case:
    person = context.store.get(Person, context.community, guest)
    named = context.store.get(Invitation, context.community, guest) is not None
    earlier = context.store.find(
        Invitation, community=context.community, inviter=inviter.id,
        at__gt=context.now - invitations.MONTH_MS, order="at",
    )  # fmt: skip
    return invitations.Case(
        guest=guest, inviter=inviter.id, at=context.now, joined_at=joined_at, presence=presence,
        known=named or bool(person and person.invited_by), chain=_chain(context, inviter),
        earlier=earlier, trusted=people.is_staff(inviter, group),
    )  # fmt: skip


def _chain(context: Context, person: Person | None) -> Sequence[int]:
    """Return who brought the person, and who brought them."""
    found: list[int] = []
    while person is not None and person.invited_by and len(found) < LONGEST_CHAIN:
        found.append(person.invited_by)
        person = people.current(context.store, context.community, person.invited_by)
    return found


def _record(
    context: Context, group: Group, case: invitations.Case, scene: str = ""
) -> tuple[Action, ...]:
    why = invitations.hold(case)
    invitation = Invitation(
        community=context.community, guest=case.guest, inviter=case.inviter, group=group.id,
        at=case.at, joined_at=case.joined_at, status="held" if why else "counted", why=why,
        scene=scene,
    )  # fmt: skip
    context.store.put(invitation)
    if why:
        return invite_reviews.hold(context, group, invitation)
    return invite_reviews.count(context, invitation)


def left(context: Context, guest: Person, at: int) -> tuple[Action, ...]:
    """Take back what a guest has brought who leaves the community within days."""
    found = context.store.get(Invitation, context.community, guest.id)
    if found is None or found.status not in ("counted", "held"):
        return ()
    if at - found.joined_at > invitations.STAY_MS or people.memberships(context, guest.id):
        return ()
    context.store.put(replace(found, status="gone"))
    inviter = people.current(context.store, context.community, found.inviter)
    entries = _paid(context, guest, inviter) if inviter and guest.invite_paid else ()
    return tuple(
        line
        for each in entries
        for line in ledger.reverse(context, each, f"guest-left:{guest.id}")
    )


def returned(context: Context, group: Group, guest: Person, at: int) -> tuple[Action, ...]:
    """Let the invitation of a guest who is back stand again, if nothing was paid for it yet."""
    found = context.store.get(Invitation, context.community, guest.id)
    if found is None or found.status != "gone" or guest.invite_paid:
        return ()
    again = replace(found, status="counted" if guest.invited_by else "held", joined_at=at)
    context.store.put(again)
    return () if guest.invited_by else invite_reviews.hold(context, group, again)


def _paid(context: Context, guest: Person, inviter: Person) -> Sequence[LedgerEntry]:
    numbers = people.numbers_of(context.store, context.community, guest.id)
    return context.store.find(
        LedgerEntry, community=context.community, person=inviter.id, deed="invite",
        source__in=tuple(f"invite:{number}" for number in numbers), order="id", limit=1,
    )  # fmt: skip
