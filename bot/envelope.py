"""Events as text and back: what a dead event keeps, so that it can be handled again."""

import json
from dataclasses import asdict, fields
from typing import Any

from sop import events, told_events
from sop.model import Group

KINDS = {
    kind.__name__: kind
    for kind in (*vars(events).values(), *vars(told_events).values())
    if isinstance(kind, type) and kind.__base__ is events.Event
}


def freeze(event: events.Event) -> str:
    """Return an event as JSON text; half a character (a lone surrogate) stays escaped."""
    values = {"event": type(event).__name__, "fields": asdict(event)}
    text = json.dumps(values, ensure_ascii=False)
    return text if text.isascii() or _encodable(text) else json.dumps(values)


def thaw(text: str) -> events.Event:
    """Return the event that `freeze` made a text of.

    Raises `ValueError` for a text that is none, or holds a kind or a shape this version lacks.
    """
    try:
        values: dict[str, Any] = json.loads(text)
        kind, given = KINDS[values["event"]], values["fields"]
        known = {field.name for field in fields(kind)} & given.keys()
        restored = {name: _tuples(given[name]) for name in known}
        if "route" in restored:
            restored["route"] = events.ReplyRoute(**restored["route"])
        if "arrivals" in restored:
            restored["arrivals"] = {
                member: events.Arrival(**arrival)
                for member, arrival in restored["arrivals"].items()
            }
        if "groups" in restored:
            restored["groups"] = tuple(Group(**group) for group in restored["groups"])
        event: events.Event = kind(**restored)
    except (KeyError, TypeError, AttributeError, RecursionError) as error:
        raise ValueError(f"not an event of this version ({type(error).__name__})") from error
    return event


def _encodable(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _tuples(value: Any) -> Any:
    if isinstance(value, list):
        return tuple(_tuples(item) for item in value)
    if isinstance(value, dict):
        return {key: _tuples(item) for key, item in value.items()}
    return value
