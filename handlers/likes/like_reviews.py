"""What people decided of likes that wait.

Yes, and all that wait count as if they had just been given; no, and they never do. Who gave them
hears of it in private; nobody else does.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Final

from handlers.likes import liking
from handlers.people import people, voices
from handlers.ports import Context, Outcome
from handlers.timing import deadlines, scheduling
from sop import channels
from sop.actions import Action
from sop.events import StepDue
from sop.model import Group, Like, Task
from sop.standing import fair_play
from sop.texts import text
from sop.times.durations import DAY_MS

AT_ONCE: Final = 100
"""Likes settled in one event, so that messages need not wait for all of them."""

MORE: Final = "settle-likes"
"""The kind of occurrence at which the next of them are settled."""

BECOMES: Final[Mapping[str, str]] = {"approve": "counted", "reject": "refused"}
"""What an answer makes of a like's status."""


def decide(context: Context, task: Task, choice: str) -> tuple[Action, ...]:
    """Let the likes of the group that wait count, or never."""
    return _settle_some(context, task.group, choice)


def settle_more(event: StepDue, context: Context) -> Outcome:
    """Go on with what was decided of many likes."""
    if not deadlines.settle(event, context):
        return Outcome()
    return Outcome(_settle_some(context, event.group, event.cause))


def _settle_some(context: Context, group_id: str, choice: str) -> tuple[Action, ...]:
    waiting = context.store.find(
        Like, community=context.community, group=group_id, status="held", order="at",
        limit=AT_ONCE,
    )  # fmt: skip
    lines: list[Action] = []
    for like in waiting:
        settled = replace(like, status=BECOMES[choice])
        context.store.put(settled)
        if choice == "approve":
            lines.extend(liking.take_effect(context, settled))
    if len(waiting) == AT_ONCE:
        scheduling.plan(context, group_id, MORE, context.now + 1, cause=choice)
    done = [each for each in dict.fromkeys(like.giver for like in waiting) if _all(context, each)]
    for giver in done:
        _settle(context, giver, cleared=choice == "approve")
    return (*lines, *_told(context, group_id, done, BECOMES[choice]))


def _all(context: Context, giver: int) -> bool:
    """Tell whether no like of the giver waits any more: only then they hear of it."""
    left = context.store.count(
        Like, community=context.community, giver=giver, status="held", at__gt=0
    )
    return left == 0


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
