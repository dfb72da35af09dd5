"""What is owed to a question: in what time, by whom, and who is next if they do not come to it.

Time is counted in the hours a pack cares for questions, or outside of its quiet hours.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from zoneinfo import ZoneInfo

from sop.pack.pack_people import Care, Grade
from sop.text import normalise
from sop.times import quiet
from sop.times.durations import Span

PAID: Final = "paid"
"""The grade of those who pay: with words, only of what says them."""

NEXT: Final[Mapping[str, Sequence[str]]] = {
    "leader": ("staff", "owner"),
    "staff": ("owner",),
    "owner": ("staff",),
}
"""Who is told after whom, where a question is not answered in time."""

FIRST_ASKED: Final = 1 / 2
"""The part of the time after which somebody who may know is asked."""

HANDED_OVER: Final = 3 / 4
"""The part of the time after which people on duty are: some of it must be left to answer in."""

GRACE: Final = 1 / 4
"""The part of the time that is waited once it is over, before the next one is told."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Owed:
    """What a question is owed: an answer within `within_ms` since `since`, from `to` if need be.

    `grade` is empty for a question like any other: those are for the group to answer first.
    `asleep` are the hours in which no time passes.
    """

    grade: str
    to: str
    since: int
    within_ms: int
    asleep: Span | None
    zone: ZoneInfo

    @property
    def due_at(self) -> int:
        """When it should have been answered."""
        return self.after(1)

    @property
    def looked_at(self) -> int:
        """When somebody first sees to it: at once if it has a grade, as soon as they are awake."""
        if not self.grade:
            return self.after(FIRST_ASKED)
        return quiet.quiet_end(self.asleep, self.since, self.zone)

    def after(self, part: float, since: int | None = None) -> int:
        """Return when that part of the time has passed, counted from `since`."""
        start = self.since if since is None else since
        return quiet.waking_deadline(start, round(part * self.within_ms), self.asleep, self.zone)


def owed(
    care: Care, said: str, *, paid: bool, since: int, hours: Span | None, zone: ZoneInfo
) -> Owed:
    """Return what a question is owed that was asked then; `hours` are the group's quiet ones.

    Of several grades that fit the most urgent holds, of equals the first.
    """
    asleep = hours if care.within is None else outside(care.within)
    name, grade = grade_of(care.grades, said, paid=paid)
    return Owed(
        grade=name, to=grade.to if grade else "staff", since=since,
        within_ms=grade.due_ms if grade else care.answer_within_ms, asleep=asleep, zone=zone,
    )  # fmt: skip


def grade_of(
    grades: Mapping[str, Grade], said: str, *, paid: bool
) -> tuple[str, Grade] | tuple[str, None]:
    """Return the grade of a question with its name, or none."""
    normal = normalise(said)
    fitting = [
        (name, grade) for name, grade in grades.items() if _fits(name, grade, normal, paid=paid)
    ]
    return min(fitting, key=lambda each: each[1].due_ms) if fitting else ("", None)


def _fits(name: str, grade: Grade, normal: str, *, paid: bool) -> bool:
    if name == PAID and not (paid and grade.says):
        return paid
    return any(word in normal for word in words_of(grade))


def words_of(grade: Grade) -> tuple[str, ...]:
    """Return the words that make a question of that grade, as texts are matched."""
    return tuple(filter(None, map(normalise, grade.says)))


def taken_by(grades: Mapping[str, Grade], name: str) -> str:
    """Return the grade that takes every question this one fits; empty where there is none."""
    earlier = True
    for other, rival in grades.items():
        if other == name:
            earlier = False
            continue
        mine = grades[name]
        urgent = rival.due_ms < mine.due_ms or (earlier and rival.due_ms == mine.due_ms)
        if urgent and _covers(other, rival, mine):
            return other
    return ""


def _covers(other: str, rival: Grade, mine: Grade) -> bool:
    if other == PAID or not mine.says:
        return False
    return all(any(word in said for word in words_of(rival)) for said in words_of(mine))


def outside(hours: Span) -> Span:
    """Return the rest of the day."""
    return Span(start_minute=hours.end_minute, end_minute=hours.start_minute)


def minutes_of(hours: Span) -> int:
    """Return how many minutes a day a span of it has."""
    return (hours.end_minute - hours.start_minute) % (24 * 60)
