"""What may be an advert is shown to staff: one tap says whether it is one.

Until then nothing happens to the member, and nobody in the group learns of it.
"""

from collections.abc import Sequence
from typing import Final

from handlers import moderation, people, tasks
from handlers.outbox import LATE_MS
from handlers.ports import Context
from handlers.replies import excerpt
from sop.actions import Action
from sop.events import MessageReceived
from sop.model import Group, Person, Task
from sop.texts import text
from sop.verdicts import Verdict

KIND: Final = "confirm-breach"
"""The kind of task; its `target` is the time and the id of the message."""


def ask(
    event: MessageReceived,
    context: Context,
    group: Group,
    person: Person,
    verdicts: Sequence[Verdict],
) -> tuple[Action, ...]:
    """Open a task for the first doubtful verdict, one at a time for each member and group."""
    found = next((each for each in verdicts if each.doubtful and not each.observed), None)
    if found is None or context.now - event.at > LATE_MS:
        return ()

    def words(number: int) -> str:
        return text(
            "rules.doubt-task", name=people.shown(person), group=group.title or group.id,
            rule=moderation.rule_name(context, found.rule), text=excerpt(event.text),
            number=number,
        )  # fmt: skip

    return tasks.open_task(
        context, kind=KIND, to="staff", group=group.id, person=person.id, rule=found.rule,
        about=f"{KIND}:{group.id}:{person.id}", target=f"{event.at} {event.message_id}",
        words=words,
    )  # fmt: skip


def decide(context: Context, task: Task, choice: str) -> tuple[Action, ...]:
    """Treat the message as a breach, if staff say that it is one."""
    group = context.store.get(Group, context.community, task.group)
    person = context.store.get(Person, context.community, task.person)
    if choice != "approve" or group is None or person is None:
        return ()
    at, _, message_id = task.target.partition(" ")
    said = moderation.Said(int(at), message_id)
    return moderation.strike(context, group, person, task.rule, event=said)
