"""Taking back what staff said of a message in a task: it is as if they had not said it."""

from handlers.moderation import amends, clemency, doubts, earned, learning, reporting
from handlers.ports import Context, Outcome
from handlers.replies import privately, stopping
from handlers.tasks import tasks
from sop.model import Strike, Task
from sop.texts import text


def undo(context: Context, number: int) -> Outcome | None:
    """Forget what an answer taught, and forgive what it brought; None of any other task."""
    task = context.store.get(Task, context.community, number)
    if task is None or task.kind not in (doubts.KIND, reporting.KIND) or task.status == "open":
        return None
    if not tasks.may_answer(context, task, context.person_id):
        return None
    at, _, message_id = task.target.partition(" ")
    before = learning.known(context)
    same = context.store.find(
        Task, community=context.community, group=task.group, target=task.target
    )
    learning.forget(context, [f"task:{each.id}" for each in same])
    strikes = context.store.find(
        Strike, community=context.community, group=task.group, at=int(at), source=message_id,
        observed=False, reversed_at=0,
    )  # fmt: skip
    forgiven = [line for each in strikes for line in clemency.forgive(context, each)]
    # A breach that brought no strike, because one was under way, has lost its points as well.
    paid = earned.give_back(context, task.person, int(at), message_id)
    lines = clemency.once(*forgiven, *paid, *amends.make(context, before))
    key = "commands.answer-undone" if forgiven else "commands.answer-forgotten"
    return stopping(*lines, privately(text(key, number=number)))
