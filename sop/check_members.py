"""Whom a step is about: whether its trigger means a member, and what it may say of them."""

from collections.abc import Mapping
from typing import Final

from sop import triggers
from sop.pack_steps import Step

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


def members_of(steps: Mapping[str, Step], step: Step) -> frozenset[str]:
    """Return the names a step may use for its people: `member`, `members`, both or none.

    `steps` are all of the pack, by id.
    """
    origin = _origin(steps, step)
    if origin is None or isinstance(origin.when, triggers.MemberJoined):
        return frozenset({"member", "members"})
    if isinstance(origin.when, _OF_A_MEMBER) or origin.each:
        return frozenset({"member"})
    return frozenset()


def _origin(steps: Mapping[str, Step], step: Step) -> Step | None:
    """Return the step that a chain of `after` begins with; None where that cannot be told."""
    origin: Step | None = step
    passed: set[str] = set()
    while origin and isinstance(origin.when, triggers.After) and not origin.each:
        passed.add(origin.id)
        origin = steps.get(origin.when.step)
        if origin and origin.id in passed:
            return None
    return origin
