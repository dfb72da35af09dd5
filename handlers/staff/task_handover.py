"""Tasks of whoever is gone: they go to the others, and nothing is left lying."""

from dataclasses import replace
from typing import Any

from handlers.people import people
from handlers.ports import Context, Outcome
from handlers.staff import consequences
from handlers.tasks import task_turns, tasks
from sop.actions import Action
from sop.activities import tasks as policy
from sop.events import MemberLeft, PackEnforced, RosterFetched
from sop.model import Group, Member, Person, Task
from sop.texts import text
from sop.told_events import RoleChanged


def look(
    event: MemberLeft | RosterFetched | RoleChanged | PackEnforced, context: Context
) -> Outcome:
    """Hand over what people had who have left the group, or have their duty no longer."""
    where: dict[str, Any] = {"group": event.group} if event.group else {}
    found = context.store.find(
        Task, community=context.community, status="open", order="id", **where
    )
    return Outcome(tuple(line for task in found for line in _handed_over(context, task)))


def _handed_over(context: Context, task: Task) -> tuple[Action, ...]:
    given = int(task.to) if task.to.isdecimal() else 0
    if given and _is_gone(context, task, given):
        return _anew(context, task, given)
    if task.taken_by and _is_gone(context, task, task.taken_by):
        return _given_back(context, task, task.taken_by)
    return ()


def _is_gone(context: Context, task: Task, number: int) -> bool:
    """Tell whether somebody has left the task's group, or has it no longer as their duty."""
    person = people.current(context.store, context.community, number)
    group = context.store.get(Group, context.community, task.group)
    if person is None or group is None or people.is_staff(person, group):
        return False
    member = context.store.get(Member, context.community, group.id, person.id)
    if member is not None and member.left_at:
        return True
    return not tasks.may_answer(context, replace(task, taken_by=0), person.id)


def _given_back(context: Context, task: Task, gone: int) -> tuple[Action, ...]:
    task = replace(task, taken_by=0, taken_at=0, claimed_at=0)
    context.store.put(task)
    return task_turns.tell(context, task, task.to, _words(context, task, gone), asked=True)


def _anew(context: Context, task: Task, gone: int) -> tuple[Action, ...]:
    """Give to staff what was for somebody who is gone; what only they could do is over."""
    there = replace(context, group_id=task.group, person_id=0)
    if policy.is_personal(task.kind):
        tasks.end(context, task, "void")
        follow = consequences.GONE.get(task.kind)
        return follow(there, task, "void") if follow is not None else ()
    if task.kind in consequences.TABLE:
        return tasks.answer(there, task, "reject", 0, consequences.TABLE)
    task = replace(task, to="staff", taken_by=0, taken_at=0, claimed_at=0)
    context.store.put(task)
    return task_turns.tell(context, task, "staff", _words(context, task, gone), asked=True)


def _words(context: Context, task: Task, gone: int) -> str:
    person = context.store.get(Person, context.community, gone)
    return text("tasks.given-back", name=people.shown(person), text=task.text)
