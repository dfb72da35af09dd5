"""A report: all figures of a group, or of a whole community, over a day or a week.

Plain values that go through JSON and back. None is *unknown*, never zero; `least` says that
only a part could be heard, so that there are at least so many.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Literal

from pydantic import TypeAdapter

from sop.figures.effects import Effect
from sop.figures.hours import Best, Heat
from sop.figures.intervals import Interval
from sop.figures.paths import Cohort, Stage

Kind = Literal["daily", "weekly"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    """How much of what members say can be heard: groups and members by what their channels hear.

    `all_heard` are groups where everything is heard, `addressed` where only what @s the bot is,
    `deaf` where nothing is. `known` members are in groups whose joins and leaves are known.
    """

    all_heard: int
    addressed: int
    deaf: int
    members: int
    members_heard: int
    known: int

    @property
    def share(self) -> float | None:
        """The share of members of whom everything is heard; None where nobody is known."""
        return self.members_heard / self.members if self.members else None

    @property
    def least(self) -> bool:
        """Whether more may have been said than was heard."""
        return bool(self.addressed or self.deaf)

    @property
    def unheard(self) -> bool:
        """Whether nothing at all could be heard: then nobody knows what was said."""
        return not (self.all_heard or self.addressed)


@dataclass(frozen=True, slots=True, kw_only=True)
class Count:
    """How many; None: nobody knows. `before` is the same of the span before."""

    value: int | None
    before: int | None = None
    least: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Activity:
    """What was said and who was there; `heat` is messages an hour over the last weeks."""

    messages: Count
    active: Count
    members: int
    joined: Count
    left: Count
    posts: int
    weeks: int
    heat: Heat | None
    best: tuple[Best, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """What things of one kind brought each, on average: replies and likes."""

    kind: str
    count: int
    replies: float
    likes: float
    replies_within: Interval | None
    likes_within: Interval | None
    small: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class StepFigures:
    """What a step brought in one group, figure by figure; `against` says compared with what."""

    group: str
    step: str
    title: str
    runs: int
    against: str
    effects: Mapping[str, Effect]


@dataclass(frozen=True, slots=True, kw_only=True)
class Segment:
    """How many are in a segment, of how many nobody knows, who came and went in the span."""

    name: str
    members: int
    known: int
    unknown: int
    entered: int
    left: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Questions:
    """How questions of a group were answered; times in ms, None where none is known."""

    group: str
    asked: int
    answered: int
    waiting: int | None
    first_waiting: int
    median_ms: int | None
    longest_ms: int | None
    late: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Leader:
    """What a leader gave in the span, by deed, and what others thought of it. For owners alone."""

    name: str
    role: str
    deeds: Mapping[str, int]
    points: int
    likes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Honours:
    """What may be said in front of all: names to thank, newcomers to greet, what was liked."""

    names: str
    liked: str = ""
    by: str = ""
    likes: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Advice:
    """One thing to do next in a group: a `change` of values there, or (empty) a task for people.

    `change` is written like a group's override, `key` names it for ever, `facts` are what its
    words need.
    """

    group: str
    key: str
    reason: str
    facts: Mapping[str, str] = field(default_factory=dict)
    change: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """All figures of a group, or (`group` is empty) of a community; `until` is not in the span."""

    community: str
    group: str
    title: str
    kind: Kind
    since: int
    until: int
    coverage: Coverage
    activity: Activity
    contents: tuple[Content, ...]
    steps: tuple[StepFigures, ...]
    coming: tuple[Stage, ...]
    spreading: tuple[Stage, ...]
    cohorts: tuple[Cohort, ...]
    segments: tuple[Segment, ...]
    segments_day: str
    questions: tuple[Questions, ...]
    leaders: tuple[Leader, ...]
    honours: Honours
    advice: tuple[Advice, ...]


@cache
def _adapter() -> TypeAdapter[Report]:
    return TypeAdapter(Report)


def plain(report: Report) -> dict[str, Any]:
    """Return the report as JSON has it."""
    found: dict[str, Any] = _adapter().dump_python(report, mode="json")
    return found


def restored(values: Mapping[str, Any]) -> Report:
    """Return the report that `plain` made that of. Raises `ValueError` for anything else."""
    return _adapter().validate_python(values)
