"""What somebody says in private to an invitation to share: yes, no, or another day.

The number of the invitation does as well (see `handlers.staff.task_commands`).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Final

from handlers.people import people
from handlers.ports import Context, Outcome
from handlers.replies import excerpt, privately, stopping
from handlers.shares import share_candidates, share_invitations, share_places
from handlers.shares.share_places import PLANNED, TAKEN, Place
from handlers.tasks import tasks
from sop.actions import Action
from sop.activities import share_days
from sop.events import MessageReceived
from sop.model import Group, Task, Thread
from sop.texts import text

ANOTHER: Final = "share-another"
"""The kind of task about somebody who would rather share on another day."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Somebody's newest invitation, and whether the place is theirs by now."""

    group: Group
    day: Thread
    number: int
    place: Place
    task: Task

    @property
    def is_open(self) -> bool:
        """Whether they have not answered yet."""
        return self.task.status == "open"


def hear(event: MessageReceived, context: Context) -> Outcome:
    """Take a private message for the answer to the sender's invitation, if it is one."""
    if event.quote or event.quote_id or context.person is None:
        return Outcome()
    task = share_candidates.invited_by(context, context.person_id)
    answer = share_days.answer_of(event.text) if task is not None else ""
    if task is None or not answer:
        return Outcome()
    share_candidates.note_answer(context, context.person_id)
    asked = _asked(context, task)
    if asked is None:
        return _too_late(context, task) if answer == "yes" else Outcome()
    there = replace(context, group_id=asked.group.id)
    return stopping(*_ANSWERS[answer](there, asked, event.text))


def _asked(context: Context, task: Task) -> Asked | None:
    day, number = share_places.target_of(context, task.target)
    group = context.store.get(Group, context.community, task.group)
    if day is None or day.status != PLANNED or group is None or group.retired:
        return None
    place = share_places.places(day)[number]
    theirs = place.task == task.id and place.status == TAKEN
    if task.status != "open" and not theirs:
        return None
    return Asked(group=group, day=day, number=number, place=place, task=task)


def _too_late(context: Context, task: Task) -> Outcome:
    """Take a yes that comes late, or after a no, while nobody else is asked for the place."""
    day, number = share_places.target_of(context, task.target)
    group = context.store.get(Group, context.community, task.group)
    if day is None or group is None or day.status != PLANNED:
        return Outcome()
    if share_places.places(day)[number].status != share_places.OPEN:
        return stopping(privately(text("share-days.given-away")))
    share_invitations.take(context, group, day, number, task)
    return stopping(privately(share_invitations.answered(context, task, "approve")))


def _yes(context: Context, asked: Asked, _said: str) -> tuple[Action, ...]:
    words = share_invitations.answered(context, asked.task, "approve")
    return (*_settle(context, asked, "approve"), privately(words))


def _no(context: Context, asked: Asked, _said: str) -> tuple[Action, ...]:
    words = share_invitations.answered(context, asked.task, "reject")
    return (*_give_up(context, asked), privately(words))


def _another(context: Context, asked: Asked, said: str) -> tuple[Action, ...]:
    """Let staff find another day with them; the place goes to the next one."""
    fields = share_places.fields(context, asked.group, asked.day)
    told = tasks.open_task(
        context, kind=ANOTHER, to="staff", group=asked.group.id, step=asked.day.step,
        person=context.person_id, about=f"share-another:{asked.day.id}:{context.person_id}",
        words=lambda number: text(
            "share-days.another-task", name=people.shown(context.person), said=excerpt(said),
            number=number, **fields,
        ),
    )  # fmt: skip
    return (*told, *_give_up(context, asked), privately(text("share-days.another")))


def _give_up(context: Context, asked: Asked) -> tuple[Action, ...]:
    if asked.is_open:
        return _settle(context, asked, "reject")
    return share_invitations.fill(context, asked.group, asked.day.id, asked.number)


def _settle(context: Context, asked: Asked, choice: str) -> tuple[Action, ...]:
    table = {share_invitations.TASK: share_invitations.decide}
    return tasks.answer(context, asked.task, choice, context.person_id, table)


Answering = Callable[[Context, Asked, str], tuple[Action, ...]]
_ANSWERS: Final[Mapping[str, Answering]] = {"yes": _yes, "no": _no, "another": _another}
