"""Comparisons such as `">= 8 in 30d"`: parsed once, held against a number whenever needed."""

import operator
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Final, Literal

from pydantic import BeforeValidator

from sop.times import durations

Op = Literal[">=", "<=", "==", "!=", ">", "<"]
Unit = Literal["number", "count", "duration", "percent"]

_HOLDS: Final[Mapping[str, Callable[[Any, Any], bool]]] = {
    ">=": operator.ge,
    "<=": operator.le,
    "==": operator.eq,
    "!=": operator.ne,
    ">": operator.gt,
    "<": operator.lt,
}
_FORM: Final = re.compile(r"(>=|<=|==|!=|>|<)\s*(\S+?)(?:\s+in\s+(\S+))?", re.ASCII)
_NUMBER: Final = re.compile(r"-?\d{1,9}(?:\.\d{1,6})?", re.ASCII)
_EXAMPLES: Final[Mapping[Unit, str]] = {
    "number": '">= 30"',
    "count": '">= 3 in 14d"',
    "duration": '"> 14d"',
    "percent": '">= 60%"',
}


@dataclass(frozen=True, slots=True)
class Comparison:
    """`op value`, counted within the last `within_ms` or (None) over all there is.

    `value` is a plain number, milliseconds or a fraction of one, as the condition wants.
    """

    op: Op
    value: float
    within_ms: int | None = None

    def holds(self, number: float) -> bool:
        """Whether `number op value`."""
        return _HOLDS[self.op](number, self.value)


def parse_comparison(value: object, unit: Unit = "count") -> Comparison:
    """Read `">= 30"`, `">= 8 in 30d"`, `"< 7d"`, `">= 60%"`; a `ValueError` says what is wrong."""
    match = _FORM.fullmatch(value.strip()) if isinstance(value, str) else None
    if not match:
        written = getattr(value, "written", value)
        raise ValueError(
            f'"{written}" is not a comparison: write it with a sign, such as {_EXAMPLES[unit]}'
        )
    op: Any = match[1]
    within = durations.parse_duration(match[3]) if match[3] else None
    return Comparison(op, _value(match[2], unit), within)


def _value(text: str, unit: Unit) -> float:
    if unit == "duration":
        return durations.parse_duration(text)
    digits = text.removesuffix("%") if unit == "percent" else text
    if not _NUMBER.fullmatch(digits) or (unit == "percent" and digits == text):
        raise ValueError(f'"{text}" cannot be compared with: write {_EXAMPLES[unit]}')
    number = float(digits)
    if unit == "percent":
        return number / 100
    return int(number) if number.is_integer() else number


def _unwindowed(value: object, unit: Unit) -> Comparison:
    comparison = parse_comparison(value, unit)
    if comparison.within_ms is not None:
        raise ValueError(f'"{value}": this has no "in …": write {_EXAMPLES[unit]}')
    return comparison


Compared = Annotated[Comparison, BeforeValidator(parse_comparison)]
"""A count, optionally within a window: `">= 8 in 30d"`."""

ComparedNow = Annotated[Comparison, BeforeValidator(lambda value: _unwindowed(value, "number"))]
"""A standing that has no window of its own: `">= 30"`."""

ComparedTime = Annotated[Comparison, BeforeValidator(lambda value: _unwindowed(value, "duration"))]
"""A length of time, in ms: `"> 14d"`."""

ComparedShare = Annotated[Comparison, BeforeValidator(lambda value: _unwindowed(value, "percent"))]
"""A share, as a fraction of one: `">= 60%"`."""
