"""Checks of challenges: words that mean something else, days that cannot be, rights to nothing."""

from collections.abc import Iterator, Mapping
from datetime import timedelta
from itertools import islice, pairwise
from typing import Final
from zoneinfo import ZoneInfo

from sop.activities import challenges, commands
from sop.checks.check_subject import Subject, warning
from sop.fields.pack_types import Rate
from sop.pack.pack_actions import GameAction, QuestionsAction, ShareDayAction
from sop.pack.pack_campaigns import ChallengeAction
from sop.pack.pack_steps import ACTIONS, Step
from sop.problems import Path, suggestion
from sop.times import localtime
from sop.times.calendars import calendar_for
from sop.triggers import schedule, triggers
from sop.yaml.schema_problems import Finding

_LOOKED_AT: Final = 13
"""Occurrences of a step among which two that follow too soon are looked for."""

_TIMED: Final = (triggers.WallTime, triggers.Festival, triggers.Cron)

_OPENED: Final = (QuestionsAction, ShareDayAction, GameAction, ChallengeAction)
"""What leaders can open by hand, see `handlers.steps.slot_commands`."""


def odd_challenges(subject: Subject) -> Iterator[Finding]:
    """Find days that cannot be, teams of one, and a daily word that is another command's."""
    words = commands.words_for(subject.pack.commands)
    for path, _, action in subject.actions:
        if isinstance(action, ChallengeAction):
            yield from _odd((*path, "challenge"), action, words)


def _odd(path: Path, action: ChallengeAction, words: commands.Words) -> Iterator[Finding]:
    if action.grace >= action.days:
        message = f"every day could be made up: write less than {action.days}"
        yield warning((*path, "grace"), message)
    if action.team == 1:
        yield warning((*path, "team"), "a team of one is none: write 2 or more, or nothing")
    if len(action.daily) > commands.LONGEST_WORD:
        message = f"is longer than {commands.LONGEST_WORD} characters: it is never understood"
        yield warning((*path, "daily"), message)
    said = commands.parse_command(action.daily, words)
    if said is not None and said.name != "checkin":
        message = f'"{action.daily}" is a word of the command {said.name}: a day is told by 打卡'
        yield warning((*path, "daily"), message)


def begun_too_soon(subject: Subject) -> Iterator[Finding]:
    """Find steps that come again while the challenge they began still runs: it is left out."""
    for path, step in subject.placed:
        days = max((each.days for each in challenges.actions_of(step)), default=0)
        gap = _shortest_gap(subject, step) if days else None
        if gap is not None and gap.days < days:
            message = (
                f"comes again after {gap.days} days, while the challenge of {days} days still"
                " runs: it does not begin anew then"
            )
            yield warning((*path, "when"), message)


def _shortest_gap(subject: Subject, step: Step) -> timedelta | None:
    """Return after how many days the step comes again at the soonest, as far as is known."""
    if not isinstance(step.when, _TIMED) or subject.today is None:
        return None
    zone = ZoneInfo(subject.pack.timezone)
    calendar = calendar_for(subject.pack.calendar)
    start = localtime.local_midnight(subject.today, zone)
    found = schedule.occurrences(step.when, zone, calendar, start, schedule.FOREVER)
    dates = [localtime.local_date(at, zone) for at in islice(found, _LOOKED_AT)]
    return min((later - earlier for earlier, later in pairwise(dates)), default=None)


def idle_rights(subject: Subject) -> Iterator[Finding]:
    """Find rights of leaders to open what is none of the actions, or what no step opens."""
    leaders = subject.pack.leaders
    if leaders is None:
        return
    there = {type(action) for _, _, action in subject.actions}
    tables: list[tuple[Path, Mapping[str, Rate]]] = [(("leaders", "may"), leaders.may)]
    tables += [
        (("leaders", "tiers", index, "may"), tier.may) for index, tier in enumerate(leaders.tiers)
    ]
    for path, rights in tables:
        for name in rights:
            kind = ACTIONS.get(name)
            if kind is None:
                near = suggestion(name, ACTIONS)
                yield warning((*path, name), f'"{name}" is no action that could be opened', near)
            elif kind in _OPENED and kind not in there:
                yield warning((*path, name), f"no step has a {name}: there is nothing to open")
