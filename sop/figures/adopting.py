"""What an accepted piece of advice changes of a group's override, and how that is taken back.

A change says single values, each at its place. It holds as long as the files say there what they
said when it was accepted: whoever edits the value by hand afterwards wins.
"""

from collections.abc import Iterator, Mapping
from typing import Any

Place = tuple[str, ...]
Tree = Mapping[str, Any]


def places(change: Tree, at: Place = ()) -> Iterator[tuple[Place, Any]]:
    """Yield each value that a change says, with its place."""
    for name, value in change.items():
        if isinstance(value, Mapping):
            yield from places(value, (*at, name))
        else:
            yield (*at, name), value


def before(override: Tree, change: Tree) -> dict[str, Any]:
    """Return what the override says at the change's places; None where it says nothing."""
    found: dict[str, Any] = {}
    for place, _ in places(change):
        found = put(found, place, picked(override, place), keep=True)
    return found


def adopted(override: Tree, change: Tree) -> dict[str, Any]:
    """Return the override with a change in it."""
    found = dict(override)
    for place, value in places(change):
        found = put(found, place, value)
    return found


def undone(override: Tree, was: Tree) -> dict[str, Any]:
    """Return the override with the places of `was` as they were."""
    found = dict(override)
    for place, value in places(was):
        found = put(found, place, value)
    return found


def holds(override: Tree, was: Tree) -> bool:
    """Tell whether an override, as the files have it, still says what it said then."""
    return all(picked(override, place) == value for place, value in places(was))


def overlap(one: Tree, other: Tree) -> bool:
    """Tell whether two changes say something of the same place."""
    return bool({place for place, _ in places(one)} & {place for place, _ in places(other)})


def picked(override: Tree, place: Place) -> Any:
    """Return the value at a place, None where there is none."""
    found: Any = override
    for name in place:
        found = found.get(name) if isinstance(found, Mapping) else None
    return found


def put(override: Tree, place: Place, value: Any, *, keep: bool = False) -> dict[str, Any]:
    """Return the override with the value at a place; None takes away what is there.

    With `keep` a None stays. A mapping that becomes empty goes, too.
    """
    first, *rest = place
    found = dict(override)
    inner = found.get(first)
    if rest:
        below = inner if isinstance(inner, Mapping) else {}
        value = put(below, tuple(rest), value, keep=keep) or None
    if value is None and not keep:
        found.pop(first, None)
    else:
        found[first] = value
    return found
