"""Where the questions of a game come from: the pack's pool, else one that comes with the program.

The packaged ones begin anew when they are used up.
"""

from collections.abc import Mapping
from functools import cache
from typing import Any, Final

from sop.pack.pack import Pool
from sop.pack.pack_actions import GameAction
from sop.yaml import yaml_source

NAMES: Final[Mapping[str, str]] = {"riddle": "riddles", "quiz": "quizzes"}
"""The pool each game takes its items from where a pack names none."""


def of(action: GameAction) -> str:
    """Return the name of the game's pool."""
    return str(action.pool or NAMES[action.game])


def packaged(name: str) -> Pool | None:
    """Return the pool of that name that comes with the program, or None."""
    return _packaged(name) if name in NAMES.values() else None


@cache
def _packaged(name: str) -> Pool:
    items: Any = yaml_source.load_packaged(f"{name}.yaml")
    return Pool.model_validate({"items": items, "repeat": True})
