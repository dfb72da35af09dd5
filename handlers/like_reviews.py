"""What people decided of likes that wait.

Yes, and all that wait count as if they had just been given; no, and they never do. Who gave them
hears of it in private; nobody else does.
"""

from collections.abc import Iterable
from dataclasses import replace
from typing import Final

from handlers import liking, people, voices
from handlers.ports import Context
from sop import channels, fair_play
from sop.actions import Action
from sop.durations import DAY_MS
from sop.model import Group, Like, Task
from sop.texts import text

AT_ONCE: Final = 500
"""Held likes settled by one answer; of more than that the newest wait for the next task."""


def decide(context: Context, task: Task, choice: str) -> tuple[Action, ...]:
    """Let the likes of the group that wait count, or never."""
    waiting = context.store.find(
        Like, community=context.community, group=task.group, status="held", order="at",
        limit=AT_ONCE,
    )  # fmt: skip
    status = "counted" if choice == "approve" else "refused"
    lines: list[Action] = []
    for like in waiting:
        settled = replace(like, status=status)
        context.store.put(settled)
        if status == "counted":
            lines.extend(liking.take_effect(context, settled))
    givers = dict.fromkeys(like.giver for like in waiting)
    for giver in givers:
        _settle(context, giver, cleared=status == "counted")
    return (*lines, *_told(context, task.group, givers, status))


def _settle(context: Context, giver: int, *, cleared: bool) -> None:
    """Whose likes were found to be fine need not wait again for as long as a window."""
    if cleared:
        until = context.now + fair_play.WINDOW * DAY_MS
        voice = voices.voice_of(context, giver)
        context.store.put(replace(voice, cleared_until=until))


def _told(
    context: Context, group_id: str, givers: Iterable[int], status: str
) -> tuple[Action, ...]:
    group = context.store.get(Group, context.community, group_id)
    if group is None or not channels.can(group.channels, "dm"):
        return ()
    return tuple(
        Action(
            do="dm", group=group.id, to=str(giver), member=str(giver),
            text=text(f"likes.review-{status}", name=_name(context, giver)),
        )
        for giver in givers
    )  # fmt: skip


def _name(context: Context, person: int) -> str:
    return people.shown(people.current(context.store, context.community, person))
