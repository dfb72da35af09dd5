"""A change of layer, written down before it is made and followed until the rosters bear it out.

First into the new groups, then out of the old ones: what is still missing is found by looking at
who is where, so that a half that people did by hand, or that was lost, is neither forgotten nor
done again. Whoever leaves the new group in between stays in the old one.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from typing import Final

from handlers import notes
from handlers.benefits import layer_benefits
from handlers.people import people
from handlers.ports import Context, Outcome
from handlers.posting.deliveries import UNDER_WAY
from handlers.tasks import tasks
from sop import channels
from sop.actions import Action
from sop.events import PackEnforced
from sop.model import Group, LayerMove, Outgoing, Person

HALVES: Final = ("add", "remove")
"""What the two halves of a move are made of."""


def begin(context: Context, move: LayerMove) -> LayerMove:
    """Keep a move, under its number, as the only open one of that person."""
    for former in of(context, move.person):
        end(context, former, "broken")
    made = replace(move, id=context.store.number(context.community, "move"))
    context.store.put(made)
    return made


def of(context: Context, person: int) -> Sequence[LayerMove]:
    """Return the person's open moves, the oldest first."""
    return context.store.find(
        LayerMove, community=context.community, person=person, status="open", order="id"
    )


def end(context: Context, move: LayerMove, status: str) -> None:
    """Close a move: nothing of it that has not gone out yet will, and no task asks for it."""
    context.store.put(replace(move, status=status, closed_at=context.now))
    _drop(context, _deliveries(context, move))
    for group in (*move.into, *move.out_of):
        for half in HALVES:
            tasks.void(context, f"{half}:{group}:{move.person}")


def _drop(context: Context, deliveries: Iterable[Outgoing]) -> None:
    """Keep what has not gone out yet from doing so: the move wants it no longer."""
    for each in deliveries:
        if each.status in ("leased", "pending"):
            dropped = replace(each, status="dropped", done_at=context.now, error="no more a move")
            context.store.put(dropped)


def is_half(context: Context, group: Group, person: Person, *, came: bool) -> bool:
    """Tell whether somebody who comes or goes, whoever sees to it, does what their move wants."""
    for move in of(context, person.id):
        if came and group.id in move.into:
            return True
        if not came and group.id in move.out_of:
            inside = {each.group for each in people.memberships(context, person.id)}
            return _arrived(move, inside)
    return False


def go_on(context: Context, person: Person) -> tuple[Action, ...]:
    """Do what is still missing of the person's move, now that they came or left somewhere."""
    lines: list[Action] = []
    for move in of(context, person.id):
        lines.extend(_go_on(context, person, move))
    return tuple(lines)


def _go_on(context: Context, person: Person, move: LayerMove) -> tuple[Action, ...]:
    inside = {each.group for each in people.memberships(context, person.id)}
    staying = [each for each in move.out_of if each in inside]
    if not _arrived(move, inside):
        return ()
    if not staying and (inside.issuperset(move.into) or not _coming(context, move)):
        end(context, move, "done")
        return ()
    under_way = {each.group for each in _deliveries(context, move) if each.do == "remove"}
    groups = (context.store.get(Group, context.community, each) for each in staying)
    return tuple(
        removal(each, person, move)
        for each in groups
        if each is not None and each.id not in under_way and _removable(each)
    )


def _arrived(move: LayerMove, inside: Collection[str]) -> bool:
    """Tell whether the person is where they may stay: in the core, or in a group of their own."""
    there = [each in inside for each in move.into]
    return all(there) and bool(there) if move.layer == "core" else any(there)


def _coming(context: Context, move: LayerMove) -> bool:
    """Tell whether the program or people are still bringing the person somewhere."""
    adding = (each for each in _deliveries(context, move) if each.do == "add")
    asked = (tasks.find_open(context, f"add:{each}:{move.person}") for each in move.into)
    return any(each.status in UNDER_WAY for each in adding) or any(asked)


def removal(group: Group, person: Person, move: LayerMove) -> Action:
    """Return the second half in one group: it waits until the person is in the new ones."""
    return Action(
        do="remove", group=group.id, member=str(person.id), step=move.step, beside=move.into
    )


def _removable(group: Group) -> bool:
    return channels.way_for("remove", group.channels) is not None


def left(context: Context, group: Group, person: Person) -> tuple[Action, ...]:
    """Break off a move into the group that the person has left: they stay where they were.

    Who has left all of them is not brought back by an add that has not gone out yet.
    """
    lines: list[Action] = []
    inside = {each.group for each in people.memberships(context, person.id)}
    for move in of(context, person.id):
        turned = group.id in move.into and not _arrived(move, inside)
        if turned or (not inside and _waits_to_go_out(context, move)):
            lines.extend(break_off(context, person, move))
    return (*lines, *go_on(context, person))


def _waits_to_go_out(context: Context, move: LayerMove) -> bool:
    adding = (each for each in _deliveries(context, move) if each.do == "add")
    return any(each.status in ("leased", "pending") for each in adding)


def follow_bindings(event: PackEnforced, context: Context) -> Outcome:
    """Leave groups that are bound no longer out of every move; one into nothing else is broken."""
    del event
    retired = {
        each.id for each in context.store.find(Group, community=context.community, retired=True)
    }
    lines: list[Action] = []
    for move in context.store.find(LayerMove, community=context.community, status="open"):
        person = context.store.get(Person, context.community, move.person)
        if person is None or retired.isdisjoint((*move.into, *move.out_of)):
            continue
        into = tuple(each for each in move.into if each not in retired)
        if not into:
            lines.extend(break_off(context, person, move))
            continue
        _drop(context, [each for each in _deliveries(context, move) if each.group in retired])
        staying = tuple(each for each in move.out_of if each not in retired)
        context.store.put(replace(move, into=into, out_of=staying))
        lines.extend(go_on(context, person))
    return Outcome(tuple(lines))


def break_off(context: Context, person: Person, move: LayerMove) -> tuple[Action, ...]:
    """Leave the person in the old groups; who was on the way into the core is regular again."""
    end(context, move, "broken")
    now = context.store.get(Person, context.community, person.id)
    if move.layer != "core" or now is None or now.layer != "core":
        return ()
    regular = replace(now, layer="regular", layer_since=context.now)
    context.store.put(regular)
    body = {"person": person.id, "layer": "regular", "left": (), "step": move.step}
    notes.keep(context, move.group, "layer", body)
    return (
        Action(
            do="layer", group=move.group, member=str(person.id), text="regular", step=move.step,
            reason="left",
        ),
        *layer_benefits.left(context, regular),
    )  # fmt: skip


def _deliveries(context: Context, move: LayerMove) -> list[Outgoing]:
    """What of a move is on its way, or has arrived."""
    found = context.store.find(
        Outgoing, community=context.community, status__in=(*UNDER_WAY, "sent"),
        not_before__ge=move.at, do__in=HALVES, group__in=(*move.into, *move.out_of), order="id",
    )  # fmt: skip
    known = {
        str(each) for each in people.numbers_of(context.store, context.community, move.person)
    }
    return [each for each in found if each.body.get("member") in known]
