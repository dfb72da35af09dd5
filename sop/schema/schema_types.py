"""JSON Schema of the words a pack is written with, such as durations, rates and references.

A reader of a pack (a validator of the models) takes more forms than its type tells: each has
its entry here, and a new one without an entry is refused when the schema is made.
"""

from collections.abc import Callable, Mapping
from typing import Any, Final, get_args

from sop.fields import comparison, pack_types
from sop.fields.pool_paths import PoolPath
from sop.links import link_targets
from sop.pack.pack import calendar_name, items_alone, text_item
from sop.pack.pack_actions import first_replies, texts_alone
from sop.pack.pack_campaigns import Event, voters
from sop.pack.pack_conditions import Layer, Role
from sop.pack.pack_links import Target, url_alone
from sop.pack.pack_people import of_hearable
from sop.pack.pack_steps import batch_alone, pool_alone

Schema = dict[str, Any]

_ENDS: Final = r"^\s*{}\s*$"
_UNITS: Final = "".join(f"([0-9]{{1,9}}[{one}{one.upper()}])?" for one in "wdhms")
_DURATION: Final = f"(?=[0-9]){_UNITS}"
_CLOCK: Final = r"([01]?[0-9]|2[0-3]):[0-5][0-9]"
_DATE: Final = r"[0-9]{4}-[0-9]{2}-[0-9]{2}"
_COUNT: Final = r"[0-9]{1,7}\s*/\s*"
_OP: Final = r"(>=|<=|==|!=|>|<)\s*"
_IN: Final = rf"(\s+in\s+{_DURATION})?"


def worded(pattern: str, *examples: str, says: str) -> Schema:
    """Return the schema of a text of that form, blanks around it allowed."""
    return {
        "type": "string", "pattern": _ENDS.format(pattern), "examples": list(examples),
        "description": says,
    }  # fmt: skip


_NOT_BLANK: Final[Schema] = {"type": "string", "pattern": r"\S"}
_WORD: Final[Schema] = {"type": ["string", "number", "boolean"], "pattern": r"\S"}
_ID: Final[Schema] = {"type": "string", "pattern": "^[a-z0-9]+(-[a-z0-9]+)*$"}
_WEB: Final[Schema] = {"type": "string", "pattern": r"^[hH][tT][tT][pP][sS]?://[^\s/?#]"}
_NUMBER: Final = r"-?[0-9]{1,9}(\.[0-9]{1,6})?"

KNOWN: Final[tuple[tuple[Any, Schema], ...]] = (
    (pack_types.Id, _ID),
    (pack_types.Text, _NOT_BLANK),
    (pack_types.Word, _WORD),
    (pack_types.Template, {**_NOT_BLANK, "maxLength": 20_000}),
    (pack_types.BenefitId, {"type": "string", "description": "benefits[].id"}),
    (pack_types.LevelId, {"type": "string", "description": "levels[].id"}),
    (pack_types.PoolId, {"type": "string", "description": "library"}),
    (pack_types.StepId, {"type": "string", "description": "steps[].id"}),
    (pack_types.SegmentId, {"type": "string", "description": "segments"}),
    (pack_types.BadgeId, {"type": "string", "description": "badges[].id"}),
    (pack_types.CollectId, {"type": "string", "description": "collect.id"}),
    (
        PoolPath,
        {"type": "string", "pattern": r"\S", "description": "a file or folder beside the pack"},
    ),
    (pack_types.File, {"type": "string", "pattern": r"^[^.\\/][^\\/]*$"}),
    (pack_types.Url, _WEB),
    (Target, {**_WEB, "maxLength": link_targets.LONGEST}),
    (
        pack_types.ZoneName,
        {"type": "string", "pattern": r"\S", "examples": ["Asia/Shanghai", "UTC"]},
    ),
    (pack_types.DateText, worded(_DATE, "2027-02-06", says="a date")),
    (
        pack_types.Days,
        worded(rf"{_DATE}\s*(\.\.\s*({_DATE})?)?", "2027-02-05..2027-02-12", says="a day or days"),
    ),
    (
        pack_types.DurationMs,
        worded(_DURATION, "30m", "1h30m", "7d", says="a length of time: w, d, h, m, s"),
    ),
    (pack_types.TimeMinute, worded(_CLOCK, "08:30", says="a time of day")),
    (
        pack_types.SpanText,
        worded(rf"{_CLOCK}\s*-\s*({_CLOCK}|24:00)", "22:30-07:30", says="a span of the day"),
    ),
    (
        pack_types.RateText,
        worded(rf"{_COUNT}{_DURATION}", "1/7d", says="so many in a rolling length of time"),
    ),
    (
        pack_types.RateOrLifetime,
        {
            "anyOf": [
                {"type": "integer", "minimum": 1},
                worded(rf"{_COUNT}{_DURATION}", "1/30d", says="so many in a rolling time"),
            ]
        },
    ),
    (
        pack_types.CapText,
        worded(
            rf"{_COUNT}([dD][aA][yY]|[wW][eE][eE][kK])", "10/day", says="so many a day or week"
        ),
    ),
    (
        Event,
        worded(
            rf"({_DATE}|\+?\s*[0-9]{{1,3}}[dD]\s+[aA][tT])\s+{_CLOCK}",
            "2027-03-20 14:00",
            "5d at 14:00",
            says="when an event begins: a date, or days after its sign-up opened",
        ),
    ),
    (pack_types.Percent, worded(r"[0-9]{1,3}(\.[0-9]{1,2})?\s*%", "60%", says="a share")),
    (
        comparison.Compared,
        worded(_OP + _NUMBER + _IN, ">= 3 in 14d", "== 0 in 30d", says="a count, in a time"),
    ),
    (comparison.ComparedNow, worded(_OP + _NUMBER, ">= 30", says="compared with a number")),
    (comparison.ComparedTime, worded(_OP + _DURATION, "< 7d", says="compared with a time")),
    (
        comparison.ComparedShare,
        worded(rf"{_OP}{_NUMBER}%", ">= 60%", says="compared with a share"),
    ),
)
"""Types of the models that are written as one word, and the schema of that word."""

_HEARABLE: Final = worded(
    r"[0-9]{1,3}(\.[0-9]{1,2})?\s*%(\s*of hearable)?", "10% of hearable", says="a share"
)
_FIRST: Final = worded(r"first [0-9]+", "first 3", says="how many replies are acknowledged")


Keys = Callable[[str], Schema]
"""Gives the schema of a key of the model that a short form stands for."""

Short = Callable[[Schema, Keys], Schema]


def _or(*others: Schema) -> Short:
    return lambda own, _keys: {"anyOf": [*others, own]}


def _instead(schema: Schema) -> Short:
    return lambda _own, _keys: schema


def _or_key(*names: str) -> Short:
    """Return a form that is the mapping, or what one of its keys would hold."""
    return lambda own, keys: {"anyOf": [*map(keys, names), own]}


SHORT_FORMS: Final[Mapping[Any, Short]] = {
    calendar_name: _or_key("base"),
    text_item: _or(_WORD),
    items_alone: _or_key("from", "items"),
    texts_alone: _or_key("texts"),
    first_replies: _instead(_FIRST),
    of_hearable: _instead(_HEARABLE),
    voters: _or({"enum": ["all", *get_args(Layer), *get_args(Role)]}),
    batch_alone: _or_key("for"),
    pool_alone: _or_key("pool"),
    url_alone: _or_key("url"),
}
"""What else may stand where a model is wanted, by the reader that makes the model of it."""
