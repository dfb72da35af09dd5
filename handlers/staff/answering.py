"""Answering one task: whether the answer fits it, and all that follows."""

from dataclasses import replace

from handlers.ledger import ledger
from handlers.ports import Context
from handlers.staff import consequences
from handlers.tasks import tasks
from sop.actions import Action
from sop.model import Task


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
