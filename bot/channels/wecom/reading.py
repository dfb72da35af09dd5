"""Reads values out of untyped payloads without ever raising on their shape."""

import re

from bot.channels.wecom.payloads import clean

Path = tuple[str, ...]
Fields = dict[str, str | tuple[str, ...]]

# WeCom's ids have at most 64 bytes, encrypted ones somewhat more.
_MAX_ID = 256
# Seconds: 2001 to 5138; what lies outside is not a time in seconds.
_FIRST_SECOND, _LAST_SECOND = 10**9, 10**11
_HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_SEPARATOR = re.compile(r"[,;|\s]+")


def at(payload: object, path: Path) -> object:
    """Give the value at a path of keys, None where it does not lead anywhere."""
    for key in path:
        payload = payload.get(key) if isinstance(payload, dict) else None
    return payload


def text_of(value: object) -> str:
    """Give a text or a whole number as clean text, "" for anything else."""
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    return ""


def text_at(payload: object, path: Path) -> str:
    """Give the text at a path, "" where there is none."""
    return text_of(at(payload, path))


def id_at(payload: object, path: Path) -> str:
    """Give an id; "" where it is missing, too long, or has characters that were cleaned away."""
    value = at(payload, path)
    ident = text_of(value).strip()
    spoilt = isinstance(value, str) and value.strip() != ident
    return "" if spoilt or len(ident) > _MAX_ID else ident


def instant_at(payload: object, path: Path) -> int | None:
    """Give seconds since 1970, as number or digits, as ms UTC; None for anything else."""
    digits = id_at(payload, path)
    if not (digits.isascii() and digits.isdigit()):
        return None
    seconds = int(digits)
    return seconds * 1000 if _FIRST_SECOND <= seconds < _LAST_SECOND else None


def items(value: object) -> list[object]:
    """Give a list as it is, nothing as an empty list, anything else as a list of one."""
    if isinstance(value, list):
        return value
    return [] if value in (None, "") else [value]


def listed(value: object) -> tuple[str, ...]:
    """Give ids listed as `{"Item": one or several}`, as a list, or as text with separators."""
    inner = value.get("Item") if isinstance(value, dict) else value
    if isinstance(inner, str):
        return tuple(part for part in _SEPARATOR.split(clean(inner)) if part)
    return tuple(text for text in map(text_of, items(inner)) if text)


def snake(name: str) -> str:
    """Give `ExternalUserID` as `external_user_id`."""
    return _HUMP.sub("_", clean(name)).lower()


def flat(payload: object) -> Fields:
    """Give every text of a dict, and of the dicts right in it, under its snake_case name.

    Lists become tuples of texts; what is nested deeper is left out.
    """
    found: Fields = {}
    for name, value in payload.items() if isinstance(payload, dict) else ():
        found.update(_flat_value(snake(name), value))
    return found


def _flat_value(name: str, value: object) -> Fields:
    if isinstance(value, list) or (isinstance(value, dict) and "Item" in value):
        return {name: listed(value)}
    if isinstance(value, dict):
        texts = ((snake(key), text_of(inner)) for key, inner in value.items())
        return {key: text for key, text in texts if text}
    return {name: text_of(value)}
