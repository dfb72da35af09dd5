"""The words a pack is written with: ids, texts, durations, dates, rates and references.

Every type here turns what YAML holds into a frozen value or raises a `ValueError` whose text
says what would be right. Numbers that stand where a text is wanted are refused, except in
lists of free words (`Word`), where they are taken as they were written.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Annotated, ClassVar, Final, TypeVar

from pydantic import AfterValidator, BeforeValidator, Field

from sop.fields.pack_part import problem
from sop.times import durations, localtime

T = TypeVar("T")

_ID: Final = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*", re.ASCII)
_DATE: Final = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_PERCENT: Final = re.compile(r"(\d{1,3}(?:\.\d{1,2})?)\s*%", re.ASCII)
_URL: Final = re.compile(r"https?://[^\s/?#]+[^\s]*", re.IGNORECASE)


def plain_text(value: object) -> object:
    """Return a number or boolean as the operator wrote it; anything else unchanged."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, (int, float)):
        return str(getattr(value, "written", value))
    return value


def listed(value: object) -> object:
    """Take a list as a tuple, and nothing as an empty one."""
    if value is None:
        return ()
    return tuple(value) if isinstance(value, list) else value


def one_or_many(value: object) -> object:
    """Take one thing for a list of one."""
    return listed(value) if isinstance(value, (list, tuple)) else (value,)


def mapped(value: object) -> object:
    """Take nothing for an empty mapping."""
    return {} if value is None else value


Items = Annotated[tuple[T, ...], BeforeValidator(listed)]
"""A list; one left empty in the file is an empty list."""

OneOrMany = Annotated[tuple[T, ...], BeforeValidator(one_or_many)]
"""A list, or one thing that stands for a list of one."""

OneOrMore = Annotated[tuple[T, ...], BeforeValidator(one_or_many), Field(min_length=1)]
"""The same, of which there must be one at least."""

K = TypeVar("K")
Table = Annotated[Mapping[K, T], BeforeValidator(mapped)]
"""A mapping with names of the operator's choice."""


def _id(value: str) -> str:
    if _ID.fullmatch(value):
        return value
    raise ValueError(f'"{value}" is not an id: use lower-case letters, digits and single hyphens')


def _not_blank(value: str) -> str:
    if value.strip():
        return value
    raise ValueError("must not be empty")


class TemplateText(str):
    """A text with `{{ … }}`; the check compiles every one of them."""

    __slots__ = ()


class FileName(str):
    """A file beside the pack; the check looks whether it is there."""

    __slots__ = ()


class Reference(str):
    """The name of something defined elsewhere in the pack; `kind` says of what."""

    __slots__ = ()
    kind: ClassVar[str] = ""


class BenefitRef(Reference):
    """An id under `benefits`."""

    kind = "benefit"


class LevelRef(Reference):
    """An id under `levels`."""

    kind = "level"


class PoolRef(Reference):
    """A name under `library`."""

    kind = "pool"


class StepRef(Reference):
    """An id under `steps`."""

    kind = "step"


class SegmentRef(Reference):
    """A name under `segments`."""

    kind = "segment"


class BadgeRef(Reference):
    """An id under `badges`."""

    kind = "badge"


class CollectRef(Reference):
    """The id of a `collect` or `challenge`, which defaults to its step's."""

    kind = "collection"


Id = Annotated[str, AfterValidator(_id)]
Text = Annotated[str, AfterValidator(_not_blank)]
Word = Annotated[str, BeforeValidator(plain_text), AfterValidator(_not_blank)]
Template = Annotated[str, AfterValidator(_not_blank), AfterValidator(TemplateText)]
BenefitId = Annotated[str, AfterValidator(BenefitRef)]
LevelId = Annotated[str, AfterValidator(LevelRef)]
PoolId = Annotated[str, AfterValidator(PoolRef)]
StepId = Annotated[str, AfterValidator(StepRef)]
SegmentId = Annotated[str, AfterValidator(SegmentRef)]
BadgeId = Annotated[str, AfterValidator(BadgeRef)]
CollectId = Annotated[str, AfterValidator(CollectRef)]

Whole = Annotated[int, Field(ge=0, le=1_000_000_000)]
Count = Annotated[int, Field(ge=1, le=1_000_000_000)]


def file_name(value: str) -> FileName:
    """Return the name of a file beside the pack; a `ValueError` for a path to elsewhere."""
    if not value.strip() or re.search(r"[\\/\x00]", value) or value.startswith("."):
        raise ValueError(f'"{value}" is not the name of a file beside the pack')
    return FileName(value)


def _url(value: str) -> str:
    if _URL.fullmatch(value):
        return value
    raise ValueError(f'"{value}" is not a web address: begin it with https://')


def _zone(value: str) -> str:
    localtime.parse_zone(value)
    return value


def parse_date(value: object) -> date:
    """Read `2027-02-06` as a date; a `ValueError` for everything else."""
    if isinstance(value, date):
        return value
    try:
        if isinstance(value, str) and _DATE.fullmatch(value):
            return date.fromisoformat(value)
    except ValueError:
        raise ValueError(f"{value} is not a day of the calendar") from None
    raise ValueError(f'"{value}" is not a date: write it as 2027-02-06')


def _percent(value: object) -> float:
    match = _PERCENT.fullmatch(value.strip()) if isinstance(value, str) else None
    if not match or not 0 <= float(match[1]) <= 100:  # noqa: PLR2004 - percent
        raise ValueError(f'"{value}" is not a share: write it as 60%')
    return float(match[1]) / 100


@dataclass(frozen=True, slots=True)
class Rate:
    """At most `count` within any `within_ms` (rolling); without `within_ms`: in a lifetime."""

    count: int
    within_ms: int | None = None


@dataclass(frozen=True, slots=True)
class DateRange:
    """The days from `first` to `last`, both included."""

    first: date
    last: date

    def __contains__(self, day: date) -> bool:
        return self.first <= day <= self.last


def _rate(value: object) -> Rate:
    count, within_ms = durations.parse_rate(value)
    return Rate(count, within_ms)


def _rate_or_lifetime(value: object) -> Rate:
    if isinstance(value, int) and not isinstance(value, bool) and value > 0:
        return Rate(int(value))
    return _rate(value)


def _range(value: object) -> DateRange:
    if not isinstance(value, str):
        raise problem('must be days, such as "2027-02-05..2027-02-12"')
    first, _, last = value.partition("..")
    days = DateRange(parse_date(first.strip()), parse_date(last.strip() or first.strip()))
    if days.last < days.first:
        raise ValueError(f"{days.last} is before {days.first}: the earlier day comes first")
    return days


File = Annotated[str, AfterValidator(file_name)]
Url = Annotated[str, AfterValidator(_url)]
ZoneName = Annotated[str, AfterValidator(_zone)]
DateText = Annotated[date, BeforeValidator(parse_date)]
Percent = Annotated[float, BeforeValidator(_percent)]
RateText = Annotated[Rate, BeforeValidator(_rate)]
RateOrLifetime = Annotated[Rate, BeforeValidator(_rate_or_lifetime)]
Days = Annotated[DateRange, BeforeValidator(_range)]
DurationMs = Annotated[int, BeforeValidator(durations.parse_duration)]
LastingMs = Annotated[DurationMs, Field(gt=0)]
TimeMinute = Annotated[int, BeforeValidator(durations.parse_time_of_day)]
SpanText = Annotated[durations.Span, BeforeValidator(durations.parse_span)]
CapText = Annotated[durations.Cap, BeforeValidator(durations.parse_cap)]
