"""JSON Schema of a step's `when`: texts of many forms, and mappings with one key that decides."""

from typing import Any, Final, get_args

from sop.fields import pack_types
from sop.schema import format_words
from sop.schema.schema_types import KNOWN, Schema
from sop.triggers import triggers

TITLE: Final = "trigger"

_WORDS: Final[Schema] = {"type": ["string", "number", "boolean"], "pattern": r"\S"}
_COUNT: Final[Schema] = {"type": "integer", "minimum": 1, "maximum": 1_000_000}
_EXAMPLES: Final = (
    "08:00 daily",
    "08:30 workdays",
    "10:00 holidays",
    "20:00 wed",
    "20:00 mon,thu",
    "10:00 day 1",
    "10:00 last day",
    "2027-02-06 09:00",
    "group.created",
    "group.created + 2h",
    "group.created + 3d at 09:00",
    "group.adopted",
    "member.joined",
    "member.joined + 1d at 10:00",
    "member.left",
    "member.level-up",
    "member.promoted",
    "member.demoted",
    "member.birthday",
    "start - 1d at 20:00",
    "start at 08:00",
    "start + 3d at 08:00",
)


def schema() -> Schema:
    """Return the schema of every form of a trigger.

    A text is told by its sign: a time has a colon, an event a point, and Chinese needs neither.
    """
    text = {"type": "string", "maxLength": 200, "pattern": "[:.]|[^ -~]"}
    return {
        "title": TITLE,
        "anyOf": [
            {"enum": [*_EXAMPLES, *format_words.examples("when")]},
            text,
            *(_mapping(key) for key in triggers.FORMS),
        ],
    }


def _mapping(key: str) -> Schema:
    names = (key, *triggers.FORMS[key][1])
    return {
        "type": "object",
        "properties": {name: _KEYS[name] for name in names},
        "required": [key],
        "additionalProperties": False,
    }


def _of(alias: Any) -> Schema:
    return next(schema for known, schema in KNOWN if known == alias)


_KEYS: Final[dict[str, Schema]] = {
    "cron": {"type": "string", "examples": ["0 8 * * 1-5"]},
    "says": {"anyOf": [_WORDS, {"type": "array", "items": _WORDS, "minItems": 1}]},
    "mode": {"enum": list(get_args(triggers.Mode))},
    "silence": _of(pack_types.DurationMs),
    "inactive": _of(pack_types.DurationMs),
    "likes": _COUNT,
    "likes_given": _COUNT,
    "distinct": _COUNT,
    "score": _COUNT,
    "after": _of(pack_types.StepId),
    "delay": _of(pack_types.DurationMs),
}
