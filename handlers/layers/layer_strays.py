"""Whose group is not that of their layer: in the core group by hand, or gone from it.

Nobody is moved for that: whoever decides is told what was found, and asked.
"""

from collections.abc import Iterable
from typing import Final

from handlers.layers import layer_moves
from handlers.layers.layer_survey import Survey
from handlers.people import people
from handlers.ports import Context
from handlers.tasks import tasks
from sop import channels
from sop.actions import Action
from sop.model import Group, Member, Person, Task
from sop.texts import text

KIND: Final = "stray"
"""The kind of task that asks whether somebody found in the core group belongs there."""


def has_left(found: Survey, members: Iterable[Member]) -> bool:
    """Tell whether somebody of the core is known to be in the core group no longer."""
    core = _known(found)
    return core is not None and all(each.group != core.id for each in members)


def absence(found: Survey, person: Person) -> str:
    """Say whether somebody who is not in the core group has left it, or never came."""
    core, context = found.core_group, found.context
    been = core is not None and context.store.get(Member, context.community, core.id, person.id)
    return text("layers.figure-left" if been else "layers.figure-not-come")


def _known(found: Survey) -> Group | None:
    """Return the core group, where its roster says who is in it."""
    core = found.core_group
    if core is None or not core.roster_at or not channels.knows_members(core.channels):
        return None
    return core


def look(found: Survey) -> tuple[Action, ...]:
    """Ask about everybody in the core group who is of the regular layer, once each."""
    core, context = _known(found), found.context
    if core is None:
        return ()
    inside = context.store.find(
        Member, community=context.community, group=core.id, left_at=0, order="person"
    )
    lines: list[Action] = []
    for member in inside:
        person = context.store.get(Person, context.community, member.person)
        if person is None or person.layer == "core" or person.id in found.moving:
            continue
        if not found.runs_groups(person, (member,)) and not _denied(context, member):
            lines.extend(_asked(context, core, person))
    return tuple(lines)


def _denied(context: Context, member: Member) -> bool:
    """Tell whether somebody said no since they came."""
    return context.store.count(
        Task, community=context.community, about=f"{KIND}:{member.person}", status="rejected",
        closed_at__ge=member.joined_at,
    ) > 0  # fmt: skip


def _asked(context: Context, core: Group, person: Person) -> tuple[Action, ...]:
    others = [each for each in layer_moves.groups_of(context, person.id) if each != core]
    names = text("layers.groups-joiner").join(each.title or each.id for each in others)
    key = "layers.stray-both" if others else "layers.stray"

    def words(number: int) -> str:
        return text(
            key, name=people.shown(person), group=core.title or core.id, others=names,
            number=number,
        )  # fmt: skip

    return tasks.open_task(
        context, kind=KIND, to="owner", about=f"{KIND}:{person.id}", group=core.id,
        person=person.id, words=words,
    )  # fmt: skip


def decide(context: Context, task: Task, choice: str) -> tuple[Action, ...]:
    """Let somebody who is in the core group be one of the core; a no leaves all as it is."""
    person = context.store.get(Person, context.community, task.person)
    if person is None or choice != "approve" or person.layer == "core":
        return ()
    if context.book.pack.layers.core is None:
        return layer_moves.tell_decider(context, task, text("layers.none-set"))
    return layer_moves.promote(context, person, layer_moves.caused_by(task))
