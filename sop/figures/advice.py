"""What to do next in a group: at most three things, the most pressing first.

Each is either a change of a value of the pack in that group, which can be taken back, or a task
for people. A change is only proposed on figures that chance does not explain.
"""

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Final

from sop.figures import health, hours, intervals
from sop.figures.coverage import Coverage
from sop.figures.effects import Verdict
from sop.figures.report import Activity, Advice, Questions, StepFigures
from sop.times.durations import format_time_of_day

MOST: Final = 3

FEW: Final = 3
"""Newcomers or contributions without an answer from which somebody should look."""

TALKATIVE: Final = 0.5
"""The bot's share of all that is said from which it says too much."""

MANY: Final = 30
"""Members of a group that could do with a leader."""

APART_H: Final = 2
"""Hours between a step's time and a better one below which it is not moved."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Signs:
    """How a group goes. `minutes` has the local minute of each step that could be moved.

    `newcomers` came lately and nobody has heard a word of them (None: nobody can know),
    `unanswered` is what was given and nobody liked or commented; `cap` what the bot may post a
    day, `days` how long the span is.
    """

    group: str
    coverage: Coverage
    activity: Activity
    steps: tuple[StepFigures, ...]
    questions: Questions | None
    minutes: Mapping[str, int]
    newcomers: int | None
    unanswered: int
    leaders: int
    cap: int | None
    days: int


Rule = Callable[[Signs], Iterator[Advice]]


def advise(signs: Signs, settled: Collection[str] = ()) -> tuple[Advice, ...]:
    """Return the things to do next, none whose key is `settled` already."""
    found = (each for rule in RULES for each in rule(signs) if each.key not in settled)
    return tuple(islice(found, MOST))


def _task(signs: Signs, reason: str, **facts: object) -> Advice:
    told = {name: str(value) for name, value in facts.items()}
    return Advice(group=signs.group, key=reason, reason=reason, facts=told)


def _waiting(signs: Signs) -> Iterator[Advice]:
    """Questions nobody has answered."""
    found = signs.questions
    if found is not None and found.waiting:
        yield _task(signs, "answer", count=found.waiting, number=found.first_waiting)


def _harmful(signs: Signs) -> Iterator[Advice]:
    """Steps after which people leave, or fall silent, more than is usual: let them rest.

    Usual is that of the same time of day: in the morning fewer speak than in the evening anyway.
    """
    looks = 2 * len(signs.steps)
    for each in signs.steps:
        more = _surely(each, "leaves", looks) == "more"
        less = _surely(each, "active", looks) == "less" and not signs.coverage.least
        if each.against == "same-time" and each.step in signs.minutes and (more or less):
            yield Advice(
                group=signs.group, key=f"rest:{each.step}",
                reason="rest-leaves" if more else "rest-silent",
                facts={"step": each.title, "runs": str(each.runs)},
                change={"steps": {each.step: {"off": True}}},
            )  # fmt: skip


def _surely(step: StepFigures, figure: str, looks: int) -> Verdict:
    """Return what a figure says even as the most striking of so many."""
    effect = step.effects.get(figure)
    return "unknown" if effect is None or effect.small else effect.judged(looks)


def _moved(signs: Signs) -> Iterator[Advice]:
    """Steps that bring nobody in, at an hour in which fewer are there than in the best one.

    Each to an hour of its own: where several speak at once, none is heard better.
    """
    free = [each for each in signs.activity.best if each.confidence == "sure"]
    for each in () if signs.coverage.least else signs.steps:
        tried, minute = _surely(each, "active", 1), signs.minutes.get(each.step)
        best = free[0] if free else None
        if (
            best is not None
            and tried in ("chance", "less")
            and minute is not None
            and hours.apart(minute // 60, best.hour) >= APART_H
        ):
            at = format_time_of_day(60 * best.hour)
            free = [slot for slot in free if slot.hour != best.hour]
            yield Advice(
                group=signs.group, key=f"move:{each.step}:{at}", reason="move",
                facts={
                    "step": each.title, "at": at, "now": format_time_of_day(minute),
                    "people": f"{best.mean:.1f}",
                },
                change={"steps": {each.step: {"at": at}}},
            )  # fmt: skip


def _talkative(signs: Signs) -> Iterator[Advice]:
    """The bot says more than everybody else: let it say less."""
    said, posts = signs.activity.messages, signs.activity.posts.value
    if said.value is None or said.least or not posts:
        return
    daily = round(posts / signs.days)
    sure = intervals.share(posts, posts + said.value)
    if daily > 1 and sure is not None and sure.low > TALKATIVE:
        fewer = min(daily - 1, signs.cap - 1) if signs.cap else daily - 1
        if fewer >= 1:
            yield Advice(
                group=signs.group, key=f"quieter:{fewer}", reason="quieter",
                facts={"posts": str(posts), "said": str(said.value), "cap": str(fewer)},
                change={"budget": {"group": f"{fewer}/day"}},
            )  # fmt: skip


def _fading(signs: Signs) -> Iterator[Advice]:
    """Fewer people speak than in the span before, and not by chance."""
    if health.of(signs.activity) == "fading":
        active = signs.activity.active
        yield _task(signs, "fading", active=active.value, before=active.before)


def _newcomers(signs: Signs) -> Iterator[Advice]:
    if signs.newcomers is not None and signs.newcomers >= FEW:
        yield _task(signs, "greet", count=signs.newcomers)


def _unanswered(signs: Signs) -> Iterator[Advice]:
    if signs.unanswered >= FEW:
        yield _task(signs, "acknowledge", count=signs.unanswered)


def _deaf(signs: Signs) -> Iterator[Advice]:
    """Not all of what is said is heard: whatever is done on these figures is done half blind."""
    if signs.coverage.least:
        yield _task(signs, "deaf" if signs.coverage.unheard else "hear")


def _leaderless(signs: Signs) -> Iterator[Advice]:
    members = signs.activity.members.value or 0
    if not signs.leaders and members >= MANY:
        yield _task(signs, "leader", members=members)


def _prompted(signs: Signs) -> Iterator[Advice]:
    """Nothing presses: ask something when most are there."""
    best = next((each for each in signs.activity.best if each.confidence != "thin"), None)
    if best is not None:
        people = f"{best.mean:.1f}"
        yield _task(signs, "ask", weekday=best.weekday, hour=best.hour, people=people)


def _thanked(signs: Signs) -> Iterator[Advice]:
    if signs.activity.active.value:
        yield _task(signs, "thank")


def _shared(signs: Signs) -> Iterator[Advice]:
    yield _task(signs, "host")


def _opened(signs: Signs) -> Iterator[Advice]:
    yield _task(signs, "talk")


def _invited(signs: Signs) -> Iterator[Advice]:
    yield _task(signs, "invite")


RULES: Final[tuple[Rule, ...]] = (
    _waiting, _harmful, _fading, _newcomers, _moved, _talkative, _unanswered, _deaf, _leaderless,
    _prompted, _thanked, _shared, _opened, _invited,
)  # fmt: skip
"""From what cannot wait to what never harms."""
