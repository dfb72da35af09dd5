"""Events as text and back: what a dead event keeps, so that it can be handled again."""

import json
from dataclasses import asdict, fields
from typing import Any

from sop import events
from sop.model import Group

KINDS = {kind.__name__: kind for kind in events.Event.__subclasses__()}


def freeze(event: events.Event) -> str:
    """Return an event as JSON text."""
    return json.dumps({"kind": type(event).__name__, **asdict(event)}, ensure_ascii=False)


def thaw(text: str) -> events.Event:
    """Return the event that `freeze` made a text of.

    Raises `ValueError` for a text that is none, `KeyError` for a kind this version lacks.
    """
    values: dict[str, Any] = json.loads(text)
    kind = KINDS[values.pop("kind")]
    known = {field.name for field in fields(kind)}
    restored = {name: _tuples(value) for name, value in values.items() if name in known}
    if "route" in restored:
        restored["route"] = events.ReplyRoute(**restored["route"])
    if "groups" in restored:
        restored["groups"] = tuple(Group(**group) for group in restored["groups"])
    event: events.Event = kind(**restored)
    return event


def _tuples(value: Any) -> Any:
    if isinstance(value, list):
        return tuple(_tuples(item) for item in value)
    if isinstance(value, dict):
        return {key: _tuples(item) for key, item in value.items()}
    return value
