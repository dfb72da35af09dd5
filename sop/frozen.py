"""Changing a frozen value: a copy with some fields otherwise, at a fraction of the usual cost."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields, is_dataclass
from functools import cache
from operator import attrgetter
from typing import Any, NamedTuple, TypeVar

T = TypeVar("T")


class _Parts(NamedTuple):
    read: Callable[[Any], tuple[Any, ...]]
    setters: tuple[Callable[[Any, Any], None], ...]
    places: Mapping[str, int]


def replace(value: T, /, **changes: object) -> T:
    """Return a copy of a frozen dataclass with slots, in which the named fields are changed.

    As `dataclasses.replace`, which reads and checks every field in Python; a wide record is
    changed half a dozen times for every message. TypeError for a field it does not have.
    """
    kind: Any = type(value)
    parts = _parts(kind)
    values = list(parts.read(value))
    for name, new in changes.items():
        place = parts.places.get(name)
        if place is None:
            raise TypeError(f"{kind.__name__} has no field {name!r}")
        values[place] = new
    made: T = filled(kind, values)
    return made


def filled(kind: Any, values: Sequence[Any]) -> Any:
    """Return a frozen dataclass with slots made of all its fields' values, in their order."""
    made = object.__new__(kind)
    for set_field, new in zip(_parts(kind).setters, values, strict=True):
        set_field(made, new)
    return made


@cache
def _parts(kind: type[Any]) -> _Parts:
    assert is_dataclass(kind)
    assert not hasattr(kind, "__post_init__"), "what is checked when made must be made"
    names = [field.name for field in fields(kind)]
    getter = attrgetter(*names)
    read = getter if len(names) > 1 else lambda value: (getter(value),)
    # A slot's own descriptor knows nothing of being frozen.
    setters = tuple(getattr(kind, name).__set__ for name in names)
    return _Parts(read, setters, {name: place for place, name in enumerate(names)})
