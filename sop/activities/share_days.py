"""Owns how a share day is filled and paced: who is asked first, until when, and who speaks when.

Pure functions; instants are ms UTC.
"""

import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from typing import Any, Final, Literal
from zoneinfo import ZoneInfo

from sop.text import normalise
from sop.times import localtime, quiet
from sop.times.durations import DAY_MS, HOUR_MS, MINUTE_MS, Span
from sop.yaml import yaml_source

Answer = Literal["yes", "no", "another", ""]

LAST_CALL_MS: Final = HOUR_MS
"""How long before the beginning nobody new is asked: people need to get ready."""

SHORTEST_MS: Final = 30 * MINUTE_MS
LONGEST_MS: Final = DAY_MS
"""Waking time somebody has to answer, at the least and at the most."""

SHARE_OF_WAIT: Final = 4
"""Of the time that is left, one part in so many goes to each person who is asked."""

PATIENCE: Final = 2
"""Invitations in a row after which who answered none of them is left in peace for a while."""

REST_MS: Final = 28 * DAY_MS
"""How long that is, from the last invitation on: a share day every week is missed three times."""

NIGHT: Final = Span(start_minute=22 * 60, end_minute=8 * 60)
"""When nobody is asked whose pack has no quiet hours: the bot chooses these moments itself."""

EVENING: Final = 20 * 60
"""Minute of the day at which speakers are reminded, the day before."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """Somebody who may be asked: how often they have shared, and how they stand."""

    person: int
    shares: int
    score: int
    joined_at: int


def ranked(candidates: Iterable[Candidate], by: Literal["share", "score"]) -> tuple[int, ...]:
    """Return the persons in the order they are asked in; who has given nothing yet is left out.

    By shares, then score; or by score, then shares. Who has been there longer goes first of two.
    """
    experienced = [each for each in candidates if each.shares > 0 or each.score > 0]

    def place(each: Candidate) -> tuple[int, int, int, int]:
        first, second = (each.shares, each.score)
        if by == "score":
            first, second = second, first
        return -first, -second, each.joined_at, each.person

    return tuple(each.person for each in sorted(experienced, key=place))


def answer_by(now: int, starts_at: int, hours: Span | None, zone: ZoneInfo) -> int:
    """Return until when somebody asked now may answer; 0 where it is too late to ask anybody.

    A part of the time that is left, counted without quiet hours (without `NIGHT`, where there
    are none), so that others can be asked.
    """
    last = starts_at - LAST_CALL_MS
    if last <= now:
        return 0
    wait = min(max((starts_at - now) // SHARE_OF_WAIT, SHORTEST_MS), LONGEST_MS)
    night = hours or NIGHT
    due = quiet.waking_deadline(now, wait, night, zone)
    after = localtime.quarter_after(due)
    near = (after, after - localtime.QUARTER_MS)
    return min(next((each for each in near if not quiet.is_quiet(night, each, zone)), due), last)


def rests(unanswered: int, asked_at: int, now: int) -> bool:
    """Tell whether somebody is to be left in peace who answered none of the last invitations."""
    return unanswered >= PATIENCE and now - asked_at < REST_MS


def evening_before(starts_at: int, zone: ZoneInfo) -> int:
    """Return the instant at which speakers are reminded."""
    day = localtime.local_date(starts_at, zone) - timedelta(days=1)
    return localtime.instant(day, EVENING, zone)


def turns(opened_at: int, closes_at: int, speakers: int) -> tuple[int, ...]:
    """Return when each speaker's time is over, one after the other; the rest is for questions.

    Empty where nobody speaks. All lie strictly between opening and closing if there is room.
    """
    if not speakers:
        return ()
    each = (closes_at - opened_at) // (speakers + 1)
    return tuple(opened_at + each * number for number in range(1, speakers + 1))


def answer_of(said: str) -> Answer:
    """Return what a private message answers to an invitation; nothing where it is other talk.

    A no holds whatever is said after it; a yes only where nothing else is said.
    """
    words, clauses = _words(), _clauses(said)
    whole = "".join(clauses)
    for answer in ("yes", "no"):
        if whole in words[answer]:
            return answer
    said_so = [each for each in clauses if each not in words["polite"]]
    another = [each.startswith(tuple(words["another"])) for each in said_so]
    if not said_so or ("?" in normalise(said) and not another[0]):
        return ""
    declines = said_so[0] in words["no"]
    if another[0] or (declines and any(another)):
        return "another"
    if declines:
        return "no"
    return "yes" if all(each in words["yes"] for each in said_so) else ""


def _clauses(said: str) -> list[str]:
    """Return what stands between signs and blanks."""
    return "".join(
        " " if unicodedata.category(sign)[0] in "PSZ" else sign for sign in normalise(said)
    ).split()


@cache
def _words() -> Mapping[Literal["yes", "no", "another", "polite"], tuple[str, ...]]:
    data: Any = yaml_source.load_packaged("share_days.yaml")
    return {name: tuple(words) for name, words in data.items()}
