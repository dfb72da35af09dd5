"""The names a pack defines, read from its plain data, so that a broken part is still a name."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from sop.standing import segments

_LISTS: Final = {"benefit": "benefits", "level": "levels", "step": "steps", "badge": "badges"}
_TABLES: Final = {"pool": "library", "segment": "segments", "text": "texts", "link": "links"}
_COLLECTING: Final = ("collect", "challenge", "signup")


@dataclass(frozen=True, slots=True)
class Names:
    """Defined names by kind.

    Kinds: benefit, level, step, badge, pool, segment, text, link and collection.
    """

    kinds: Mapping[str, frozenset[str]]

    @classmethod
    def of(cls, data: Mapping[str, Any]) -> "Names":
        """Collect what the plain data of a pack defines, however broken it is."""
        kinds = {kind: frozenset(_ids(data.get(key))) for kind, key in _LISTS.items()}
        kinds |= {kind: frozenset(_keys(data.get(key))) for kind, key in _TABLES.items()}
        kinds["segment"] |= frozenset(segments.defaults())
        return cls({**kinds, "collection": frozenset(_collections(data.get("steps")))})

    def __getitem__(self, kind: str) -> frozenset[str]:
        return self.kinds.get(kind, frozenset())


def _mappings(value: object) -> Iterator[Mapping[str, Any]]:
    if isinstance(value, list):
        yield from (each for each in value if isinstance(each, dict))


def _ids(value: object) -> Iterator[str]:
    yield from (each["id"] for each in _mappings(value) if isinstance(each.get("id"), str))


def _keys(value: object) -> Iterator[str]:
    yield from value if isinstance(value, dict) else ()


def _collections(steps: object) -> Iterator[str]:
    for step in _mappings(steps):
        for action in _mappings(step.get("do")):
            bodies = [action[key] for key in _COLLECTING if key in action]
            for body in bodies:
                own = body.get("id") if isinstance(body, dict) else None
                yield str(own or step.get("id", ""))
