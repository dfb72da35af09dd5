"""Likes that only go to and fro wait until people had a look: one task a group, with evidence."""

from collections.abc import Iterable
from typing import Final

from handlers import people, tasks
from handlers.ports import Context
from sop import fair_play
from sop.actions import Action
from sop.model import Group, Like
from sop.texts import text

KIND: Final = "likes"
"""The kind of task that asks whether such likes shall count."""

NAMED: Final = 10
"""Persons of a circle whom the task names."""


def hold(context: Context, group: Group, case: fair_play.Case) -> tuple[Action, ...]:
    """Ask staff to have a look, unless they were asked and have not answered."""
    back = {each.giver for each in case.got}
    inside = [each for each in (*_authors(case.given), case.author) if each in back]
    share = len(inside) * 100 // (len(case.given) + 1)
    circle = sorted(set(inside))[:NAMED]

    def words(number: int) -> str:
        return text(
            "likes.review", name=_names(context, (case.giver,)), names=_names(context, circle),
            group=group.title or group.id, share=share, given=len(inside), number=number,
            got=sum(1 for each in case.got if each.giver in inside), days=fair_play.WINDOW,
        )  # fmt: skip

    return tasks.open_task(
        context, kind=KIND, to="staff", group=group.id, about=f"likes:{group.id}", words=words
    )


def _authors(likes: Iterable[Like]) -> list[int]:
    return [each.author for each in likes]


def _names(context: Context, ids: Iterable[int]) -> str:
    return people.named(people.current(context.store, context.community, each) for each in ids)
