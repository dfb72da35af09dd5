"""What a fetched roster says: who came and went, whose group it is, and where it must be wrong.

A roster tells how things were when it was asked for. What became known since stands, an older
answer says nothing after a newer one, and a list that lost most of the group is held for staff.
What a platform tells of a change by itself is a hint to ask, no more: it may be late or lost.
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
from sop.events import Arrival, RosterFetched, RosterHinted
from sop.model import Group, Member, Outgoing, Person, RosterVersion, Task
from sop.standing.merging import ids_of
from sop.texts import text

DOUBT: Final = "roster-doubt"
"""The kind of task that asks whether a list is to be believed; its target are the persons gone."""

OWNER: Final = "owner-changed"
"""The kind of task that says that `groups.yaml` names somebody else as owner than WeCom does."""

DISMISSED: Final = "dismissed"
"""The kind of task that says that a group is no more: nobody has left it, and nothing is due."""

UNSEEN: Final = Arrival()
"""All that is known of how somebody came where the platform tells nothing of it."""

GAP: Final = "roster-gap"
"""The reason of the line that says that a change before the one told of was never told."""


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
    believed, again = _weighed(context, group, event)
    if not believed:
        return Outcome(again)
    first = not group.roster_at
    lines = (*again, *_note(context, group, event, asked))
    if first:
        _found_there(context, group, event)
        return Outcome(lines)
    gone = _missing(context, group, event, asked)
    known = context.store.count(Member, community=context.community, group=group.id, left_at=0)
    left = (
        _doubted(context, group, gone, known)
        if rosters.doubtful(known, len(gone))
        else _gone(context, group, gone, event.at)
    )
    return Outcome((*lines, *left, *_joined(context, group, event, asked)))


def hint(event: RosterHinted, context: Context) -> Outcome:
    """Ask for the roster a little later, unless it is known or going to be asked for anyway."""
    group = context.group
    if group is None:
        return Outcome()
    if event.dismissed:
        return Outcome(_dismissed(context, group))
    found = rosters.told(_versions(context, group), event.version, event.before, event.at)
    context.store.put(found.versions)
    gap = (Action(do="error", group=group.id, reason=GAP),) if found.gap else ()
    asked = ask(context, group, rosters.SETTLE_MS) if found.ask else ()
    return Outcome((*gap, *asked))


def ask(context: Context, group: Group, wait_ms: int = 0) -> tuple[Action, ...]:
    """Return the question who is in the group; none where one waits that is asked as soon."""
    waiting = context.store.find(
        Outgoing, community=context.community, group=group.id, do="fetch_roster", status="pending"
    )
    if any(each.not_before <= context.now + wait_ms for each in waiting):
        return ()
    for each in waiting:
        context.store.put(
            replace(each, status="dropped", done_at=context.now, error="asked sooner")
        )
    later = context.now + wait_ms if wait_ms else 0
    return (Action(do="fetch_roster", group=group.id, not_before=later),)


def _versions(context: Context, group: Group) -> RosterVersion:
    """Return what is known of the versions of the group's roster."""
    found = context.store.get(RosterVersion, context.community, group.id)
    return found or RosterVersion(community=context.community, group=group.id)


def _weighed(
    context: Context, group: Group, event: RosterFetched
) -> tuple[bool, tuple[Action, ...]]:
    """Tell whether a roster is believed, by its version; ask again while another is the newest."""
    if not event.version:
        return True, ()
    found = rosters.fetched(_versions(context, group), event.version)
    context.store.put(found.versions)
    return found.believed, ask(context, group, found.again_ms) if found.again_ms else ()


def _dismissed(context: Context, group: Group) -> tuple[Action, ...]:
    """Tell staff that the group is no more: its binding is theirs, and nobody has left it."""

    def words(number: int) -> str:
        return text("groups.dismissed", group=group.title or group.id, number=number)

    return tasks.open_task(
        context, kind=DISMISSED, to="staff", about=f"{DISMISSED}:{group.id}", group=group.id,
        words=words,
    )  # fmt: skip


def _note(context: Context, group: Group, event: RosterFetched, asked: int) -> tuple[Action, ...]:
    """Remember when this was, and who is in charge where the binding does not say."""
    owner_free = group.owner_learned or not group.owner
    staff_free = group.staff_learned or not group.staff
    # Who numbers its rosters tells administrators, too: then none means that there are none.
    staff_told = bool(event.staff or event.version)
    context.store.put(
        replace(
            group,
            owner=(owner_free and event.owner) or group.owner,
            staff=event.staff if staff_free and staff_told else group.staff,
            owner_learned=owner_free,
            staff_learned=staff_free,
            chat_owner=event.owner or group.chat_owner,
            roster_at=group.roster_at or event.at,
            roster_asked_at=asked,
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
    found_at = raids.found_at(context, before, event.at)
    for userid in event.members:
        name = event.names.get(userid, "")
        person = people.person_of(context.store, context.community, userid, name)
        known = context.store.get(Member, context.community, group.id, person.id)
        if known is None or 0 < known.left_at <= asked:
            arrival = event.arrivals.get(userid, UNSEEN)
            came_at = min(arrival.at or found_at, event.at)
            lines.extend(
                groups.join(
                    context, group, userid, event.at, name=name, invited_by=arrival.by,
                    scene=arrival.scene, came_at=came_at,
                )
            )  # fmt: skip
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
