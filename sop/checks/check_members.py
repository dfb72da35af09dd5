"""Whom a step is about: whether its trigger means a member, and what it may say of them."""

from collections.abc import Mapping
from typing import Final

from sop.pack.pack_steps import Step
from sop.triggers import triggers

_OF_A_MEMBER: Final = (
    triggers.MemberJoined,
    triggers.MemberMoment,
    triggers.Says,
    triggers.Inactive,
    triggers.Likes,
    triggers.LikesGiven,
    triggers.ScoreCrossed,
)
TIMED: Final = (
    triggers.WallTime,
    triggers.OneTime,
    triggers.Festival,
    triggers.Cron,
    triggers.AroundStart,
)
"""Triggers whose time needs no event."""


def people_of(step: Step, begun: Mapping[str, Step | None]) -> frozenset[str]:
    """Return the names a step may use for its people: `member`, `members`, both or none.

    `begun` says what every step's chain begins with, see `origins`.
    """
    previous = _previous(step)
    origin = step if previous is None else begun.get(previous)
    if origin is None or isinstance(origin.when, triggers.MemberJoined):
        return frozenset({"member", "members"})
    if isinstance(origin.when, _OF_A_MEMBER) or origin.each:
        return frozenset({"member"})
    return frozenset()


def origins(steps: Mapping[str, Step]) -> dict[str, Step | None]:
    """Return, by id, the step that its chain of `after` begins with; None: it cannot be told."""
    begun: dict[str, Step | None] = {}
    for step in steps.values():
        trail: dict[str, None] = {}
        name = step.id
        while name not in begun and name not in trail:
            trail[name] = None
            each = steps.get(name)
            previous = _previous(each) if each else None
            if previous is None:
                begun[name] = each
            name = previous or name
        begun.update(dict.fromkeys(trail, begun.get(name)))
    return begun


def _previous(step: Step) -> str | None:
    """Return the id of the step whose people are this one's; None: it has its own."""
    return step.when.step if isinstance(step.when, triggers.After) and not step.each else None
