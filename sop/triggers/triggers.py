"""Owns what can start a step: the value behind every form of `when`, and how it is written.

Minutes count from local midnight; when a time-driven trigger falls due is told by `schedule`.
"""

import datetime as dt
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal, get_args

from sop import suggestions
from sop.fields import pack_types
from sop.times import calendars, crons, days, durations, time_words
from sop.times.durations import shown
from sop.times.offsets import AT_ONCE, Offset, parse_offset

Moment = Literal["left", "level-up", "promoted", "demoted", "birthday"]
Mode = Literal["any", "all", "regex"]


@dataclass(frozen=True, slots=True, kw_only=True)
class WallTime:
    """Every day of that kind, at that local time."""

    time_minute: int
    days: days.Days


@dataclass(frozen=True, slots=True, kw_only=True)
class OneTime:
    """Once, on that local date."""

    date: dt.date
    minute: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Festival:
    """Every year on that festival, by its first name in `time_words.yaml`."""

    name: str
    minute: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Cron:
    """A checked expression, see `crons`."""

    expr: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AroundStart:
    """`days` after (below 0: before) the date `starts` that the binding gives the group."""

    days: int
    minute: int


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupCreated:
    """Once per group that the app made or its owner opened."""

    offset: Offset = AT_ONCE


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupAdopted:
    """Once per group that lived before the bot."""

    offset: Offset = AT_ONCE


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberJoined:
    """Once per membership."""

    offset: Offset = AT_ONCE


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberMoment:
    """Something that happens to a member, without an offset."""

    name: Moment


@dataclass(frozen=True, slots=True, kw_only=True)
class Says:
    """A member's message matches one word, all words, or (`regex`) one of the patterns."""

    words: tuple[str, ...]
    mode: Mode = "any"


@dataclass(frozen=True, slots=True, kw_only=True)
class Silence:
    """Nobody in the group spoke for that long, quiet hours not counted."""

    ms: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Inactive:
    """A member did not speak for that long."""

    ms: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Likes:
    """A message, entry or answer reached that many counted likes."""

    n: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LikesGiven:
    """A member gave `n` counted likes, to at least `distinct` people."""

    n: int
    distinct: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoreCrossed:
    """A member's score rose to `n` or above."""

    n: int


@dataclass(frozen=True, slots=True, kw_only=True)
class After:
    """`delay_ms` after each occurrence of another step was handed to delivery."""

    step: str
    delay_ms: int = 0


TimeTrigger = WallTime | OneTime | Festival | Cron | AroundStart
OffsetTrigger = GroupCreated | GroupAdopted | MemberJoined
MemberTrigger = MemberMoment | Inactive | Likes | LikesGiven | ScoreCrossed
Trigger = TimeTrigger | OffsetTrigger | MemberTrigger | Says | Silence | After

# Longer is no trigger; it also bounds the work of every pattern and suggestion.
_LONGEST_TEXT = 200

_OFFSETS: Mapping[str, type[OffsetTrigger]] = {
    "group.created": GroupCreated, "group.adopted": GroupAdopted, "member.joined": MemberJoined,
}  # fmt: skip
_MODES: Mapping[str, Mode] = {mode: mode for mode in get_args(Mode)}
_MOMENTS: Mapping[str, Moment] = {f"member.{name}": name for name in get_args(Moment)}
_EVENT_NAMES = (*_OFFSETS, *_MOMENTS, "start")

_EVENT = re.compile(r"([a-z]+[.][a-z-]+)(?: ?\+ ?(\S+)(?: at (\S+))?)?")
_AROUND = re.compile(r"start(?: ?([+-]) ?([0-9]{1,3})d)? at (\S+)")
_TIME_FIRST = re.compile(r"(?P<time>[0-9]+:[0-9]+)(?![0-9:]) ?(?P<when>.+)")
_TIME_LAST = re.compile(r"(?P<when>.+?) ?(?<![0-9:])(?P<time>[0-9]+:[0-9]+)")
_TIMES = re.compile(r"(?<![0-9:])[0-9]{1,2}:[0-9]{2}(?![0-9:])")
_NOT_AT_TIME = re.compile(r"[a-z]+[.]|.* at ")
_STEP_ID = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_EXAMPLES = 'write "08:00 daily", "20:00 wed", group.created or member.joined + 1d at 10:00'


def parse_trigger(value: object) -> Trigger:
    """Read a step's `when`: a text or a mapping, in English or Chinese.

    `ValueError` says in one sentence what is wrong and what would be right.
    """
    if isinstance(value, Mapping):
        return _from_mapping(value)
    if not isinstance(value, str) or len(value) > _LONGEST_TEXT:
        raise ValueError(f"{shown(value)} is not a trigger: {_EXAMPLES}")
    text = time_words.canonical(value)
    if len(_TIMES.findall(text)) > 1:
        raise ValueError(f"{shown(value)} has several times of day: make a step for each")
    for read in (_around_start, _event, _at_time):
        trigger = read(text)
        if trigger is not None:
            return trigger
    raise ValueError(f"{shown(value)} is not a trigger: {_hint(text)}")


def _around_start(text: str) -> Trigger | None:
    if not re.match(r"start\b", text):
        return None
    match = _AROUND.fullmatch(text)
    if match is None:
        raise ValueError(
            f"{shown(text)} is not a day around the start: write start - 1d at 20:00, "
            "start at 08:00 or start + 3d at 08:00"
        )
    away = int(match[2] or 0)
    minute = durations.parse_time_of_day(match[3])
    return AroundStart(days=-away if match[1] == "-" else away, minute=minute)


def _event(text: str) -> Trigger | None:
    match = _EVENT.fullmatch(text)
    if match is None:
        return None
    name, delay, at = match.groups()
    if name in _OFFSETS:
        return _OFFSETS[name](offset=parse_offset(delay, at))
    if name in _MOMENTS and delay:
        raise ValueError(f"{name} takes no offset: write {name} alone")
    return MemberMoment(name=_MOMENTS[name]) if name in _MOMENTS else None


def _at_time(text: str) -> Trigger | None:
    match = _TIME_FIRST.fullmatch(text) or _TIME_LAST.fullmatch(text)
    if match is None or _NOT_AT_TIME.match(text):
        return None

    minute, when = durations.parse_time_of_day(match["time"]), match["when"]
    if when[:4].isdigit():
        return OneTime(date=pack_types.parse_date(when), minute=minute)
    if when.startswith("festival ") or (not days.are_days(when) and calendars.is_festival(when)):
        name = calendars.parse_festival(when.removeprefix("festival "))
        return Festival(name=name, minute=minute)
    return WallTime(time_minute=minute, days=days.parse_days(when))


def _hint(text: str) -> str:
    if days.are_days(text) or calendars.is_festival(text):
        return f'a time of day is missing, write "08:00 {text}"'
    return suggestions.did_you_mean(text.split(" ", 1)[0], _EVENT_NAMES, _EXAMPLES)


def _from_mapping(value: Mapping[object, object]) -> Trigger:
    kinds = [str(key) for key in value if key in FORMS]
    if len(kinds) > 1:
        raise ValueError(f"a trigger is one thing, not {' and '.join(kinds)}: keep one of them")

    known = (kinds[0], *FORMS[kinds[0]][1]) if kinds else tuple(FORMS)
    for key in value:
        if key not in known:
            hint = suggestions.did_you_mean(str(key), known, f"known are {', '.join(known)}")
            raise ValueError(f"{shown(key)} does not belong to a trigger here: {hint}")
    if not kinds:
        raise ValueError(f"the trigger is empty: {_EXAMPLES}")
    return FORMS[kinds[0]][0](value)


def _says(value: Mapping[object, object]) -> Says:
    said = value["says"]
    words = [pack_types.plain_text(word) for word in (said if isinstance(said, list) else [said])]
    if not words or not all(isinstance(word, str) and word.strip() for word in words):
        raise ValueError("says needs at least one word, like {says: [price, how much]}")
    mode = value.get("mode", "any")
    if not isinstance(mode, str) or mode not in _MODES:
        raise ValueError(f"{shown(mode)} is not a mode: write any, all or regex")
    return Says(words=tuple(map(str, words)), mode=_MODES[mode])


def _likes_given(value: Mapping[object, object]) -> LikesGiven:
    n, distinct = _count(value, "likes_given"), _count(value, "distinct", 1)
    if distinct > n:
        raise ValueError(f"{n} likes cannot reach {distinct} people: lower distinct to {n}")
    return LikesGiven(n=n, distinct=distinct)


def _after(value: Mapping[object, object]) -> After:
    step = value["after"]
    if not isinstance(step, str) or not _STEP_ID.fullmatch(step):
        raise ValueError(
            f"{shown(step)} is not the id of a step: write it like {{after: morning}}"
        )
    return After(step=step, delay_ms=durations.parse_duration(value.get("delay", "0s")))


def _length(value: Mapping[object, object], key: str, least: int = 1) -> int:
    length = durations.parse_duration(value[key])
    if length < least:
        raise ValueError(f"{key} needs more time to pass: write it like {{{key}: 24h}}")
    return length


def _count(value: Mapping[object, object], key: str, default: int | None = None) -> int:
    count: Any = value.get(key, default)
    whole = isinstance(count, int) and not isinstance(count, bool)
    if not whole or not 1 <= count <= durations.LARGEST_COUNT:
        raise ValueError(f"{key} must be a whole number from 1 on, like {{{key}: 20}}")
    return int(count)


_Form = tuple[Callable[[Mapping[object, object]], Trigger], tuple[str, ...]]
# The key that says which trigger it is: how to read it, and the keys that may stand beside.
FORMS: Mapping[str, _Form] = {
    "cron": (lambda value: Cron(expr=crons.parse_cron(value["cron"])), ()),
    "says": (_says, ("mode",)),
    "silence": (lambda value: Silence(ms=_length(value, "silence")), ()),
    # Members are looked for ahead, a minute at least.
    "inactive": (lambda value: Inactive(ms=_length(value, "inactive", durations.MINUTE_MS)), ()),
    "likes": (lambda value: Likes(n=_count(value, "likes")), ()),
    "likes_given": (_likes_given, ("distinct",)),
    "score": (lambda value: ScoreCrossed(n=_count(value, "score")), ()),
    "after": (_after, ("delay",)),
}
