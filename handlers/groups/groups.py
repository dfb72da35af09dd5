"""A group begins, people come and go: memberships, and the steps that begin with them."""

from dataclasses import replace

from handlers.admission import admitting, asking
from handlers.groups import moves
from handlers.invitations import inviting
from handlers.leaders import leader_handovers, volunteers
from handlers.moderation import raids
from handlers.people import people
from handlers.ports import Context, Outcome
from handlers.signups import signup_lists
from handlers.tasks import task_checks
from handlers.timing import scheduling
from sop.actions import Action
from sop.events import GroupAdopted, GroupCreated, MemberJoined, MemberLeft
from sop.model import Group, Member, Person


def start_group(event: GroupCreated, context: Context) -> Outcome:
    """Open a group once: its first members do not count as joining, its first steps are due.

    Where the members are not told, the first roster says who they are.
    """
    group = context.group
    if group is None or group.created_at or group.adopted_at:
        return Outcome()
    group = replace(
        group,
        created_at=event.at,
        owner=event.owner or group.owner,
        staff=event.staff or group.staff,
        owner_learned=not group.owner,
        staff_learned=not group.staff,
        chat_owner=event.owner,
        spoken_at=event.at,
        roster_at=event.at if event.members else group.roster_at,
    )
    context.store.put(group)
    for userid in dict.fromkeys(filter(None, (event.owner, *event.staff, *event.members))):
        person = people.person_of(
            context.store, context.community, userid, event.names.get(userid, "")
        )
        people.member_of(context.store, group, person, event.at)
    scheduling.group_started(context, group)
    return Outcome()


def adopt_group(event: GroupAdopted, context: Context) -> Outcome:
    """Take over a group that lived before the bot."""
    group = context.group
    if group is None or group.created_at or group.adopted_at:
        return Outcome()
    group = replace(group, adopted_at=event.at, spoken_at=event.at)
    context.store.put(group)
    scheduling.group_started(context, group)
    return Outcome()


def welcome_member(event: MemberJoined, context: Context) -> Outcome:
    """Note a membership once, and plan the steps that begin with it."""
    group = context.group
    if group is None:
        return Outcome()
    lines = join(
        context, group, event.member, event.at, name=event.name, invited_by=event.by,
        moved=event.moved,
    )  # fmt: skip
    return Outcome((*lines, *raids.joined(context, group, event.at)))


def join(
    context: Context,
    group: Group,
    userid: str,
    at: int,
    *,
    name: str = "",
    invited_by: str = "",
    scene: str = "",
    moved: bool = False,
    came_at: int = 0,
) -> tuple[Action, ...]:
    """Make somebody a member of the group; who is one already stays as they are.

    Who is `moved` comes from another group of the community, by the program or by themselves,
    and is no newcomer. `scene` is how they came (see `sop.events.Arrival`), `came_at` when they
    must have come, where that was not `at`.
    """
    person = people.person_of(context.store, context.community, userid, name)
    known = context.store.get(Member, context.community, group.id, person.id)
    if known is not None and not known.left_at:
        return ()
    moved = moved or moves.is_half(context, group, person, came=True)
    fresh = bool(invited_by) and not moved and inviting.is_new(context, person)
    seen_at = 0 if moved else came_at or at
    member = replace(people.member_of(context.store, group, person, at), came_at=seen_at)
    context.store.put(member)
    lines = inviting.joined(context, group, member, invited_by, scene) if fresh else ()
    if known is not None and not moved:
        lines = inviting.returned(context, group, person, at)
    lines = (*lines, *moves.go_on(context, person))
    if moved:
        return lines
    asked = asking.begin(context, group, person, member, known)
    scheduling.member_joined(context, group, member)
    return (*lines, *asked)


def farewell_member(event: MemberLeft, context: Context) -> Outcome:
    """Note that a membership ended; its pending steps end with it."""
    person = people.find_person(context.store, context.community, event.member)
    group = context.group
    if person is None or group is None:
        return Outcome()
    how = {"moved": event.moved, "removed": event.removed}
    return Outcome(leave(context, group, person, event.at, **how))


def leave(
    context: Context, group: Group, person: Person, at: int, *, moved: bool = False,
    removed: bool = False,
) -> tuple[Action, ...]:  # fmt: skip
    """End a membership; who is no member stays as they are.

    Who was taken out, by people too, has been told why: no step of the pack says goodbye to them.
    """
    member = context.store.get(Member, context.community, group.id, person.id)
    if member is None or member.left_at:
        return ()
    moved = moved or moves.is_half(context, group, person, came=False)
    removed = removed or task_checks.is_taking_out(context, group, person, member.joined_at)
    context.store.put(replace(member, left_at=at))
    admitting.gone(context, group, person)
    went_on = moves.left(context, group, person)
    if moved:
        return went_on
    return (
        *went_on,
        *signup_lists.leave(context, group, person.id),
        *inviting.left(context, person, at),
        *leader_handovers.left(context, group, person),
        *volunteers.left(context, person),
        *(() if removed else scheduling.member_moment(context, "left", person.id, group=group)),
    )
