"""Human tasks in the chat: the list, and closing one by its number or by quoting it."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, Final

from handlers.ledger import ledger
from handlers.people import people, places
from handlers.pools import preparing
from handlers.ports import Context, Outcome
from handlers.recognition import recognition
from handlers.relays import relay_import
from handlers.replies import discreetly, excerpt, openly, privately, stopping
from handlers.shares import share_invitations
from handlers.staff import consequences
from handlers.tasks import tasks
from sop.actions import Action
from sop.events import MessageReceived
from sop.model import Task
from sop.text import normalise
from sop.texts import text

LISTED: Final = 20
"""Open tasks shown at once."""

LINE_LENGTH: Final = 90
"""Characters of a task shown in the list."""

CERTAIN_BEGINNING: Final = 10
"""Characters from which the beginning of a task's text is a quote of it: WeCom cuts long ones."""


def listed(event: MessageReceived, context: Context, argument: str) -> Outcome:
    """List the open tasks of the group; in private, of every group the person looks after.

    A member is shown those that were given to them.
    """
    del event, argument
    groups = (context.group,) if context.group else places.own_groups(context, staff=True)
    mine = [group.id for group in groups if people.is_staff(context.person, group)]
    where: dict[str, Any] = {"community": context.community, "status": "open"}
    where |= {"group__in": mine} if mine else {"to": str(context.person_id)}
    count = context.store.count(Task, **where)
    if not count:
        return stopping(privately(text("tasks.none" if mine else "commands.not-staff")))
    found = context.store.find(Task, order="id", limit=LISTED, **where)
    lines = [
        text("tasks.listed", number=task.id, text=excerpt(task.text, LINE_LENGTH))
        for task in found
    ]
    return stopping(privately("\n".join((text("tasks.heading", count=count), *lines))))


def done(event: MessageReceived, context: Context, argument: str) -> Outcome:
    """Note that somebody did what a task asked for."""
    return _close(event, context, argument, "done")


def approve(event: MessageReceived, context: Context, argument: str) -> Outcome:
    """Say yes to what a task asks."""
    return _close(event, context, argument, "approve")


def reject(event: MessageReceived, context: Context, argument: str) -> Outcome:
    """Say no to what a task asks."""
    return _close(event, context, argument, "reject")


def mismatch(task: Task, choice: str) -> str:
    """Why the choice does not fit the task, as the name of a text; empty where it does."""
    decided = task.kind in consequences.TABLE
    if decided == (choice != "done"):
        return ""
    return "needs-choice" if decided else "no-choice"


def settle(context: Context, task: Task, choice: str) -> tuple[Action, ...]:
    """Close the task with all that follows from it, and what the deed earns."""
    there = replace(context, group_id=task.group or context.group_id)
    if task.status != "open":
        return ()
    follow = consequences.DONE if choice == "done" else consequences.TABLE
    lines = tasks.answer(there, task, choice, context.person_id, follow)
    if choice != "done":
        return lines
    earned = ledger.credit(there, context.person_id, "task", source=f"task:{task.id}")
    return (*lines, *earned)


def _close(event: MessageReceived, context: Context, argument: str, choice: str) -> Outcome:
    number, task, said = _meant(event, context, argument)
    if task is None and not number and not recognition.addressed(event):
        return Outcome()
    if task is None or not tasks.may_answer(context, task, context.person_id):
        return stopping(privately(_unknown(context, number)))
    if task.status != "open":
        return stopping(openly(text("tasks.already", number=task.id)))
    problem = mismatch(task, choice)
    if problem:
        return stopping(privately(text(f"tasks.{problem}", number=task.id)))
    answer = text("tasks.closed", number=task.id)
    if task.kind == preparing.TASK:
        answer = preparing.give(context, task, said, context.person_id)
    if task.kind in _ANSWERS:
        answer = _ANSWERS[task.kind](context, task, choice)
    if not answer:
        return stopping(privately(text("tasks.prepare-empty", number=task.id)))
    lines = settle(context, task, choice)
    return stopping(*lines, discreetly(event, context, answer))


_ANSWERS: Final[Mapping[str, Callable[[Context, Task, str], str]]] = {
    share_invitations.TASK: share_invitations.answered,
    relay_import.TASK: relay_import.answered,
}
"""What is told to whoever answers a task of that kind, before it is acted on."""


def _meant(
    event: MessageReceived, context: Context, argument: str
) -> tuple[int, Task | None, str]:
    """Return the number that was said (or 0), the task that is meant, and what else was said."""
    number, said = recognition.task_number(argument), ""
    if not number:
        number, said = preparing.read(context, argument)
    if number:
        return number, context.store.get(Task, context.community, number), said
    return 0, _quoted(event, context), argument


def _unknown(context: Context, number: int) -> str:
    """Whoever has no task to answer learns nothing about which numbers exist."""
    if not people.is_staff(context.person, context.group) and not places.own_groups(
        context, staff=True
    ):
        return text("commands.not-staff")
    return text("tasks.unknown-number", number=number) if number else text("tasks.which")


def _quoted(event: MessageReceived, context: Context) -> Task | None:
    """Return the one open task whose text the message quotes, if the person may answer it."""
    wanted = normalise(event.quote).rstrip(". ")
    if not wanted:
        return None
    found = context.store.find(Task, community=context.community, status="open")
    fitting = [
        task
        for task in found
        if _is_quote(wanted, normalise(task.text))
        and tasks.may_answer(context, task, context.person_id)
    ]
    return fitting[0] if len(fitting) == 1 else None


def _is_quote(wanted: str, told: str) -> bool:
    whole = wanted == told.rstrip(". ")
    return whole or (len(wanted) >= CERTAIN_BEGINNING and told.startswith(wanted))
