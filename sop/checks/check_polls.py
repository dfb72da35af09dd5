"""Checks of votes and sign-ups: settings that contradict each other, or that nobody fulfils."""

from collections.abc import Iterator
from datetime import date
from itertools import islice, pairwise
from typing import Final

from sop.activities import votes
from sop.checks import check_never
from sop.checks.check_subject import Subject, warning
from sop.checks.check_times import minute_of
from sop.pack.pack_actions import ShareDayAction
from sop.pack.pack_campaigns import CollectAction, SignupAction, VoteAction
from sop.pack.pack_conditions import Conditions
from sop.pack.pack_steps import Step
from sop.pack.satisfiable import cases
from sop.problems import Path
from sop.times import localtime
from sop.times.calendars import calendar_for
from sop.times.durations import DAY_MS, format_duration
from sop.triggers import schedule, triggers
from sop.yaml.schema_problems import Finding

_FEWEST_OPTIONS: Final = 2
_MOST_OPTIONS: Final = 20
_LOOKED_AT: Final = 12
_AHEAD_MS: Final = 400 * DAY_MS
_SOME_DAY: Final = date(2026, 12, 1)


def odd_votes(subject: Subject) -> Iterator[Finding]:
    """Find votes that nobody may take part in, that cannot count, or offer what nobody can say."""
    for path, step, action in subject.actions:
        if isinstance(action, VoteAction):
            place = (*path, "vote")
            yield from _options(subject, place, action)
            yield from _voters(subject, place, step, action)


def _options(subject: Subject, path: Path, action: VoteAction) -> Iterator[Finding]:
    if action.topics is not None:
        step = subject.steps.get(str(action.topics))
        if action.options:
            message = "are what members propose where there is topics: name one of them"
            yield Finding(path=(*path, "options"), message=message)
        if step is not None and not any(isinstance(each, ShareDayAction) for each in step.do):
            yield warning((*path, "topics"), f'step "{step.id}" holds no share day')
    elif len(action.options) < _FEWEST_OPTIONS:
        yield Finding(path=(*path, "options"), message="a poll needs two options or more")
    if len(action.options) > _MOST_OPTIONS:
        message = f"are more than {_MOST_OPTIONS}: nobody reads them on a phone"
        yield warning((*path, "options"), message)
    for index, option in enumerate(action.options):
        number = votes.number_of(option)
        if number not in (0, index + 1) and number <= len(action.options):
            message = f'"{option}" is option {index + 1}: who says {number} means another one'
            yield warning((*path, "options", index), message)


def _voters(subject: Subject, path: Path, step: Step, action: VoteAction) -> Iterator[Finding]:
    why = _nobody(subject, step, action.who)
    if why:
        yield warning((*path, "who"), f"nobody may vote: {why}")
    core = subject.pack.layers.core
    size = core.size if core is not None and action.who.layer == "core" else None
    if size is not None and action.quorum is not None and action.quorum > size:
        message = f"is never reached: the core group has {size} members at most"
        yield warning((*path, "quorum"), message)
    if action.secret and (action.quorum or votes.FEWEST_SECRET) < votes.FEWEST_SECRET:
        message = f"counts for nothing: a secret vote needs {votes.FEWEST_SECRET} ballots anyway"
        yield warning((*path, "quorum"), message)


def _nobody(subject: Subject, step: Step, who: Conditions) -> str:
    """Say why nobody in the step's groups can be meant; nothing where somebody may be."""
    found = cases(who, subject.meaning)
    if found is None:
        return ""
    if not found:
        return "these conditions contradict each other"
    told = check_never.ranks(subject, found) or check_never.where(subject, step, found)
    return told.partition(": ")[2]


def odd_signups(subject: Subject) -> Iterator[Finding]:
    """Find who comes first for ever or for nothing, and events before their own sign-up."""
    for path, step, action in subject.actions:
        if isinstance(action, SignupAction):
            place = (*path, "signup")
            yield from _firsts(subject, place, step, action)
            yield from _places(place, action)
            yield from _event(subject, place, step, action)


def _firsts(subject: Subject, path: Path, step: Step, action: SignupAction) -> Iterator[Finding]:
    first = action.first
    if first is None:
        return
    why = _nobody(subject, step, Conditions(layer=first.layer))
    if why:
        yield warning((*path, "first", "layer"), f"nobody comes first: {why}")
    if action.for_ms is not None and first.for_ms >= action.for_ms:
        message = "never opens for the others: make it shorter than the sign-up's for"
        yield warning((*path, "first", "for"), message)
    if action.places is None:
        yield warning((*path, "first"), "does nothing without places: there is room for all")


def _places(path: Path, action: SignupAction) -> Iterator[Finding]:
    if action.waitlist and action.places is None:
        yield warning((*path, "waitlist"), "does nothing without places: nobody need wait")
    if action.places is not None and action.companions >= action.places:
        message = f"one member could take all {action.places} places: write less"
        yield warning((*path, "companions"), message)
    if action.checkin and action.at is None:
        message = "without at nobody is reminded, and who came is told a week after the sign-up"
        yield warning((*path, "checkin"), message)


def _event(subject: Subject, path: Path, step: Step, action: SignupAction) -> Iterator[Finding]:
    at = action.at
    if at is None:
        return
    if at.day is not None and subject.today is not None and at.day < subject.today:
        yield warning((*path, "at"), "this day is over: the sign-up is never opened")
    minute = minute_of(step)
    same_day = at.day is None and at.days == 0
    if isinstance(step.when, triggers.OneTime) and at.day is not None:
        same_day = at.day == step.when.date
        if at.day < step.when.date:
            yield warning((*path, "at"), "is before the sign-up: it is never opened")
    if same_day and minute is not None and at.minute <= minute:
        yield warning((*path, "at"), "is before the sign-up: it is never opened")


def open_when_it_comes_again(subject: Subject) -> Iterator[Finding]:
    """Find what still runs when its step comes again, so that it opens none then."""
    for path, step, action in subject.actions:
        length = _length(action)
        gap = _gap(subject, step) if length else None
        if gap is not None and length > gap:
            message = (
                f"still runs when the step comes again, after {format_duration(gap)}: "
                "that time none is opened"
            )
            yield warning((*path, action.UNDER, "for"), message)


def _length(action: object) -> int:
    if isinstance(action, VoteAction | CollectAction):
        return action.for_ms
    return action.for_ms or 0 if isinstance(action, SignupAction) else 0


def _gap(subject: Subject, step: Step) -> int | None:
    """Return the shortest time between two of the step's next occurrences, if there are any."""
    if not isinstance(step.when, triggers.WallTime | triggers.Cron | triggers.Festival):
        return None
    zone = localtime.parse_zone(subject.pack.timezone)
    start = localtime.local_midnight(subject.today or _SOME_DAY, zone)
    found = schedule.occurrences(
        step.when, zone, calendar_for(subject.pack.calendar), start, start + _AHEAD_MS
    )
    gaps = (later - earlier for earlier, later in pairwise(islice(found, _LOOKED_AT)))
    return min(gaps, default=None)
