"""Segments: groups of members by conditions. Some exist in every pack, which may define them."""

from collections.abc import Mapping
from functools import cache
from typing import Final

from pydantic import TypeAdapter

from sop.pack.pack import Pack
from sop.pack.pack_conditions import Conditions
from sop.yaml import yaml_source

_TABLE: Final = TypeAdapter(dict[str, Conditions])


@cache
def defaults() -> Mapping[str, Conditions]:
    """Return the segments that exist without being defined, by name."""
    return _TABLE.validate_python(yaml_source.load_packaged("segments.yaml"))


def definitions(pack: Pack) -> Mapping[str, Conditions]:
    """Return all segments of a pack by name: its own definitions replace those that exist."""
    return {**defaults(), **pack.segments}


def definition(pack: Pack, name: str) -> Conditions:
    """Return what a segment is. Raises `KeyError` where there is none of that name."""
    found = pack.segments.get(name)
    return defaults()[name] if found is None else found
