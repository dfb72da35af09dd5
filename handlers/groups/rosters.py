"""What a fetched roster says: who came and went, whose group it is, and where it must be wrong.

A roster tells how things were when it was asked for. What became known since stands, an older
answer says nothing after a newer one, and a list that lost most of the group is held for staff.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from handlers import notes
from handlers.groups import groups
from handlers.moderation import raids
from handlers.people import people
from handlers.ports import Context, Outcome
from handlers.tasks import tasks
from sop import rosters
from sop.actions import Action
from sop.events import RosterFetched, RosterHinted
from sop.model import Group, Member, Outgoing, Person, Task
from sop.standing.merging import ids_of
from sop.texts import text

DOUBT: Final = "roster-doubt"
"""The kind of task that asks whether a list is to be believed; its target are the persons gone."""

OWNER: Final = "owner-changed"
"""The kind of task that says that `groups.yaml` names somebody else as owner than WeCom does."""


def compare(event: RosterFetched, context: Context) -> Outcome:
    """Turn a roster into joins and leaves, each once; an empty one is a failed call, no exodus.

    The first roster of a group only says who is there already: nobody joined by our looking.
    """
    group = context.group
    asked = event.asked_at or event.at
    if group is None or not event.members:
        return Outcome()
    # What was asked for in the future tells of a clock that was set back, not of a newer answer.
    if asked < group.roster_asked_at <= context.now:
        return Outcome()
    if event.version and event.version < group.roster_version:
        return Outcome()
    first = not group.roster_at
    lines = _note(context, group, event, asked)
    if first:
        _found_there(context, group, event)
        return Outcome((*lines, *_gap(context, group, event)))
    gone = _missing(context, group, event, asked)
    known = context.store.count(Member, community=context.community, group=group.id, left_at=0)
    left = (
        _doubted(context, group, gone, known)
        if rosters.doubtful(known, len(gone))
        else _gone(context, group, gone, event.at)
    )
    return Outcome(
        (*lines, *left, *_joined(context, group, event, asked), *_gap(context, group, event))
    )


def hint(event: RosterHinted, context: Context) -> Outcome:
    """Ask for the roster, unless it is that old already or is going to be asked for anyway."""
    group = context.group
    if group is None or (event.version and event.version <= group.roster_version):
        return Outcome()
    context.store.put(replace(group, roster_hint=max(group.roster_hint, event.version)))
    return Outcome(ask(context, group))


def ask(context: Context, group: Group) -> tuple[Action, ...]:
    """Return the question who is in the group; none where one waits to be asked."""
    waiting = context.store.count(
        Outgoing, community=context.community, group=group.id, do="fetch_roster", status="pending"
    )
    return () if waiting else (Action(do="fetch_roster", group=group.id),)


def _gap(context: Context, before: Group, event: RosterFetched) -> tuple[Action, ...]:
    """Ask again where a newer roster was told of, as long as the answers get newer."""
    behind = before.roster_version < event.version < before.roster_hint
    return ask(context, before) if behind else ()


def _note(context: Context, group: Group, event: RosterFetched, asked: int) -> tuple[Action, ...]:
    """Remember when this was, and who is in charge where the binding does not say."""
    owner_free = group.owner_learned or not group.owner
    staff_free = group.staff_learned or not group.staff
    context.store.put(
        replace(
            group,
            owner=(owner_free and event.owner) or group.owner,
            staff=(staff_free and event.staff) or group.staff,
            owner_learned=owner_free,
            staff_learned=staff_free,
            chat_owner=event.owner or group.chat_owner,
            roster_at=group.roster_at or event.at,
            roster_asked_at=asked,
            roster_version=max(group.roster_version, event.version),
        )
    )
    if event.owner and group.chat_owner and event.owner != group.chat_owner:
        return _owner_changed(context, group, event)
    return ()


def _owner_changed(context: Context, group: Group, event: RosterFetched) -> tuple[Action, ...]:
    """Keep that the group has another owner; staff hear of it where the binding says otherwise."""
    body = {"from": group.chat_owner, "to": event.owner}
    notes.keep(context, group.id, "owner", body)
    if group.owner_learned or group.owner.casefold() == event.owner.casefold():
        tasks.void(context, f"{OWNER}:{group.id}")
        return ()
    now, bound = (
        people.person_of(context.store, context.community, userid, event.names.get(userid, ""))
        for userid in (event.owner, group.owner)
    )

    def words(number: int) -> str:
        return text(
            "groups.owner-changed", group=group.title or group.id, name=people.shown(now),
            bound=people.shown(bound), number=number,
        )  # fmt: skip

    return tasks.open_task(
        context, kind=OWNER, to="staff", about=f"{OWNER}:{group.id}", group=group.id, words=words
    )


def _found_there(context: Context, group: Group, event: RosterFetched) -> None:
    for userid in event.members:
        name = event.names.get(userid, "")
        person = people.person_of(context.store, context.community, userid, name)
        people.member_of(context.store, group, person, event.at)


def _joined(
    context: Context, group: Group, event: RosterFetched, asked: int
) -> tuple[Action, ...]:
    lines: list[Action] = []
    came = False
    before = max(event.last_look_at, group.roster_asked_at)
    came_at = raids.found_at(context, before, event.at)
    for userid in event.members:
        name = event.names.get(userid, "")
        person = people.person_of(context.store, context.community, userid, name)
        known = context.store.get(Member, context.community, group.id, person.id)
        if known is None or 0 < known.left_at <= asked:
            lines.extend(groups.join(context, group, userid, event.at, name=name, came_at=came_at))
            came = True
    return (*lines, *_crowd(context, event)) if came else tuple(lines)


def _crowd(context: Context, event: RosterFetched) -> tuple[Action, ...]:
    """Weigh those who came together as if each had been told; the group's record is the newest."""
    group = context.store.get(Group, context.community, event.group)
    return raids.joined(context, group, event.at) if group else ()


def _missing(context: Context, group: Group, event: RosterFetched, asked: int) -> Sequence[Person]:
    """Return who was in the group when the roster was asked for, and is not in it."""
    present = {userid.casefold() for userid in event.members}
    members = context.store.find(
        Member, community=context.community, group=group.id, left_at=0, joined_at__le=asked
    )
    known = (context.store.get(Person, context.community, each.person) for each in members)
    return [each for each in known if each is not None and present.isdisjoint(ids_of(each))]


def _gone(context: Context, group: Group, gone: Sequence[Person], at: int) -> tuple[Action, ...]:
    tasks.void(context, f"{DOUBT}:{group.id}")
    return tuple(line for each in gone for line in groups.leave(context, group, each, at))


def _doubted(
    context: Context, group: Group, gone: Sequence[Person], known: int
) -> tuple[Action, ...]:
    """Hold everybody's leaving until staff say that it is so; what they denied is asked once."""
    about, target = f"{DOUBT}:{group.id}", ",".join(str(each.id) for each in gone)
    if _asked_already(context, about, target):
        return ()
    tasks.void(context, about)

    def words(number: int) -> str:
        return text(
            "groups.roster-doubt", group=group.title or group.id, count=len(gone), before=known,
            number=number,
        )  # fmt: skip

    return tasks.open_task(
        context, kind=DOUBT, to="staff", about=about, group=group.id, target=target, words=words
    )


def _asked_already(context: Context, about: str, target: str) -> bool:
    found = context.store.find(
        Task, community=context.community, about=about, status__in=("open", "rejected"),
        order="-id", limit=1,
    )  # fmt: skip
    if not found or found[0].status == "open":
        return bool(found) and found[0].target == target
    return set(target.split(",")) <= set(found[0].target.split(","))


def decide(context: Context, task: Task, choice: str) -> tuple[Action, ...]:
    """Let those go whom a doubted roster did not hold, if they have really left."""
    group = context.store.get(Group, context.community, task.group)
    if choice != "approve" or group is None:
        return ()
    lines: list[Action] = []
    for number in map(int, task.target.split(",")):
        person = people.current(context.store, context.community, number)
        member = (
            context.store.get(Member, context.community, group.id, person.id) if person else None
        )
        if person is not None and member is not None and member.joined_at <= task.created_at:
            lines.extend(groups.leave(context, group, person, context.now))
    return tuple(lines)
