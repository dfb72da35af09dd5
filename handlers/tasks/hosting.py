"""What people must hold because the bot cannot: a task with title and length."""

from collections.abc import Callable

from handlers.ports import Context
from handlers.tasks import tasks
from sop.actions import Action
from sop.model import Group
from sop.pack.pack_steps import Step
from sop.texts import length, text


def by_hand(
    context: Context, group: Group, step: Step, *, name: str, title: str, for_ms: int,
    prepared: Callable[[], str] = str,
) -> tuple[Action, ...]:  # fmt: skip
    """Ask staff to hold it; `name` tells what it is among the actions of the step.

    `prepared` gives what they need for it, and is asked where they are not asked already.
    """

    def words(number: int) -> str:
        asked = text(
            "tasks.host", group=group.title or group.id, title=title, length=length(for_ms),
            number=number,
        )  # fmt: skip
        return "\n".join(filter(None, (asked, prepared())))

    return tasks.open_task(
        context, kind="host", to="staff", group=group.id, step=step.id,
        about=f"host:{group.id}:{step.id}:{name}", words=words,
    )  # fmt: skip
