"""Pictures that were collected are in the chat alone: staff are told which, to keep them."""

from typing import Final

from handlers.ports import Context
from handlers.tasks import tasks
from handlers.threads import entries
from sop.actions import Action
from sop.model import Group, Thread
from sop.texts import quoted, text

NAMED: Final = 50
"""Numbers of pictures that the task names."""


def ask(context: Context, group: Group, thread: Thread) -> tuple[Action, ...]:
    """Ask staff to keep the pictures of a collection that has ended: the bot keeps none."""
    found = entries.shown(context, thread) if thread.body["kind"] == "photo" else []
    if not found or group.retired:
        return ()
    numbers = text("people.joiner").join(str(each.number) for each in found[:NAMED])
    return tasks.open_task(
        context, kind="album", to="staff", group=group.id, step=thread.step,
        about=f"album:{thread.id}:all",
        words=lambda number: text(
            "collect.album-task", group=group.title or group.id, title=quoted(thread.title),
            count=len(found), numbers=numbers, number=number,
        ),
    )  # fmt: skip
