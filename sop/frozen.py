"""Frozen values at a fraction of their usual cost: making one, and copying it with changes.

A frozen dataclass sets each field by a call that goes around its own lock. Here a value is born
as an open subclass of its class, takes its fields as any object does, and is locked at the end.
"""

from collections.abc import Callable, Sequence
from dataclasses import MISSING, Field, fields, is_dataclass
from functools import cache
from typing import Any, Final, NamedTuple, TypeVar, cast

T = TypeVar("T")

_UNSET: Final = object()


class _Parts(NamedTuple):
    open: type[Any]
    copied: Callable[[Any], Any]
    filled: Callable[[Sequence[Any]], Any]


def quick(kind: type[T], /) -> type[T]:
    """Let a frozen dataclass with slots make its values quickly; for those made all the time.

    They are what they were before. It must have no subclass that takes its `__init__`.
    """
    made = fields(_checked(cast("Any", kind)))
    parts = _parts(cast("Any", kind))
    names = {"_lock": kind, "_open": parts.open, "_set": object.__setattr__, "_UNSET": _UNSET}
    names |= {f"_default_{each.name}": each.default for each in made}
    names |= {f"_made_{each.name}": each.default_factory for each in made}
    plain = [_parameter(each) for each in made if not each.kw_only]
    named = [_parameter(each) for each in made if each.kw_only]
    signature = ", ".join(["self", *plain, *(["*", *named] if named else [])])
    body = "".join(f"    self.{each.name} = {_value(each)}\n" for each in made)
    source = (
        f"def __init__({signature}):\n    _set(self, '__class__', _open)\n{body}"
        "    self.__class__ = _lock\n"
    )
    type.__setattr__(kind, "__init__", _function("__init__", source, names))
    return kind


def replace(value: T, /, **changes: object) -> T:
    """Return a copy of a frozen dataclass with slots, in which the named fields are changed.

    As `dataclasses.replace`. TypeError for a field it does not have.
    """
    kind: Any = type(value)
    made = _parts(kind).copied(value)
    for name, new in changes.items():
        try:
            setattr(made, name, new)
        except AttributeError:
            raise TypeError(f"{kind.__name__} has no field {name!r}") from None
    made.__class__ = kind
    copy: T = made
    return copy


def filled(kind: Any, values: Sequence[Any]) -> Any:
    """Return a frozen dataclass with slots made of all its fields' values, in their order.

    ValueError for too few or too many.
    """
    return _parts(kind).filled(values)


@cache
def _parts(kind: type[Any]) -> _Parts:
    names = [field.name for field in fields(_checked(kind))]
    unlocked = {"__setattr__": object.__setattr__, "__delattr__": object.__delattr__}
    opened = type(kind.__name__, (kind,), {"__slots__": (), **unlocked})
    known = {"_new": object.__new__, "_open": opened, "_lock": kind}
    taken = "".join(f"made.{name}, " for name in names)
    copies = "".join(f"    made.{name} = value.{name}\n" for name in names)
    copied = f"def copied(value):\n    made = _new(_open)\n{copies}    return made\n"
    filled = (
        f"def filled(values):\n    made = _new(_open)\n    {taken}= values\n"
        "    made.__class__ = _lock\n    return made\n"
    )
    return _Parts(opened, _function("copied", copied, known), _function("filled", filled, known))


def _checked(kind: type[Any]) -> type[Any]:
    assert is_dataclass(kind)
    assert not hasattr(kind, "__post_init__"), "what is checked when made must be made"
    assert "__dict__" not in dir(kind), "only slots are copied"
    return kind


def _parameter(field: Field[Any]) -> str:
    if field.default is not MISSING:
        return f"{field.name}=_default_{field.name}"
    return field.name if field.default_factory is MISSING else f"{field.name}=_UNSET"


def _value(field: Field[Any]) -> str:
    if field.default_factory is MISSING:
        return field.name
    return f"_made_{field.name}() if {field.name} is _UNSET else {field.name}"


def _function(name: str, source: str, names: dict[str, Any]) -> Callable[..., Any]:
    exec(source, names)  # noqa: S102 - our own fields' names, as the standard library does
    made: Callable[..., Any] = names[name]
    return made
