"""What a line of a script may name: its events, the fields of each, and what these can hold."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from sop.links.short_links import PLATFORMS

NEEDED: Final[Mapping[str, tuple[str, ...]]] = {
    "message": ("from", "text"),
    "group.created": ("group",),
    "group.adopted": ("group",),
    "member.joined": ("group", "member"),
    "member.left": ("group", "member"),
    "member.paid": ("member", "value"),
    "member.birthday": ("member", "date"),
    "role": ("member", "role"),
    "like": ("group", "member", "of"),
    "accept": ("group", "member", "of"),
    "redeem": ("group", "member", "benefit"),
    "apply": ("group", "member"),
    "vote": ("group", "member", "choice"),
    "share": ("group", "member", "text"),
    "entry": ("group", "member", "text"),
    "relay": ("group", "by", "text"),
    "click": ("link", "from"),
    "orders": ("lines",),
    "press": ("from", "button"),
    "approve": ("group", "task", "by"),
    "reject": ("group", "task", "by"),
    "done": ("group", "task", "by"),
    "take": ("group", "task", "by"),
    "down": ("for",),
}
"""The events a script may name, and the fields each cannot do without."""

NAMES: Final = frozenset({"group", "from", "member", "by", "task", "link"})
"""Needed fields that name somebody or something: empty is as good as missing."""

LISTS: Final = frozenset({"mentions", "members", "staff", "lines"})
TABLES: Final = frozenset({"names"})
PLAIN: Final = frozenset({name for needed in NEEDED.values() for name in needed}) - LISTS | {
    "id", "quote", "name", "owner", "collect", "choice", "benefit", "about", "step",
}  # fmt: skip
"""Fields that hold one text, number or truth value."""

ROLES: Final = ("member", "leader", "staff", "owner")

LEAP_YEAR: Final = 2000
"""A year that has every day a birthday can be on."""


def complaint(fields: Mapping[str, Any], needed: Iterable[str]) -> str:
    """Say what is missing or cannot be used; nothing where all is well."""
    missing = [
        name
        for name in needed
        if name not in fields or (name in NAMES and not str(fields[name]).strip())
    ]
    if missing:
        return f"lacks {', '.join(missing)}"
    for name, value in fields.items():
        shape = _shape(name)
        if shape is not None and not shape.fits(value):
            return f"{name} must be {shape.sentence}, not {value!r:.60}"
    return ""


@dataclass(frozen=True, slots=True)
class _Shape:
    sentence: str
    fits: Callable[[Any], bool]


def _plain(value: object) -> bool:
    return isinstance(value, str | int | float)


def _day(value: object) -> bool:
    """Tell whether it is a day of the year, or a date: 03-12, 1990-03-12."""
    written = str(value)
    whole = f"{LEAP_YEAR}-{written}" if len(written) == len("03-12") else written
    try:
        return date.fromisoformat(whole).isoformat() == whole
    except ValueError:
        return False


_SHAPES: Final[Mapping[frozenset[str], _Shape]] = {
    frozenset({"role"}): _Shape(f"one of {', '.join(ROLES)}", lambda value: value in ROLES),
    frozenset({"platform"}): _Shape(
        f"one of {', '.join(PLATFORMS)}", lambda value: value in PLATFORMS
    ),
    frozenset({"bot"}): _Shape("true or false", lambda value: isinstance(value, bool)),
    frozenset({"date"}): _Shape("a day such as 03-12 or 1990-03-12", _day),
    PLAIN: _Shape("one text", _plain),
    LISTS: _Shape(
        "a list of texts", lambda value: isinstance(value, list) and all(map(_plain, value))
    ),
    TABLES: _Shape(
        "a mapping of texts",
        lambda value: isinstance(value, dict) and all(map(_plain, value.values())),
    ),
}


def _shape(name: str) -> _Shape | None:
    return next((shape for names, shape in _SHAPES.items() if name in names), None)
