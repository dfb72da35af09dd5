"""Likes that only go to and fro wait until people had a look: one task a group, with evidence."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Final

from handlers.people import people
from handlers.ports import Context
from handlers.tasks import tasks
from sop.actions import Action
from sop.model import Group, Task
from sop.standing import fair_play
from sop.texts import text

KIND: Final = "likes"
"""The kind of task that asks whether such likes shall count."""

NAMED: Final = 10
"""Persons of a circle whom the task names."""


MOST: Final = 12
"""Givers whose likes one task tells of; those of others wait with them."""


def hold(context: Context, group: Group, case: fair_play.Case) -> tuple[Action, ...]:
    """Ask staff to have a look; while they were asked and have not answered, add what is new."""
    about = f"likes:{group.id}"
    known = tasks.find_open(context, about)
    if known is not None:
        _add(context, known, case)
        return ()
    evidence = _evidence(context, case)

    def words(number: int) -> str:
        return text(
            "likes.review", group=group.title or group.id, evidence=evidence, number=number,
            days=fair_play.WINDOW,
        )  # fmt: skip

    return tasks.open_task(
        context, kind=KIND, to="staff", group=group.id, about=about, words=words,
        target=str(case.giver),
    )  # fmt: skip


def _add(context: Context, task: Task, case: fair_play.Case) -> None:
    told = task.target.split(",")
    if str(case.giver) in told or len(told) >= MOST:
        return
    context.store.put(
        replace(
            task,
            text=f"{task.text}\n{_evidence(context, case)}",
            target=",".join((*told, str(case.giver))),
        )
    )


def _evidence(context: Context, case: fair_play.Case) -> str:
    """Tell with whom, how often and how exclusively somebody exchanges likes."""
    back = {each.giver for each in case.got}
    authors = (*(each.author for each in case.given), case.author)
    inside = [each for each in authors if each in back]
    circle = set(inside)
    return text(
        "likes.evidence", name=_names(context, (case.giver,)),
        names=_names(context, sorted(circle)[:NAMED]), given=len(inside),
        share=len(inside) * 100 // len(authors),
        got=sum(1 for each in case.got if each.giver in circle),
    )  # fmt: skip


def _names(context: Context, ids: Iterable[int]) -> str:
    return people.named(people.current(context.store, context.community, each) for each in ids)
