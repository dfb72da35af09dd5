"""A circle whose leader has gone: who is in it is told alone who leads it now, and not why."""

from dataclasses import replace
from typing import Final

from handlers import overrides
from handlers.leaders import circles_led
from handlers.people import letters, people
from handlers.ports import Context, Outcome
from handlers.timing import deadlines, scheduling
from sop.actions import Action
from sop.events import StepDue
from sop.model import Group, Leader, Person
from sop.pack.pack_people import Circle
from sop.texts import text
from sop.times import quiet

KIND: Final = "circle-led"
"""The kind of occurrence at which a circle is told; its subject has gone, its cause is the tag."""


def plan(context: Context, leader: Leader, circle: Circle, gone: Person) -> None:
    """Let a circle be told as soon as it is day."""
    group = context.store.get(Group, context.community, leader.group)
    hours = overrides.quiet_of(context, group) if group else None
    scheduling.plan(
        context, leader.group, KIND, quiet.quiet_end(hours, context.now, context.book.zone),
        subject=str(gone.id), cause=circle.tag, version=context.book.version,
    )  # fmt: skip


def tell(event: StepDue, context: Context) -> Outcome:
    """Tell each of the circle who can be told alone; who leads it now knows."""
    occurrence, group = deadlines.pending(event, context), context.group
    circle = circles_led.circle_of(context, event.cause)
    gone = people.current(context.store, context.community, int(event.subject))
    if occurrence is None:
        return Outcome()
    context.store.put(replace(occurrence, status="done"))
    if group is None or circle is None or gone is None:
        return Outcome()
    leads = circles_led.leader_of(context, circle)
    if leads is not None and leads.id == gone.id:
        return Outcome()
    key = "circles.led-on" if leads else "circles.led-by-nobody"
    words = text(
        key, tag=circle.tag, name=people.shown(leads), before=people.shown(gone),
        word=context.book.words.shown("apply"),
    )  # fmt: skip
    lines: list[Action] = []
    for each in circles_led.inside(context, circle.tag):
        concerned = leads is None or each.id != leads.id
        if concerned and letters.through(context, each, (group.id,)):
            lines.extend(letters.tell(context, each, words, group.id))
    return Outcome(tuple(lines))
