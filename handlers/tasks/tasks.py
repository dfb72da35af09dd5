"""Human tasks: opened by anything a program cannot do, closed by whoever did it.

What an answer brings about is a table from kind to consequence, filled by the duties that
open tasks of that kind (see `bot.routes`).
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Final

from handlers.people import people
from handlers.ports import Context, Outcome
from handlers.timing import scheduling
from sop import channels
from sop.actions import Action
from sop.events import StepDue
from sop.model import Group, Person, Task
from sop.text import fingerprint
from sop.texts import text

Consequence = Callable[[Context, Task, str], tuple[Action, ...]]

REMINDER = "remind-task"
"""The kind of occurrence that is a task's deadline."""

DUTIES: Final = ("owner", "staff", "leader")
"""Whom a task is for, unless it is for one person."""

LONGEST_NUMBER: Final = 18
"""Digits of a number that every database can look up."""

CHOICES: Mapping[str, str] = {"approve": "approved", "reject": "rejected", "done": "done"}
"""What an answer makes of a task's status."""


def open_task(
    context: Context,
    *,
    kind: str,
    to: str,
    about: str,
    group: str = "",
    person: int = 0,
    target: str = "",
    step: str = "",
    rule: str = "",
    due_at: int = 0,
    words: Callable[[int], str],
) -> tuple[Action, ...]:
    """Open a task unless one about the same thing is open; returns its line.

    `words` makes the text from the task's number, which people answer with.
    """
    if find_open(context, about) is not None:
        return ()
    number = context.store.number(context.community, "task")
    task = Task(
        community=context.community,
        id=number,
        group=group or context.group_id,
        kind=kind,
        to=to,
        text=words(number),
        about=about,
        step=step,
        rule=rule,
        person=person,
        target=target,
        created_at=context.now,
        due_at=due_at,
    )
    context.store.put(task)
    if due_at > context.now:
        scheduling.plan(context, task.group, REMINDER, due_at, subject=str(number))
    return (
        Action(
            do="task",
            group=task.group,
            to=to,
            text=task.text,
            step=step,
            rule=rule,
            member=str(person) if person else "",
            due_at=due_at or None,
        ),
    )


def remind(event: StepDue, context: Context) -> Outcome:
    """Tell those a task is for that its time has come, once, if nobody has closed it."""
    occurrence = scheduling.occurrence_of(event, context)
    if occurrence is None or occurrence.status != "pending":
        return Outcome()
    context.store.put(replace(occurrence, status="done"))
    task = context.store.get(Task, context.community, int(event.subject))
    if task is None or task.status != "open":
        return Outcome()
    context.store.put(replace(task, reminded_at=context.now))
    if task.to == "staff" and context.group and not channels.can(context.group.channels, "dm"):
        # It would be a task for the same people, and the list they look into has it already.
        return Outcome()
    words = text("tasks.overdue", number=task.id, text=task.text)
    return Outcome((Action(do="dm", group=task.group, to=task.to, text=words, step=task.step),))


def find_open(context: Context, about: str) -> Task | None:
    """Return the open task about that thing, or None."""
    found = context.store.find(
        Task, community=context.community, status="open", about=about, limit=1
    )
    return found[0] if found else None


def forget(context: Context, about: str, words: str) -> None:
    """Let every task about that thing, open or not, say nothing but `words` from now on."""
    every = ("open", "void", *CHOICES.values())
    for task in context.store.find(
        Task, community=context.community, status__in=every, about=about
    ):  # fmt: skip
        context.store.put(replace(task, text=words))


def find_task(context: Context, name: str, group: str) -> Task | None:
    """Return a task by number, or (`latest`) the group's newest open one that is not another's."""
    if name.isdecimal():
        if len(name) > LONGEST_NUMBER:
            return None
        return context.store.get(Task, context.community, int(name))
    found = context.store.find(
        Task, community=context.community, group=group, status="open", order="-id", limit=1,
        to__in=(*DUTIES, str(context.person_id)),
    )  # fmt: skip
    return found[0] if found else None


def answer(
    context: Context, task: Task, choice: str, by: int, consequences: Mapping[str, Consequence]
) -> tuple[Action, ...]:
    """Close the task and bring about what the answer means; a closed one stays as it is."""
    if task.status != "open":
        return ()
    closed = replace(task, status=CHOICES[choice], closed_at=context.now, closed_by=by)
    context.store.put(closed)
    consequence = consequences.get(task.kind)
    return consequence(context, closed, choice) if consequence else ()


def may_answer(context: Context, task: Task, by: int) -> bool:
    """Tell whether the person may close the task: staff of its group, or whom it was given to."""
    from_group = context.store.get(Group, context.community, task.group)
    person = context.store.get(Person, context.community, by)
    return task.to == str(by) or people.is_staff(person, from_group)


def void(context: Context, about: str) -> None:
    """Close the open task about a thing that has settled itself."""
    task = find_open(context, about)
    if task is not None:
        context.store.put(replace(task, status="void", closed_at=context.now))


def copy_text(
    context: Context, group: Group, action: Action, *, name: str = ""
) -> tuple[Action, ...]:
    """Turn a message no channel can carry into a task with the prepared text."""
    key = "tasks.copy-private" if name else "tasks.copy"
    about = ":".join((
        "copy", action.do, group.id, action.to, action.step, action.rule, str(context.now),
        fingerprint(action.text),
    ))  # fmt: skip

    def words(number: int) -> str:
        head = text(key, group=group.title or group.id, name=name, number=number)
        return "\n".join(filter(None, (head, action.text, action.image, action.file)))

    return open_task(
        context, kind="copy", to="staff", about=about, group=group.id, step=action.step,
        rule=action.rule, words=words,
        person=int(action.member) if action.member.isdecimal() else 0,
    )  # fmt: skip
