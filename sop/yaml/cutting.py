"""Cuts guilty parts out of plain data, and knows where everything that is left came from."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from sop.problems import Path


@dataclass(frozen=True, slots=True)
class Rest:
    """Plain data; `origins` maps the path of each of its values to the path it had at first."""

    data: Any
    origins: Mapping[Path, Path]

    def origin(self, path: Path) -> Path:
        """Return where a value of the typed pack stands in the file.

        A pack spells out what the file may leave out (`drop: x` is `drop.pool` there): parts
        of the path that are not in the file are passed over.
        """
        known: Path = ()
        for part in path:
            if (*known, part) in self.origins:
                known = (*known, part)
        return self.origins[known]


def whole(data: Any) -> Rest:
    """Return the data with nothing cut."""
    return cut(Rest(data, {}), ())


def cut(rest: Rest, guilty: Collection[Path]) -> Rest:
    """Return what is left without the values at the guilty paths; lists close up."""
    origins: dict[Path, Path] = {}
    data = _kept(rest.data, (), (), frozenset(guilty), origins)
    return Rest(data, {new: rest.origins.get(old, old) for new, old in origins.items()})


def _kept(
    value: Any, old: Path, new: Path, guilty: Collection[Path], origins: dict[Path, Path]
) -> Any:
    origins[new] = old
    if isinstance(value, dict):
        return {
            key: _kept(inner, (*old, key), (*new, key), guilty, origins)
            for key, inner in value.items()
            if (*old, key) not in guilty
        }
    if isinstance(value, list):
        left = [index for index in range(len(value)) if (*old, index) not in guilty]
        return [
            _kept(value[index], (*old, index), (*new, place), guilty, origins)
            for place, index in enumerate(left)
        ]
    return value
