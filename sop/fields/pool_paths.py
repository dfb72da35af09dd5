"""Owns where the content of a pool may lie: a file or folder beside the pack, at most two deep."""

import re
from typing import Annotated, Final

from pydantic import AfterValidator

SUFFIXES: Final = (".csv", ".yaml", ".yml")
"""What a pool's file may be; a name without one is a folder of notes."""

NOTE: Final = ".md"
"""What the notes of a folder end with."""

POOL_YAML: Final = (".pool.yaml", ".pool.yml")
"""How YAML directly beside the packs ends, so that it is read as no pack."""

_PART: Final = re.compile(r"[^./\\\x00-\x1f:][^/\\\x00-\x1f:]*")
_DEEPEST: Final = 3
_LONGEST: Final = 200


def pool_path(value: str) -> str:
    """Return the name of a pool's file or folder; a `ValueError` for a way to elsewhere."""
    parts = value.split("/")
    named = all(_PART.fullmatch(part) for part in parts)
    if len(value) > _LONGEST or len(parts) > _DEEPEST or not named:
        raise ValueError(f'"{value[:60]}" is not the name of a file or folder beside the pack')
    lowered = value.casefold()
    if len(parts) == 1 and lowered.endswith((".yaml", ".yml")) and not is_pool_yaml(value):
        stem = value.rpartition(".")[0]
        raise ValueError(
            f'"{value}" would be read as a pack: call it {stem}.pool.yaml, or put it in a folder'
        )
    if "." in parts[-1] and not lowered.endswith(SUFFIXES):
        raise ValueError(
            f'"{value}" is no pool: it is a .csv, a .pool.yaml, or a folder with a .md per item'
        )
    return value


def is_pool_yaml(name: str) -> bool:
    """Tell whether a YAML file beside packs is a pool and no pack."""
    return name.casefold().endswith(POOL_YAML)


PoolPath = Annotated[str, AfterValidator(pool_path)]
