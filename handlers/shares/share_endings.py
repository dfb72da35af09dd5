"""How a share day ends: what is unanswered is handed over, who hosted is paid, all is summed up.

Hosting pays the deed `share`: to speakers who were heard, or, where not everything is heard, to
those of whom staff say that they did share.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from handlers.ledger import ledger
from handlers.people import people
from handlers.ports import Context
from handlers.posting import summaries
from handlers.questions import slots
from handlers.shares import share_places, share_summaries
from handlers.tasks import tasks
from sop import channels
from sop.actions import Action
from sop.model import Group, Occurrence, Task, Thread
from sop.texts import text

HOSTED: Final = "share-hosted"
"""The kind of task that asks whether the speakers did share."""


def close(
    context: Context, occurrence: Occurrence, group: Group, day: Thread, *, fresh: bool
) -> tuple[Action, ...]:
    """Hand over what is unanswered, pay who hosted, and sum up when the group is awake."""
    lines: tuple[Action, ...] = ()
    if fresh and not group.retired:
        lines = (*slots.hand_over(context, group, day), *_pay(context, group, day))
        day = _forgotten(context, day)
    return (
        *lines,
        *summaries.post(
            context, occurrence, group, day, lambda: share_summaries.words(context, group, day)
        ),
    )


def _forgotten(context: Context, day: Thread) -> Thread:
    """Keep who spoke, and not what they said: that is kept with the messages, as long as those."""
    day = context.store.get(Thread, *day.key) or day
    day = replace(day, body={**day.body, "spoke": dict.fromkeys(day.body["spoke"], "")})
    context.store.put(day)
    return day


def _pay(context: Context, group: Group, day: Thread) -> tuple[Action, ...]:
    """Pay the speakers who were heard; where not all is heard, staff are asked."""
    if channels.hears_all(group.channels):
        heard = [person for person in day.body["speakers"] if str(person) in day.body["spoke"]]
        return _paid(context, day, heard)
    if not day.body["speakers"]:
        return ()
    names = people.named(
        people.current(context.store, context.community, each) for each in day.body["speakers"]
    )
    return tasks.open_task(
        context, kind=HOSTED, to="staff", group=group.id, step=day.step, target=str(day.id),
        about=f"share-hosted:{day.id}:all",
        words=lambda number: text(
            "share-days.hosted-task", group=group.title or group.id, title=day.title,
            names=names, number=number,
        ),
    )  # fmt: skip


def _paid(context: Context, day: Thread, persons: Sequence[int]) -> tuple[Action, ...]:
    """Pay those persons; where only staff heard them, the opening words stand for theirs."""
    said: dict[int, str] = {}
    for number in persons:
        person = people.current(context.store, context.community, number)
        if person is not None:
            said.setdefault(person.id, str(day.body["spoke"].get(str(number), "")) or day.text)
    lines = (
        ledger.credit(
            context.under(day.version), person, "share", source=f"thread:{day.id}",
            step=day.step, said=words,
        )
        for person, words in said.items()
    )  # fmt: skip
    return tuple(line for each in lines for line in each)


def decide_hosted(context: Context, task: Task, choice: str) -> tuple[Action, ...]:
    """Pay the speakers of a share day that not everybody could be heard on."""
    day = share_places.day_of(context, int(task.target))
    if day is None or choice != "approve":
        return ()
    return _paid(context, day, day.body["speakers"])
