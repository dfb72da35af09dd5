"""How far members come: funnels and paths of stages, and how many who joined together stay.

In a funnel who came further has passed what lies before, whatever was heard of it. A path is what
somebody really did: who shares without following a leader has not come there by a leader.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from sop.figures import intervals
from sop.figures.intervals import Interval

COMING: Final = ("joined", "introduced", "contributed", "recognised", "core")
SPREADING: Final = ("entered", "follows", "takes-part", "shares", "invites")
"""The stages of the two funnels, in order."""

GIVING: Final = frozenset(
    {
        "checkin", "reply", "share", "story", "photo", "wish", "snag", "thanks", "review", "idea",
        "question", "answer", "comment", "featured",
    }
)  # fmt: skip
"""Deeds with which somebody contributes."""

RECOGNISED: Final = frozenset({"like-received", "accepted", "featured", "award", "win"})
"""Deeds with which others, or staff, say that it was worth something."""

SHARING: Final = frozenset({"share", "story", "photo", "review", "idea", "featured", "spread"})
"""Deeds with which somebody gives what others may pass on."""

SMALL: Final = 20
"""Members below which a stage's share is from a small sample."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """How many came to a stage; `share` is of those of the stage before.

    None where nobody can tell, or (`absent`) where there is no such thing in this community. Of
    a path, `otherwise` came there without all that lies before.
    """

    name: str
    members: int | None
    share: float | None = None
    interval: Interval | None = None
    small: bool = False
    otherwise: int | None = None
    absent: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Cohort:
    """Who joined in one week, and how many of them spoke in each week from then on.

    `week` is the local Monday (ISO). None in `active` is a week that is not known.
    """

    week: str
    size: int
    active: tuple[int | None, ...]


def funnel(
    names: Sequence[str], cohort: Collection[int], reached: Sequence[Collection[int] | None]
) -> tuple[Stage, ...]:
    """Return the stages of the members of a cohort; `reached` is given for all but the first.

    Who came further has passed what lies before, whatever was heard of it: a funnel never grows.
    """
    known = set(cohort)
    beyond: set[int] = set()
    counts: list[int | None] = []
    for each in reversed(reached):
        if each is None:
            counts.append(None)
            continue
        beyond |= known.intersection(each)
        counts.append(len(beyond))
    return _stages(names, (len(known), *reversed(counts)))


def path(
    names: Sequence[str], cohort: Collection[int], reached: Sequence[Collection[int] | None]
) -> tuple[Stage, ...]:
    """Return the stages of those of a cohort who did all of it; `reached` as of a funnel."""
    known = set(cohort)
    so_far, counts, others = known, [], list[int | None]()
    for each in reached:
        did = None if each is None else known.intersection(each)
        so_far = so_far if did is None else so_far & did
        counts.append(None if did is None else len(so_far))
        others.append(None if did is None else len(did - so_far))
    stages = _stages(names, (len(known), *counts))
    return tuple(
        replace(stage, otherwise=other)
        for stage, other in zip(stages, (None, *others), strict=True)
    )


def _stages(names: Sequence[str], counts: Sequence[int | None]) -> tuple[Stage, ...]:
    stages: list[Stage] = []
    before: int | None = None
    for name, count in zip(names, counts, strict=True):
        stages.append(_stage(name, count, before))
        before = count if count is not None else before
    return tuple(stages)


def without_first(stages: Sequence[Stage]) -> tuple[Stage, ...]:
    """Return the stages of those who were heard, where nobody knows who joined."""
    first, *rest = stages
    known = next((n for n, each in enumerate(rest) if each.members is not None), len(rest))
    of_nobody_knows_whom = (
        replace(each, share=None, interval=None, small=False) for each in rest[: known + 1]
    )
    return (replace(first, members=None), *of_nobody_knows_whom, *rest[known + 1 :])


def without(stages: Sequence[Stage], name: str) -> tuple[Stage, ...]:
    """Return the stages of a community in which there is no such thing as one of them."""
    return tuple(replace(each, absent=each.absent or each.name == name) for each in stages)


def _stage(name: str, count: int | None, before: int | None) -> Stage:
    if count is None or not before:
        return Stage(name=name, members=count)
    return Stage(
        name=name, members=count, share=count / before,
        interval=intervals.share(count, before), small=before < SMALL,
    )  # fmt: skip


def retention(
    joined: Mapping[int, int], weeks: Sequence[str], active: Sequence[Collection[int] | None]
) -> tuple[Cohort, ...]:
    """Return the cohorts of the weeks: `joined` is the week's number by person.

    `active` are those who spoke in each week, None where a week is not known.
    """
    members: list[set[int]] = [set() for _ in weeks]
    for person, week in joined.items():
        members[week].add(person)
    return tuple(
        Cohort(
            week=name, size=len(each),
            active=tuple(
                None if spoke is None else len(each.intersection(spoke))
                for spoke in active[number:]
            ),
        )
        for number, (name, each) in enumerate(zip(weeks, members, strict=True))
    )  # fmt: skip
