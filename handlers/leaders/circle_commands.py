"""Joining a leader's circle, and leaving it: 圈子. Nobody is in one but by their own word."""

from collections.abc import Sequence
from dataclasses import replace

from handlers.leaders import circles_led
from handlers.links import ways_in
from handlers.people import people
from handlers.ports import Context, Outcome
from handlers.replies import aside, can_whisper, privately, stopping
from handlers.tasks import tasks
from sop import channels
from sop.actions import Action
from sop.events import MessageReceived
from sop.model import CircleMember, Group, Person
from sop.pack.pack_people import Circle
from sop.standing import tags
from sop.texts import text


def circle(event: MessageReceived, context: Context, argument: str) -> Outcome:
    """List the circles, join the one that is named, or (after 退出) leave it."""
    person, group = context.person, context.group
    assert person is not None
    circles = context.book.pack.circles
    if not circles or group is None:
        return stopping(aside(event, context, text("circles.none")))
    leaving = next((each for each in text("circles.off").split() if argument.startswith(each)), "")
    said, parted_by = argument.removeprefix(leaving).strip(), context.book.words.separators
    named, _ = tags.chosen(said, [each.tag for each in circles], parted_by)
    if len(named) != 1:
        words = "\n".join((text("circles.heading"), *_listing(context, person)))
        return stopping(aside(event, context, words))
    if leaving:
        return stopping(aside(event, context, _left(context, person, named[0])))
    found = next(each for each in circles if each.tag == named[0])
    return stopping(*_joined(event, context, group, person, found))


def invitations(context: Context, person: Person, named: Sequence[str]) -> list[str]:
    """Say which circles there are for those tags, and how to join: that takes a yes of its own."""
    lines = []
    for tag in named:
        found = circles_led.circle_of(context, tag)
        leader = circles_led.leader_of(context, found) if found is not None else None
        if leader is not None and leader.id != person.id and not _is_inside(context, person, tag):
            word = context.book.words.shown("circle")
            lines.append(text("circles.invited", tag=tag, leader=people.shown(leader), word=word))
    return lines


def _is_inside(context: Context, person: Person, tag: str) -> bool:
    row = context.store.get(CircleMember, context.community, tag, person.id)
    return row is not None and not row.left_at


def _listing(context: Context, person: Person) -> list[str]:
    word, lines = context.book.words.shown("circle"), []
    for each in context.book.pack.circles:
        leader = circles_led.leader_of(context, each)
        inside = circles_led.inside(context, each.tag)
        values = {"tag": each.tag, "count": len(inside), "word": word}
        if leader is not None and leader.id == person.id:
            names = people.named(inside) if inside else text("circles.nobody")
            lines.append(text("circles.line-led", names=names, **values))
        elif leader is not None:
            key = "circles.line-mine" if _is_inside(context, person, each.tag) else "circles.line"
            lines.append(text(key, leader=people.shown(leader), **values))
        else:
            lines.append(text("circles.line-open", **values))
    return lines


def _left(context: Context, person: Person, tag: str) -> str:
    row = context.store.get(CircleMember, context.community, tag, person.id)
    if row is None or row.left_at:
        return text("circles.not-in", tag=tag)
    context.store.put(replace(row, left_at=context.now))
    return text("circles.left", tag=tag)


def _joined(
    event: MessageReceived, context: Context, group: Group, person: Person, found: Circle
) -> tuple[Action, ...]:
    leader = circles_led.leader_of(context, found)
    if leader is None:
        return (aside(event, context, text("circles.no-leader", tag=found.tag)),)
    if leader.id == person.id or _is_inside(context, person, found.tag):
        return (aside(event, context, text("circles.already", tag=found.tag)),)
    context.store.put(
        CircleMember(
            community=context.community, tag=found.tag, person=person.id, group=group.id,
            at=context.now,
        )
    )  # fmt: skip
    words = text(
        "circles.joined", name=people.shown(person), tag=found.tag, leader=people.shown(leader),
        word=context.book.words.shown("circle"),
    )  # fmt: skip
    there = _not_there_yet(context, person, found)
    if there is None:
        return (aside(event, context, words),)
    able = channels.way_for("add", there.channels) is not None
    # Who asks for it themselves is shown the way, as long as nobody else reads that.
    if not able and ways_in.address(context, there) and can_whisper(event, context):
        return (privately("\n".join((words, *ways_in.shown(context, (there,))))),)
    return (*_moved(context, person, there, able=able), aside(event, context, words))


def _not_there_yet(context: Context, person: Person, found: Circle) -> Group | None:
    """Return the circle's own group, where the person has still to come into it."""
    there = context.store.get(Group, context.community, found.group) if found.group else None
    if there is None or there.retired or people.is_present(context, there, person):
        return None
    return there


def _moved(context: Context, person: Person, there: Group, *, able: bool) -> tuple[Action, ...]:
    """Bring somebody into the circle's own group, by a channel or by a task for people."""
    if able:
        return (Action(do="add", group=there.id, member=str(person.id)),)
    return tasks.open_task(
        context, kind="add", to="staff", group=there.id, person=person.id,
        about=f"add:{there.id}:{person.id}",
        words=lambda number: text(
            "tasks.add", name=people.shown(person), group=there.title or there.id,
            number=number,
        ),
    )  # fmt: skip
