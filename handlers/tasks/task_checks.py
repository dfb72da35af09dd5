"""Whether what a task asks for has really happened, where the bot can see it: then it is done.

A move of a member is looked up in what is known of the groups' members, a prepared post is
recognised when staff have sent it. What nobody can see is taken on somebody's word.
"""

from collections.abc import Iterable
from dataclasses import replace
from typing import Final

from handlers.ledger import ledger
from handlers.people import people
from handlers.ports import Context, Outcome
from handlers.tasks import task_turns, tasks
from sop import channels
from sop.actions import Action
from sop.events import MemberJoined, MemberLeft, MessageReceived, RosterFetched
from sop.model import Group, Member, Person, Task
from sop.text import normalise
from sop.texts import text

MOVES: Final = ("add", "remove", "clean-up")
"""Kinds of tasks that move members; their target says where to, and out of which groups.

It is the task's person who moves, unless a number follows: `-alpha:12`.
"""

POSTS: Final = ("copy", "failed")
"""Kinds of tasks that send prepared words; their target is the group, where it is one."""

INTO: Final = "+"
OUT_OF: Final = "-"


def moves(*, into: Iterable[str] = (), out_of: Iterable[str] = ()) -> str:
    """Return the target of a task to bring a member into some groups and out of others."""
    return " ".join((*(INTO + group for group in into), *(OUT_OF + group for group in out_of)))


def is_seen(context: Context, task: Task) -> bool | None:
    """Tell whether a move has happened; None where nobody can see it, or it is no move."""
    wanted = task.target.split() if task.kind in MOVES else []
    found = [_is_so(context, each, task.person) for each in wanted]
    return None if not found or None in found else all(found)


def _is_so(context: Context, wanted: str, person: int) -> bool | None:
    name, _, other = wanted[1:].partition(":")
    person = int(other) if other else person
    group = context.store.get(Group, context.community, name)
    if group is None or group.retired or not channels.knows_members(group.channels):
        return None
    member = context.store.get(Member, context.community, group.id, person)
    if wanted.startswith(INTO):
        return member is not None and not member.left_at
    return bool(member.left_at) if member is not None else None


def is_taking_out(context: Context, group: Group, person: Person, since: int) -> bool:
    """Tell whether people have been asked since then to take somebody out, and did not refuse."""
    known = people.numbers_of(context.store, context.community, person.id)
    named = {f"{OUT_OF}{group.id}:{number}" for number in known}
    found = context.store.find(
        Task, community=context.community, group=group.id, status__in=("open", "done"),
        kind__in=MOVES, created_at__ge=since,
    )  # fmt: skip
    return any(
        each in named or (each == OUT_OF + group.id and task.person in known)
        for task in found
        for each in task.target.split()
    )


def claim(context: Context, task: Task) -> tuple[tuple[Action, ...], str] | None:
    """Look for what who acted says is done; None: there is nothing to wait for."""
    if is_seen(context, task) is not False:
        return None
    me = context.person_id
    taken_at = task.taken_at if task.taken_by == me else context.now
    context.store.put(replace(task, taken_by=me, taken_at=taken_at, claimed_at=context.now))
    name = people.shown(people.current(context.store, context.community, task.person))
    return _ask_rosters(context, task), text("tasks.looked-for", number=task.id, name=name)


def _ask_rosters(context: Context, task: Task) -> tuple[Action, ...]:
    groups = [context.store.get(Group, context.community, each) for each in _named(task)]
    return tuple(
        Action(do="fetch_roster", group=group.id)
        for group in groups
        if group is not None and channels.way_for("fetch_roster", group.channels) is not None
    )


def look(event: MemberJoined | MemberLeft | RosterFetched, context: Context) -> Outcome:
    """Close the moves that have happened; tell who said so of one that a roster denies."""
    fetched = isinstance(event, RosterFetched) and bool(event.members)
    lines: list[Action] = []
    for task in context.store.find(
        Task, community=context.community, status="open", kind__in=MOVES, order="id"
    ):
        seen = is_seen(context, task)
        if seen:
            lines.extend(close(context, task))
        elif seen is False and fetched and _is_denied(task, event):
            lines.extend(_deny(context, task))
    return Outcome(tuple(lines))


def _is_denied(task: Task, event: MemberJoined | MemberLeft | RosterFetched) -> bool:
    return event.group in _named(task) and 0 < task.claimed_at <= event.at


def _named(task: Task) -> list[str]:
    """Return the groups a move is about, each once."""
    groups = (each[1:].partition(":")[0] for each in task.target.split())
    return list(dict.fromkeys(groups))


def _deny(context: Context, task: Task) -> tuple[Action, ...]:
    context.store.put(replace(task, claimed_at=0))
    words = text("tasks.not-seen", number=task.id, text=task_turns.brief(task))
    return task_turns.tell(context, task, str(task.taken_by), words)


def close(context: Context, task: Task, by: int = 0) -> tuple[Action, ...]:
    """Note that a task was seen to be done, by who did it or had taken it; paid as any other."""
    who = by or task.taken_by
    tasks.end(context, task, "done", who)
    if not who:
        return ()
    told: tuple[Action, ...] = ()
    if task.claimed_at:
        told = task_turns.tell(context, task, str(who), text("tasks.seen", number=task.id))
    return (*credit(context, task, who), *told)


def credit(context: Context, task: Task, who: int) -> tuple[Action, ...]:
    """Pay whoever did a task, if the pack pays for it, once for each."""
    there = replace(context, group_id=task.group or context.group_id)
    return ledger.credit(there, who, "task", source=f"task:{task.id}")


def heard(event: MessageReceived, context: Context) -> Outcome:
    """Close the task whose prepared words staff have just sent to the group it was for."""
    group = context.group
    if group is None or not people.is_staff(context.person, group):
        return Outcome()
    said = normalise(event.text)
    found = context.store.find(
        Task, community=context.community, group=group.id, status="open", kind__in=POSTS,
        target=group.id, order="id",
    )  # fmt: skip
    sent = next((task for task in found if said and normalise(task.prepared) == said), None)
    return Outcome(close(context, sent, context.person_id) if sent is not None else ())
