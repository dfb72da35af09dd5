"""What a leader looked after goes to others: their circles, and the tasks that were theirs."""

from dataclasses import replace
from typing import Final

from handlers.leaders import circle_news, circles_led, leader_questions
from handlers.people import leader_records, people
from handlers.people.leader_records import CANDIDATE, ENDED, LEADING, REFUSED
from handlers.ports import Context
from handlers.tasks import tasks
from sop.actions import Action
from sop.activities import tasks as policy
from sop.model import Group, Leader, Member, Person, Task
from sop.pack.pack_people import Circle
from sop.texts import text

KIND: Final = "leader-handover"
"""The kind of task that asks people to see to what a leader leaves behind."""


def hand_over(context: Context, leader: Leader, person: Person) -> tuple[Action, ...]:
    """Ask for somebody to take over the person's circles; their open tasks become staff's.

    Who is in a circle is told alone who leads it now, and not why.
    """
    circles = [
        each
        for each in circles_led.led_by(context, person, going=True)
        if circles_led.inside(context, each.tag)
    ]
    numbers = _freed(context, person)
    parts = [_circle(context, each, person) for each in circles]
    if numbers:
        listed = text("people.joiner").join(numbers)
        parts.append(text("leaders.handed-tasks", numbers=listed))
    if not parts:
        return ()
    for each in circles:
        circle_news.plan(context, leader, each, person)
    return tasks.open_task(
        context, kind=KIND, to="staff", group=leader.group, person=person.id,
        about=f"{KIND}:{person.id}",
        words=lambda number: text(
            "leaders.handover-task", name=people.shown(person),
            what=text("leaders.joiner").join(parts), number=number,
        ),
    )  # fmt: skip


def _freed(context: Context, person: Person) -> list[str]:
    """Give staff what others could do of the person's open tasks; returns the numbers of those."""
    theirs = context.store.find(
        Task, community=context.community, status="open", to=str(person.id)
    )
    freed = [
        task for task in theirs if task.person != person.id and not policy.is_personal(task.kind)
    ]
    for task in freed:
        context.store.put(replace(task, to="staff", taken_by=0, taken_at=0, claimed_at=0))
    return [str(task.id) for task in freed]


def _circle(context: Context, circle: Circle, person: Person) -> str:
    following = circles_led.leader_of(context, circle, but=person.id)
    count = len(circles_led.inside(context, circle.tag))
    if following is None:
        return text("leaders.handed-nobody", tag=circle.tag, count=count)
    return text("leaders.handed", tag=circle.tag, count=count, name=people.shown(following))


def left(context: Context, group: Group, person: Person) -> tuple[Action, ...]:
    """End what somebody who has left was or wanted to be, as far as that group is concerned.

    Who leads goes on while they are in another group of the community.
    """
    known = leader_records.of(context, person.id)
    if known is None:
        return ()
    if known.status in CANDIDATE and known.group == group.id:
        leader_questions.end(context, person.id)
        line = leader_records.change(context, known, "rejected", reason="left", status=REFUSED)
        return (line,)
    elsewhere = context.store.count(
        Member, community=context.community, person=person.id, left_at=0
    )
    if known.status not in LEADING or elsewhere:
        return ()
    leader_questions.end(context, person.id)
    handed = hand_over(context, known, person)
    line = leader_records.change(
        context, known, "ended", reason="left", status=ENDED, tier="", failed=0
    )
    return (line, *handed)
