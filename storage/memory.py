"""What is remembered of the database from one transaction to the next."""

from collections.abc import Mapping
from typing import Any, Final

from sop.model import Counter, Group, Identity, Member, Person, Record
from storage.records import SHAPES

Key = tuple[Any, ...]
Known = dict[type[Record], dict[Key, Record | None]]

KEPT: Final = (Counter, Group, Identity, Person, Member)
"""Kinds whose records are remembered from one transaction to the next: who speaks, and where."""

MOST_KEPT: Final = 2_000
"""Records of a kind that are remembered: beyond, it is begun anew."""


class Memory:
    """What one connection's last committed batch knew, as long as nobody else has written since.

    A batch takes it when it begins and gives it back when it is committed: what is undone, or
    fails, is forgotten with it.
    """

    def __init__(self) -> None:
        self._held: tuple[Any, Mapping[Any, dict[Key, Record | None]]] = (None, {})

    def take(self, mark: Any) -> Known:
        """Return what is known where it was given back under that mark, else nothing."""
        (held, kept), self._held = self._held, (None, {})
        found = kept if mark is not None and mark == held else {}
        return {kind: found.get(kind) or {} for kind in SHAPES}

    def give(self, mark: Any, known: Known) -> None:
        """Keep of what is known what the next batch is likely to read."""
        kept = {kind: known[kind] for kind in KEPT if len(known[kind]) <= MOST_KEPT}
        self._held = (mark, kept)
