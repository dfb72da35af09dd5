"""A message is judged once: the answer to one question about it answers the others."""

from collections.abc import Mapping
from typing import Final

from handlers.moderation import doubts, reporting
from handlers.ports import Context
from handlers.tasks import tasks
from handlers.tasks.tasks import Consequence
from sop.actions import Action
from sop.model import Task

_ASKING: Final[Mapping[str, Consequence]] = {
    doubts.KIND: doubts.decide,
    reporting.KIND: reporting.decide,
}


def decide(context: Context, task: Task, choice: str) -> tuple[Action, ...]:
    """Carry out the answer, and give it to what else asks whether the message broke that rule."""
    lines = _ASKING[task.kind](context, task, choice)
    others = context.store.find(
        Task, community=context.community, group=task.group, status="open", kind__in=[*_ASKING],
        target=task.target, rule=task.rule,
    )  # fmt: skip
    for each in others:
        lines += tasks.answer(context, each, choice, task.closed_by, _ASKING)
    return lines
