"""From plain fields to an item of a pool, with every problem at its own line.

Names of fields are those of `pool_words.yaml`, in Chinese or English.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

from pydantic import ValidationError

from sop.pack.pack import Item
from sop.problems import Problem, path_text, suggestion
from sop.yaml import yaml_source
from sop.yaml.schema_problems import findings

_DATE: Final = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Found:
    """What one place of a pool's file holds: an item, or what is wrong there."""

    file: str
    line: int
    item: Item | None = None
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class _Words:
    """The packaged names of fields, each with the field it means."""

    fields: Mapping[str, str]
    passed_over: frozenset[str]
    several: frozenset[str]
    dates: frozenset[str]
    between: re.Pattern[str]


@cache
def _words() -> _Words:
    data: Any = yaml_source.load_packaged("pool_words.yaml")
    fields = {name: field for field, names in data["fields"].items() for name in names}
    return _Words(
        fields,
        frozenset(data["passed_over"]),
        frozenset(data["several"]),
        frozenset(data["dates"]),
        re.compile(data["between"]),
    )


def field_of(name: str) -> str:
    """Return the field that a column or key means, or an empty text."""
    return _words().fields.get(name.strip().casefold(), "")


def is_passed_over(name: str) -> bool:
    """Tell whether a column of that name is for people, and no part of an item."""
    return name.strip().casefold() in _words().passed_over


def unknown_field(name: str) -> tuple[str, str]:
    """Return what to say of a name that means no field, and what was probably meant."""
    near = suggestion(name.strip(), _words().fields)
    known = "" if near else f": known are {', '.join(dict.fromkeys(_words().fields.values()))}"
    return f'no item has "{name.strip()[:40]}"{known}', near


def problem(
    file: str, line: int, message: str, *, column: int = 1, path: str = "", near: str = ""
) -> Problem:
    """Return a problem in a pool's file."""
    return Problem(
        file=file, line=line, column=column, path=path, message=message, suggestion=near
    )


def made(file: str, line: int, fields: Mapping[str, object]) -> Found:
    """Return the item that the fields (named as in `Item`) make, or what is wrong with them."""
    given = {name: _plain(name, value) for name, value in fields.items()}
    given = {name: value for name, value in given.items() if value not in ("", None, [])}
    if not given:
        return Found(file, line, problems=(problem(file, line, "there is nothing in this item"),))
    try:
        return Found(file, line, Item.model_validate(given))
    except ValidationError as error:
        return Found(file, line, problems=tuple(_told(file, line, error)))


def _told(file: str, line: int, error: ValidationError) -> Iterator[Problem]:
    for each in findings(error):
        path = path_text(each.path)
        yield problem(file, line, each.message, path=path, near=each.suggestion)


def _plain(name: str, value: object) -> object:
    """Return a field's value as an item wants it: a list where it holds several, a real date."""
    words = _words()
    if not isinstance(value, str):
        return value
    said = value.strip()
    if name in words.dates:
        return _DATE.sub(lambda found: f"{found[1]}-{found[2]:0>2}-{found[3]:0>2}", said)
    if name in words.several:
        return [part.strip() for part in words.between.split(said) if part.strip()]
    return said
