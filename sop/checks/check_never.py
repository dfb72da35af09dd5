"""Checks of steps that can never run, and of conditions that nobody can ever fulfil."""

import math
from collections.abc import Iterator, Mapping
from datetime import timedelta
from itertools import product
from typing import Final

from sop.checks.check_members import TIMED
from sop.checks.check_subject import Subject, warning
from sop.circles import spread
from sop.fields.pack_types import DateRange, SegmentRef
from sop.pack.pack_conditions import Conditions
from sop.pack.pack_steps import Step
from sop.pack.satisfiable import Case, both, cases, implies
from sop.problems import Path
from sop.times.durations import DAY_MS, HOUR_MS
from sop.triggers import triggers
from sop.yaml.schema_problems import Finding

# Days skipped for longer than this are no holiday but an end.
_FOR_EVER: Final = timedelta(days=5 * 365)

Reason = tuple[Path, str]
"""The key below the step that is to blame, and why the step never runs."""


def never_runs(subject: Subject) -> Iterator[Finding]:
    """Find steps that can never do anything, and those that wait for one of these."""
    idle: set[str] = set()
    for path, step in subject.placed:
        reason = _reason(subject, step)
        if reason is not None:
            idle.add(step.id)
            yield warning((*path, *reason[0]), reason[1])
    yield from _waiting(subject, idle)


def idle_steps(subject: Subject) -> frozenset[str]:
    """Return the ids of the steps that never run, themselves or because of another."""
    idle = {step.id for _, step in subject.placed if _reason(subject, step) is not None}
    return frozenset(name for name, reached in _reached(subject, idle).items() if reached)


def _reached(subject: Subject, idle: set[str]) -> Mapping[str, frozenset[str]]:
    needs = {step.id: _needed(step) for _, step in subject.placed}
    return spread({name: (name,) for name in idle if name in needs}, needs)


def _waiting(subject: Subject, idle: set[str]) -> Iterator[Finding]:
    """Find steps whose turn comes after a step that never runs."""
    reached = _reached(subject, idle)
    for path, step in subject.placed:
        if reached[step.id] and step.id not in idle:
            first = min(reached[step.id])
            key = ("when", "after") if isinstance(step.when, triggers.After) else ("if",)
            what = f'can never run: it waits for "{first}", which never runs'
            yield warning((*path, *key), what)


def _needed(step: Step) -> tuple[str, ...]:
    after = (step.when.step,) if isinstance(step.when, triggers.After) else ()
    return (*after, step.if_.step_done) if step.if_.step_done else after


def _reason(subject: Subject, step: Step) -> Reason | None:
    if not step.do:
        return ("do",), "does nothing: its do is empty"
    return _by_time(subject, step) or _by_score(subject, step) or _by_asking(subject, step)


def _by_time(subject: Subject, step: Step) -> Reason | None:
    skipped = (*subject.pack.skip, *step.skip)
    if not isinstance(step.when, triggers.OneTime):
        return _by_skip(subject, step, skipped)
    if any(step.when.date in days for days in skipped):
        return ("when",), "can never run: its only day is skipped"
    if subject.today and step.when.date < subject.today:
        return ("when",), "can never run again: this day is over"
    return None


def _by_skip(subject: Subject, step: Step, skipped: tuple[DateRange, ...]) -> Reason | None:
    for days in skipped if isinstance(step.when, TIMED) else ():
        running = subject.today is None or subject.today in days
        if running and days.last - days.first > _FOR_EVER:
            return ("when",), f"can never run: all days until {days.last} are skipped"
    return None


def _by_score(subject: Subject, step: Step) -> Reason | None:
    if not isinstance(step.when, triggers.ScoreCrossed):
        return None
    if not subject.pack.score.earn:
        return ("when",), "can never run: nothing earns points"
    if step.when.n > subject.most_score:
        return ("when",), f"never runs: by deeds a score reaches at most {subject.most_score:g}"
    return None


def _by_asking(subject: Subject, step: Step) -> Reason | None:
    if not step.unless.is_empty and step.if_ == step.unless:
        return ("unless",), "can never run: if and unless ask the same"
    if step.if_.step_done == step.id:
        return ("if", "step_done"), "can never run: it waits for itself"
    found = cases(step.if_, subject.meaning)
    if found is None:
        return None
    if not found:
        return ("if",), "can never hold: these conditions contradict each other"
    if step.each and not _of_segment(subject, str(step.each.segment), found):
        return ("each",), "can never run: nobody of this segment fulfils if"
    for told in (
        _by_moment(step, found), where(subject, step, found), ranks(subject, found),
        _heights(subject, found),
    ):  # fmt: skip
        if told:
            return ("if",), told
    return _denied(subject, step, found)


def _by_moment(step: Step, found: tuple[Case, ...]) -> str:
    """Say why nothing of this holds when the trigger fires; nothing where something may."""
    match step.when:
        case triggers.Says():
            # What was said while the bot was down is heard later.
            then: Case = {("last_seen",): (0, DAY_MS)}
            why = "can never hold: who says something has been seen just now"
        case triggers.MemberJoined(offset=offset):
            # Who joins at the end of a day has a night less; clocks may be put forward in it.
            days = (offset.days or 1) - 1
            then = {("tenure",): (offset.delay_ms + max(0, days * DAY_MS - HOUR_MS), math.inf)}
            why = "can never hold: by then they have been here for longer"
        case triggers.Inactive(ms=ms):
            then = {("last_seen",): (ms, math.inf)}
            why = "can never hold: who was silent for so long was seen longer ago"
        case _:
            return ""
    return "" if any(both(case, then) is not None for case in found) else why


def _of_segment(subject: Subject, segment: str, found: tuple[Case, ...]) -> bool:
    """Tell whether somebody of the segment may fulfil what is asked."""
    whole = cases(Conditions(segment=SegmentRef(segment)), subject.meaning)
    return whole is None or any(
        both(one, other) is not None for one, other in product(whole, found)
    )


def where(subject: Subject, step: Step, found: tuple[Case, ...]) -> str:
    """Say why nobody in the step's groups is of these cases; nothing where somebody may be."""
    core = subject.pack.layers.core
    if core is None or step.in_ == "all" or (step.in_ == "regular" and core.keep_regular):
        return ""
    here: Case = {("layer",): frozenset({step.in_})}
    if any(both(case, here) is not None for case in found):
        return ""
    if step.in_ == "core":
        return "can never hold: in the core group everybody is of layer core"
    return "can never hold here: who is in core has left the regular groups: say in: core or all"


_RANKS: Final = (
    (("layer",), "core", "the pack has no layers.core"),
    (("role",), "leader", "the pack has no leaders"),
)


def ranks(subject: Subject, found: tuple[Case, ...]) -> str:
    """Say why nobody at all has the rank that is asked for; nothing where somebody may."""
    there = {"core": subject.pack.layers.core, "leader": subject.pack.leaders}
    for key, rank, why in _RANKS:
        only = frozenset({rank})
        if there[rank] is None and all(case.get(key) == only for case in found):
            return f"can never hold: {why}"
    return ""


def _heights(subject: Subject, found: tuple[Case, ...]) -> str:
    ceiling: Case = {("score",): (-math.inf, subject.most_score)}
    if any(both(case, ceiling) is not None for case in found):
        return ""
    return f"never holds: by deeds a score reaches at most {subject.most_score:g}"


def _denied(subject: Subject, step: Step, found: tuple[Case, ...]) -> Reason | None:
    """Tell whether one thing of `unless` holds wherever `if` does."""
    for name in step.unless.model_fields_set:
        alone = Conditions.model_construct({name}, **{name: getattr(step.unless, name)})
        if getattr(alone, name) in (None, (), {}):
            continue
        if all(implies(case, alone, subject.meaning) for case in found):
            key = Conditions.model_fields[name].alias or name
            return ("unless", key), "can never run: this holds wherever if does"
    return None


def impossible_conditions(subject: Subject) -> Iterator[Finding]:
    """Find conditions outside of steps that nobody can fulfil, and empty alternatives."""
    for path, value in subject.parts:
        if isinstance(value, Conditions):
            if "any" in value.model_fields_set and not value.any:
                yield warning((*path, "any"), "is empty: it asks nothing")
            if path[0] != "steps" and path[-2:-1] != ("any",):
                found = cases(value, subject.meaning)
                if found is not None and not found:
                    yield warning(path, "can never hold: these conditions contradict each other")
