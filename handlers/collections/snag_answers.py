"""What somebody says in private who is asked whether what they reported is right now.

The number of the task does as well (see `handlers.staff.task_commands`).
"""

from dataclasses import replace
from typing import Final

from handlers.collections import snags
from handlers.ports import Context, Outcome
from handlers.replies import privately, stopping
from handlers.tasks import tasks
from sop.activities import snag_answers
from sop.events import MessageReceived
from sop.model import Task
from sop.texts import text

_ANSWERS: Final = {"approve": "collect.snag-confirmed", "reject": "collect.snag-sent-back"}


def hear(event: MessageReceived, context: Context) -> Outcome:
    """Take a private message for the answer about the only snag that its sender is asked about."""
    choice = snag_answers.answer_of(event.text)
    if not choice or event.quote or event.quote_id or context.person is None:
        return Outcome()
    asked = context.store.find(
        Task, community=context.community, status="open", kind=snags.CONFIRM,
        to=str(context.person_id), limit=2,
    )  # fmt: skip
    if len(asked) != 1:
        return Outcome()
    there = replace(context, group_id=asked[0].group)
    lines = tasks.answer(
        there, asked[0], choice, context.person_id, {snags.CONFIRM: snags.confirm}
    )  # fmt: skip
    return stopping(*lines, privately(text(_ANSWERS[choice])))
