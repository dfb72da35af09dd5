"""Human tasks: opened by anything a program cannot do, closed by whoever did it.

What an answer brings about is a table from kind to consequence, filled by the duties that
open tasks of that kind (see `bot.routes`). Whose turn it is, is `task_turns`.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import Any, Final

from handlers import overrides
from handlers.people import people
from handlers.ports import Context
from handlers.tasks import task_cards
from handlers.timing import scheduling
from sop.actions import Action, Button
from sop.activities import tasks as policy
from sop.model import Group, Person, Task, Volunteer
from sop.text import fingerprint
from sop.texts import text

Consequence = Callable[[Context, Task, str], tuple[Action, ...]]

REMINDER: Final = "remind-task"
"""The kind of occurrence that is a task's deadline."""

DUTIES: Final = ("owner", "staff", "leader")
"""Whom a task is for, unless it is for one person."""

RIGHTS: Final = "volunteer-application"
"""The kind of task that gives somebody the rights of staff: not for who has them for a term."""

LONGEST_NUMBER: Final = 18
"""Digits of a number that every database can look up."""

CHOICES: Final[Mapping[str, str]] = {"approve": "approved", "reject": "rejected", "done": "done"}
"""What an answer makes of a task's status."""

DECLINED: Final = "declined"
"""The status of a task that nobody could do."""


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
    prepared: str = "",
    words: Callable[[int], str],
) -> tuple[Action, ...]:
    """Open a task unless one about the same thing is open; returns its line.

    `words` makes the text from the task's number, which people answer with; `prepared` are those
    of it that are to be sent on. Without `due_at` it is due after `policy.OWED_MS`.
    """
    if find_open(context, about) is not None:
        return ()
    number = context.store.number(context.community, "task")
    where = context.store.get(Group, context.community, group or context.group_id)
    hours = overrides.quiet_of(context, where) if where else context.in_force.pack.quiet
    due = policy.due_at(kind, due_at, context.now, hours, context.book.zone)
    task = Task(
        community=context.community, id=number, group=group or context.group_id, kind=kind, to=to,
        text=words(number), about=about, step=step, rule=rule, person=person, target=target,
        created_at=context.now, due_at=due, prepared=prepared,
    )  # fmt: skip
    context.store.put(task)
    if due > context.now:
        scheduling.plan(context, task.group, REMINDER, due, subject=str(number))
    line = Action(
        do="task", group=task.group, to=to, text=task.text, step=step, rule=rule,
        member=str(person) if person else "", due_at=due_at or None,
        buttons=buttons_of(context, task),
    )  # fmt: skip
    return (line,)


def buttons_of(context: Context, task: Task) -> tuple[Button, ...]:
    """Return what may be pressed under the task by whoever acts, or is told of it."""
    taken = task.taken_by != 0
    return policy.buttons(task.kind, task.id, context.book.words, taken=taken)


def deciders(group: Group | None) -> str:
    """Return whom a decision about members is for: the group's staff, its owner where none are."""
    return "staff" if group is not None and any(group.staff) else "owner"


def has_others(group: Group | None) -> bool:
    """Tell whether a group has staff beside its owner."""
    if group is None:
        return False
    return any(each and each.casefold() != group.owner.casefold() for each in group.staff)


def find_open(context: Context, about: str) -> Task | None:
    """Return the open task about that thing, or None."""
    found = context.store.find(
        Task, community=context.community, status="open", about=about, limit=1
    )
    return found[0] if found else None


def is_undone(context: Context, about: str) -> bool:
    """Tell whether what a task about that thing asks for was not done, or never will be."""
    return context.store.count(
        Task, community=context.community, status__in=("open", DECLINED), about=about
    ) > 0  # fmt: skip


def forget(context: Context, about: str, words: str) -> None:
    """Let every task about that thing, open or not, say nothing but `words` from now on."""
    every = ("open", "void", DECLINED, *CHOICES.values())
    for task in context.store.find(
        Task, community=context.community, status__in=every, about=about
    ):  # fmt: skip
        context.store.put(replace(task, text=words, prepared=""))


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
    closed = end(context, task, CHOICES[choice], by)
    consequence = consequences.get(task.kind)
    return consequence(context, closed, choice) if consequence else ()


def end(context: Context, task: Task, status: str, by: int = 0) -> Task:
    """Let a task be open no more, nor its cards; returns it as it is now."""
    ended = replace(task, status=status, closed_at=context.now, closed_by=by)
    context.store.put(ended)
    task_cards.settle(context, ended)
    return ended


def may_answer(context: Context, task: Task, by: int) -> bool:
    """Tell whether the person may close the task: owner, staff, or whom it was given to.

    What somebody asks for is decided by others, and so is what is said of them.
    """
    where = context.store.get(Group, context.community, task.group)
    person = context.store.get(Person, context.community, by)
    if policy.is_private(task.kind):
        return task.to == str(by)
    if task.kind == RIGHTS and _helps_for_a_term(context, by):
        return False
    if task.person == by and not _may_decide_of_self(task, person, where):
        return False
    if by in (0, task.taken_by):
        return by != 0
    duties = people.duties_of(context, person, where)
    return people.is_staff(person, where) or policy.is_addressed(task, duties, by)


def _may_decide_of_self(task: Task, person: Person | None, group: Group | None) -> bool:
    """Tell whether a task about who acts may be theirs: of what is said only with nobody else."""
    if policy.is_of_others(task.kind):
        return owns(person, group) and not has_others(group)
    return not policy.is_for_others(task.kind) or owns(person, group)


def open_of(context: Context, groups: Iterable[str], person: int = 0) -> list[Task]:
    """Return the open tasks of those groups and those given to the person, none twice."""
    where: dict[str, Any] = {"community": context.community, "status": "open"}
    names = list(groups)
    found = list(context.store.find(Task, group__in=names, **where)) if names else []
    mine = context.store.find(Task, to=str(person), **where) if person else ()
    return list({task.id: task for task in (*found, *mine)}.values())


def owns(person: Person | None, group: Group | None) -> bool:
    """Tell whether the group is the person's own; where none is known to own it, everybody's."""
    return group is None or not group.owner or people.role_of(person, group) == "owner"


def _helps_for_a_term(context: Context, by: int) -> bool:
    known = {"community": context.community, "person": by}
    return context.store.count(Volunteer, status="serving", **known) > 0


def void(context: Context, about: str) -> None:
    """Close the open task about a thing that has settled itself."""
    task = find_open(context, about)
    if task is not None:
        end(context, task, "void")


def copy_text(
    context: Context, group: Group, action: Action, *, name: str = ""
) -> tuple[Action, ...]:
    """Turn a message no channel can carry into a task with the prepared text.

    What is for owner or staff stands in their own list: nobody has to pass it on to them.
    """
    key = "tasks.copy-private" if name else "tasks.copy"
    own = action.to if action.do == "dm" and action.to in ("owner", "staff") else ""
    about = ":".join((
        "copy", action.do, group.id, action.to, action.step, action.rule, str(context.now),
        fingerprint(action.text),
    ))  # fmt: skip

    def words(number: int) -> str:
        said = "\n".join(filter(None, (action.text, action.image, action.file)))
        if own:
            return text("tasks.noted", text=said, number=number)
        head = text(key, group=group.title or group.id, name=name, number=number)
        return f"{head}\n{said}"

    return open_task(
        context, kind="copy", to=own or "staff", about=about, group=group.id, step=action.step,
        rule=action.rule, words=words, prepared="" if own else action.text,
        target="" if name else group.id,
        person=int(action.member) if action.member.isdecimal() else 0,
    )  # fmt: skip
