"""Records as rows and back: one shape a kind, made once from its fields' types.

Tuples and mappings are JSON text in a row. Mappings need text keys; lists come back as tuples.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from operator import attrgetter
from typing import Any, Final, get_args, get_origin

from pydantic_core import from_json, to_json

from sop.frozen import filled
from sop.model import Record
from storage.tables import FIELDS, RECORDS, is_json

Thaw = Callable[[Any], Any]


@dataclass(frozen=True, slots=True)
class Shape:
    """How one kind of record becomes a row of its table, columns in the order of `names`."""

    kind: type[Record]
    names: tuple[str, ...]
    key_of: Callable[[Record], tuple[Any, ...]]
    row_of: Callable[[Record], tuple[Any, ...]]
    record_of: Callable[[Iterable[Any]], Any]


def _tuple_getter(names: tuple[str, ...]) -> Callable[[Any], tuple[Any, ...]]:
    getter = attrgetter(*names)
    if len(names) > 1:
        return getter
    return lambda record: (getter(record),)


def _row_of(
    names: tuple[str, ...], hints: Mapping[str, Any]
) -> Callable[[Record], tuple[Any, ...]]:
    getter = _tuple_getter(names)
    # Many of them are empty, which needs no encoder.
    places = [(names.index(name), _empty(hint)) for name, hint in hints.items() if is_json(hint)]
    if not places:
        return getter

    def row_of(record: Record) -> tuple[Any, ...]:
        row = list(getter(record))
        for place, empty in places:
            row[place] = to_json(row[place]).decode() if row[place] else empty
        return tuple(row)

    return row_of


def thawed(
    kind: type[Record], columns: tuple[str, ...], rows: Iterable[Any]
) -> Iterable[tuple[Any, ...]]:
    """Return rows of some columns with their values as a record would have them."""
    thaws = [_thaw(hint) if _is_stored_otherwise(hint) else None for hint in _hints(kind, columns)]
    if not any(thaws):
        return rows
    return (
        tuple([thaw(value) if thaw else value for thaw, value in zip(thaws, row, strict=True)])
        for row in rows
    )


def _hints(kind: type[Record], columns: tuple[str, ...]) -> Iterable[Any]:
    return (FIELDS[kind][name] for name in columns)


def _is_stored_otherwise(hint: Any) -> bool:
    return hint is bool or is_json(hint)


def _empty(hint: Any) -> str:
    return "[]" if get_origin(hint) is tuple else "{}"


def _record_of(
    kind: type[Record], names: tuple[str, ...], hints: Mapping[str, Any]
) -> Callable[[Iterable[Any]], Any]:
    thaws = [
        (names.index(name), _thaw(hint))
        for name, hint in hints.items()
        if hint is bool or is_json(hint)
    ]

    def record_of(row: Iterable[Any]) -> Any:
        values = list(row)
        for place, thaw in thaws:
            values[place] = thaw(values[place])
        return filled(kind, values)

    return record_of


def _thaw(hint: Any) -> Thaw:
    """Return what makes a field's value of a column's: text where the driver leaves it JSON."""
    if hint is bool:
        return bool
    inner = _frozen_as(hint)
    if get_origin(hint) is tuple:
        return lambda raw: () if raw == "[]" else inner(_loaded(raw))
    return lambda raw: {} if raw == "{}" else inner(_loaded(raw))


def _frozen_as(hint: Any) -> Thaw:
    """Return what makes a value of that type of what JSON has for it: lists become tuples."""
    if hint is Any:
        return _frozen
    if not is_json(hint):
        return _same
    item = get_args(hint)[1 if get_origin(hint) is not tuple else 0]
    inner = _frozen_as(item)
    if get_origin(hint) is not tuple:
        return _same if inner is _same else lambda value: _mapped(inner, value)
    return tuple if inner is _same else lambda value: tuple(map(inner, value))


def _same(value: Any) -> Any:
    return value


def _mapped(inner: Thaw, value: Mapping[str, Any]) -> dict[str, Any]:
    return dict(zip(value, map(inner, value.values()), strict=True))


def _loaded(raw: Any) -> Any:
    return from_json(raw) if raw.__class__ is str else raw


def _frozen(value: Any) -> Any:
    if value.__class__ is list:
        return tuple([_frozen(item) for item in value])
    if value.__class__ is dict:
        return {key: _frozen(item) for key, item in value.items()}
    return value


def _shape(kind: type[Record]) -> Shape:
    hints = FIELDS[kind]
    names = tuple(hints)
    return Shape(
        kind=kind,
        names=names,
        key_of=_tuple_getter(kind.KEY),
        row_of=_row_of(names, hints),
        record_of=_record_of(kind, names, hints),
    )


SHAPES: Final[Mapping[type[Record], Shape]] = {kind: _shape(kind) for kind in RECORDS}
