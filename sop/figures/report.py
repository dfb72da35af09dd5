"""A report: all figures of a group, or of a whole community, over a day or a week.

Plain values that go through JSON and back. None is *unknown*, never zero; `least` says that
only a part could be heard, so that there are at least so many.
"""

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from functools import cache
from typing import Any, Literal

from pydantic import TypeAdapter

from sop.figures.coverage import Coverage
from sop.figures.effects import Effect
from sop.figures.hours import Best, Heat
from sop.figures.intervals import Interval
from sop.figures.paths import Cohort, Stage
from sop.standing.leaders import Measures

Kind = Literal["daily", "weekly"]

Health = Literal["unknown", "early", "quiet", "fading", "growing", "steady"]
"""How a group goes. unknown: not all of it is heard; early: nothing to compare with yet."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Count:
    """How many; None: nobody knows. `before` is the same of the span before."""

    value: int | None
    before: int | None = None
    least: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Activity:
    """What was said and who is there; `heat` is messages an hour over the last weeks."""

    messages: Count
    active: Count
    members: Count
    joined: Count
    left: Count
    posts: Count
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
class Helper:
    """Who did human tasks, and how many. For owner and staff alone."""

    name: str
    done: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Tasks:
    """What became of the human tasks of the span, and what is open; times in ms, None of none.

    `taken_ms`: until somebody took one, `done_ms`: until it was closed, both as a median of those
    `done` or decided; `settled` are those that settled themselves. `least`: there were more.
    """

    opened: int
    done: int
    in_time: int
    declined: int
    settled: int
    waiting: int
    overdue: int
    taken_ms: int | None
    done_ms: int | None
    helpers: tuple[Helper, ...] = ()
    least: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Brought:
    """What somebody brought about as a leader; `tier` is its title, empty on probation.

    In the span: what they opened (`led`), who `took_part` in it, guests they `brought`. Now: who
    is in their `circle`, reviews `failed` in a row. `measures` are of the last 30 days.
    """

    status: str
    tier: str
    failed: int
    led: int
    took_part: int
    brought: int
    circle: int
    measures: Measures


@dataclass(frozen=True, slots=True, kw_only=True)
class Leader:
    """What a leader gave in the span, by deed, and what others thought of it. For owners alone.

    `brought` is None of who leads without ever having applied for it.
    """

    name: str
    role: str
    deeds: Mapping[str, int]
    points: int
    likes: int
    brought: Brought | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Honours:
    """What may be said in front of all: names to thank, newcomers to greet, what was liked."""

    names: str
    liked: str = ""
    by: str = ""
    likes: int = 0
    newcomers: int = 0


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
class OneGroup:
    """What a report says of each of its groups."""

    title: str
    coverage: Coverage
    health: Health


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """All figures of a group, or (`group` is empty) of a community; `until` is not in the span.

    `coverage` is that of all its `groups` together. `segments` are of the whole community, which
    has more groups than the one where that is `one_of_several`.
    """

    community: str
    group: str
    title: str
    kind: Kind
    since: int
    until: int
    coverage: Coverage
    health: Health
    groups: Mapping[str, OneGroup]
    activity: Activity
    contents: tuple[Content, ...]
    steps: tuple[StepFigures, ...]
    coming: tuple[Stage, ...]
    spreading: tuple[Stage, ...]
    cohorts: tuple[Cohort, ...]
    segments: tuple[Segment, ...]
    segments_day: str
    one_of_several: bool
    questions: tuple[Questions, ...]
    tasks: Tasks
    leaders: tuple[Leader, ...]
    honours: Honours
    advice: tuple[Advice, ...]


@cache
def _adapter() -> TypeAdapter[Report]:
    return TypeAdapter(Report)


def plain(report: Report) -> dict[str, Any]:
    """Return the report as JSON has it: beside each figure stands how much of it is known."""
    found: dict[str, Any] = _adapter().dump_python(report, mode="json")
    for name, group, figure in _figures(found):
        heard = report.groups[group].coverage if group else report.coverage
        figure["coverage"] = asdict(heard.of(name))
    return found


def _figures(found: Mapping[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Yield all figures of a report in JSON: name, the one group that it is of, and where."""
    activity = found["activity"]
    yield from (("words", "", activity), ("tasks", "", found["tasks"]))
    for name in ("messages", "active", "members", "joined", "left", "posts"):
        yield name, "", activity[name]
    yield from (("best", "", each) for each in activity["best"])
    for name in ("contents", "cohorts", "segments", "questions", "leaders"):
        yield from ((name, each.get("group", ""), each) for each in found[name])
    for stage in (*found["coming"], *found["spreading"]):
        yield stage["name"], "", stage
    for step in found["steps"]:
        yield from ((name, step["group"], each) for name, each in step["effects"].items())


def restored(values: Mapping[str, Any]) -> Report:
    """Return the report that `plain` made that of. Raises `ValueError` for anything else."""
    return _adapter().validate_python(values)
