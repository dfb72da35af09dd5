"""Moving somebody between the regular and the core groups, once it is decided.

First in, then out: nobody stands outside both. Where no channel can move people, one task says
all of it. The member alone is told. What was meant is kept as a `LayerMove`, see `moves`.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final

from handlers import notes
from handlers.benefits import layer_benefits
from handlers.groups import moves
from handlers.layers.moving import Move
from handlers.people import people
from handlers.ports import Context
from handlers.tasks import task_checks, tasks
from handlers.timing import scheduling
from sop import channels
from sop.actions import Action
from sop.model import Group, LayerMove, Member, Note, Person, Task
from sop.texts import text

WAITING_MOVE: Final = "move"
"""The target of a task that ends in the move itself: there was no core group to move to."""


@dataclass(frozen=True, slots=True)
class Cause:
    """Where a change of layer was decided, by which step, and by whose yes to which task.

    `words` is what the member is told instead of what such a change says by itself; `since` is
    when their layer then began (0: they never had another), -1 for now.
    """

    group: str
    step: str
    task: int = 0
    by: int = 0
    words: str = ""
    since: int = -1


def caused_by(task: Task) -> Cause:
    """Return the cause that an answered proposal is."""
    return Cause(group=task.group, step=task.step, task=task.id, by=task.closed_by)


def core_group(context: Context) -> Group | None:
    """Return the community's core group, or None where none is bound."""
    found = context.store.find(
        Group, community=context.community, kind="core", retired=False, limit=1
    )
    return found[0] if found else None


def groups_of(context: Context, person_id: int) -> tuple[Group, ...]:
    """Return the bound groups the person is known to be in, the earliest joined first."""
    known = sorted(people.memberships(context, person_id), key=lambda each: each.joined_at)
    found = (context.store.get(Group, context.community, each.group) for each in known)
    return tuple(each for each in found if each is not None and not each.retired)


def may_be_in(group: Group, present: Sequence[Group]) -> bool:
    """Tell whether somebody may be in the group: where nobody tells who is, they may."""
    return group in present or not channels.knows_members(group.channels)


def tell_decider(context: Context, task: Task, words: str) -> tuple[Action, ...]:
    """Tell who has answered a proposal why nothing comes of it."""
    group = context.store.get(Group, context.community, task.group)
    if group is None or not channels.can(group.channels, "dm"):
        return ()
    to = str(task.closed_by) if task.closed_by else "owner"
    return (Action(do="dm", group=group.id, to=to, text=words),)


def promote(context: Context, person: Person, cause: Cause) -> tuple[Action, ...]:
    """Make the person one of the core and move them there."""
    core = core_group(context)
    homes = [each for each in groups_of(context, person.id) if each.kind == "regular"]
    left = [] if _keeps_regular(context) else [each.id for each in homes]
    into = [core.id] if core else []
    line = _settle(context, person, "core", cause, into=into, out_of=left)
    for each in (*homes, *((core,) if core else ())):
        scheduling.member_moment(context, "promoted", person.id, group=each)
    now = context.store.get(Person, context.community, person.id) or person
    return (line, *move_in(context, person, cause), *layer_benefits.returned(context, now))


def move_in(context: Context, person: Person, cause: Cause) -> tuple[Action, ...]:
    """Bring the person into the core group, then out of the regular ones they leave for it.

    Without a core group it is a task that, once answered with yes, ends here again.
    """
    core = core_group(context)
    if core is None:
        return _no_core(context, person, cause)
    for waiting in moves.of(context, person.id):
        context.store.put(replace(waiting, into=(core.id,)))
    move = Move(context, person, core, groups_of(context, person.id), cause.step)
    leave = [] if _keeps_regular(context) else move.homes
    said = cause.words or "layers.welcome"
    told = move.tell(said)
    if core in move.present:
        return (*_leave_homes(move, leave, after=False), *told)
    if channels.way_for("add", core.channels) is None:
        invited = move.invited((core,))
        key = _IN_BY_HAND[bool(leave), invited]
        target = task_checks.moves(into=(core.id,), out_of=[each.id for each in leave])
        opened = move.by_hand(key, "add", leave, target=target, invited=invited)
        return (*opened, *move.tell(said, (core,)))
    return (move.add(core), *_leave_homes(move, leave, after=True), *told)


_IN_BY_HAND: Final = {
    (True, False): "layers.move-in", (False, False): "tasks.add",
    (True, True): "layers.move-in-invited", (False, True): "layers.invited",
}  # fmt: skip
"""What people are asked where no program can: by whether the person leaves groups for it, and
whether they were sent the address."""


def demote(context: Context, person: Person, cause: Cause) -> tuple[Action, ...]:
    """Make the person a regular member and bring them back to the groups they had left."""
    core = core_group(context)
    present = groups_of(context, person.id)
    back = [each for each in _left_for_core(context, person) if each not in present]
    inside = core is not None and may_be_in(core, present)
    homes = [each for each in present if each.kind == "regular"]
    line = _settle(
        context, person, "regular", cause,
        into=[each.id for each in (*homes, *back)] if inside else [],
        out_of=[core.id] if core and inside else [],
    )  # fmt: skip
    tasks.void(context, f"move:{person.id}")
    for each in (*homes, *back):
        scheduling.member_moment(context, "demoted", person.id, group=each)
    now = context.store.get(Person, context.community, person.id) or person
    ended = layer_benefits.left(context, now)
    if core is None or not inside:
        return (line, *ended)
    move = Move(context, person, core, present, cause.step)
    return (line, *_move_back(move, back, cause.words or "layers.farewell"), *ended)


def _move_back(move: Move, back: Sequence[Group], said: str) -> tuple[Action, ...]:
    """Into the regular groups by channel or by hand, then out of the core group, and say so."""
    able = [each for each in back if channels.way_for("add", each.channels)]
    if not able and not move.homes:
        invited = move.invited(back)
        key = "layers.move-back" if back else "layers.move-back-anywhere"
        target = task_checks.moves(into=[each.id for each in back], out_of=(move.core.id,))
        opened = move.by_hand(
            "layers.move-back-invited" if invited else key, "add", back, target=target,
            invited=invited,
        )  # fmt: skip
        return (*opened, *move.tell(said, back))
    if move.homes:
        back = able
    out = move.remove(move.core, [*move.homes, *back], after=bool(able))
    return (*(move.add(each) for each in back), out, *move.tell(said))


def _leave_homes(move: Move, groups: Sequence[Group], *, after: bool) -> tuple[Action, ...]:
    """Take the person out of regular groups: `after` holds that back until they have moved."""
    able = [each for each in groups if channels.way_for("remove", each.channels)]
    rest = [each for each in groups if each not in able]
    target = task_checks.moves(out_of=[each.id for each in rest])
    by_hand = move.by_hand("layers.move-out", "remove", rest, target=target) if rest else ()
    return (*(move.remove(each, [move.core], after=after) for each in able), *by_hand)


def _settle(
    context: Context, person: Person, layer: str, cause: Cause, *, into: Sequence[str],
    out_of: Sequence[str],
) -> Action:  # fmt: skip
    """Give the person the layer, and keep what is meant to follow from it.

    Which groups they leave for the core is kept for the way back.
    """
    now = context.store.get(Person, context.community, person.id) or person
    since = context.now if cause.since < 0 else cause.since
    context.store.put(replace(now, layer=layer, layer_since=since))
    left = tuple(out_of) if layer == "core" else ()
    body = {"person": person.id, "layer": layer, "left": left, "step": cause.step}
    notes.keep(context, cause.group, "layer", body)
    moves.begin(
        context,
        LayerMove(
            community=context.community, id=0, person=person.id, layer=layer, into=tuple(into),
            out_of=tuple(out_of), at=context.now, group=cause.group, step=cause.step,
            task=cause.task, by=cause.by, since=now.layer_since,
        ),
    )  # fmt: skip
    return Action(
        do="layer", group=cause.group, member=str(person.id), text=layer, step=cause.step
    )


def _left_for_core(context: Context, person: Person) -> tuple[Group, ...]:
    """Return the groups left at the promotion; unrecorded, the last one or the only one."""
    notes = context.store.find(
        Note, community=context.community, at=person.layer_since, do="layer"
    )
    mine = [note.body for note in notes if note.body.get("person") == person.id]
    recorded = _bound(context, [name for body in mine for name in body.get("left", ())])
    if recorded:
        return recorded
    past = context.store.find(
        Member, community=context.community, person=person.id, order="-left_at"
    )
    return _bound(context, [each.group for each in past])[:1] or _only_group(context)


def _only_group(context: Context) -> tuple[Group, ...]:
    found = context.store.find(
        Group, community=context.community, kind="regular", retired=False, limit=2
    )
    return tuple(found) if len(found) == 1 else ()


def _bound(context: Context, names: Iterable[str]) -> tuple[Group, ...]:
    found = (context.store.get(Group, context.community, name) for name in names)
    return tuple(
        each for each in found if each is not None and not each.retired and each.kind == "regular"
    )


def _no_core(context: Context, person: Person, cause: Cause) -> tuple[Action, ...]:
    def words(number: int) -> str:
        return text("layers.no-core", name=people.shown(person), number=number)

    return tasks.open_task(
        context, kind="promote", to="owner", group=cause.group, step=cause.step, person=person.id,
        target=WAITING_MOVE, about=f"move:{person.id}", words=words,
    )  # fmt: skip


def _keeps_regular(context: Context) -> bool:
    core = context.book.pack.layers.core
    return core is not None and core.keep_regular
