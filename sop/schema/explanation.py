"""Where each value in force in a group comes from: default, kind, pack, community, group, advice.

Nothing is in force but what a file says, advice that was accepted, or a default, so all of it
can be listed.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal

from pydantic import BaseModel
from pydantic_core import PydanticUndefined

from sop.fields.pack_part import Part
from sop.fields.pack_types import Rate
from sop.pack.inheritance import SUMMED, WHOLE
from sop.problems import Path
from sop.times.durations import Cap, Span, format_duration, format_time_of_day
from sop.yaml.yaml_tree import Tree

Layer = Literal["advice", "group", "community", "pack", "kind", "default"]

NOTHING: Final = "none"


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """A value as one layer says it; `line` is 0 where no file does, `note` says who did then."""

    layer: Layer
    name: str
    value: str
    file: str = ""
    line: int = 0
    column: int = 0
    note: str = ""

    @property
    def place(self) -> str:
        """Where it is said, for people."""
        named = f"{self.layer} {self.name}".rstrip()
        if not self.line:
            return f"{named}, {self.note}" if self.note else named
        where = f"{self.file}:{self.line}"
        return where if self.layer == "pack" else f"{where}, {named}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """A value in force; `origins` begin with the one that counts."""

    key: str
    value: str
    origins: tuple[Origin, ...]

    def __str__(self) -> str:
        first, *rest = self.origins
        others = "".join(f"; {_other(each)}" for each in rest)
        return f"{self.key}: {self.value} ({first.place}{others})"

    def as_dict(self) -> dict[str, Any]:
        """Return the setting as `--json` prints it."""
        return {
            "key": self.key, "value": self.value,
            "origins": [
                {
                    "layer": each.layer, "name": each.name, "value": each.value,
                    "file": each.file, "line": each.line, "column": each.column, "note": each.note,
                }
                for each in self.origins
            ],
        }  # fmt: skip


def _other(origin: Origin) -> str:
    if origin.layer == "default":
        return f"default {origin.value}"
    return f"{origin.layer} says {origin.value} at {origin.place.split(',')[0]}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """One layer: what is said under `path` of a file, or (without a tree) of the program."""

    layer: Layer
    name: str
    file: str = ""
    tree: Tree | None = None
    path: Path = ()
    data: Mapping[str, Any] | None = None
    note: str = ""

    def origins(self) -> Iterator[tuple[str, Origin]]:
        """Yield what the layer says, by key."""
        said = self.data if self.tree is None else _at(self.tree.data, self.path)
        for key, path, value in flattened(said or {}):
            place = self.tree.place((*self.path, *path)) if self.tree else None
            yield key, Origin(
                layer=self.layer, name=self.name, value=shown(value), file=self.file,
                line=place.line if place else 0, column=place.column if place else 0,
                note=self.note,
            )  # fmt: skip


def _at(data: Any, path: Path) -> Any:
    for part in path:
        data = data.get(part) if isinstance(data, dict) else data[int(part)]
        if data is None:
            return {}
    return data


def explain(model: type[BaseModel], sources: Iterable[Source]) -> tuple[Setting, ...]:
    """Return every value in force, by key; `sources` begin with the weakest, after defaults."""
    found: dict[str, list[Origin]] = {
        key: [Origin(layer="default", name="", value=value)] for key, value in defaults(model)
    }
    for source in sources:
        for key, origin in source.origins():
            _make_room(found, key)
            found.setdefault(key, []).insert(0, origin)
    return tuple(
        Setting(key=key, value=_value(key, origins), origins=tuple(origins))
        for key, origins in found.items()
    )


def _make_room(found: dict[str, list[Origin]], key: str) -> None:
    """What is said as a whole stands for its parts, and its parts for the whole."""
    whole = key.split(".")
    for index in range(1, len(whole)):
        found.pop(".".join(whole[:index]), None)
    for part in [each for each in found if each.startswith(f"{key}.")]:
        del found[part]


def _value(key: str, origins: list[Origin]) -> str:
    said = [each.value for each in reversed(origins) if each.layer != "default"]
    return ", ".join(said) if key == SUMMED and said else origins[0].value


def flattened(data: Any, path: Path = (), key: str = "") -> Iterator[tuple[str, Path, object]]:
    """Yield (key, path, value) of plain data; things with an id are named by it."""
    for name, inner, value in _parts(data, key):
        below = (*path, inner)
        if value is None or value == {} or (inner == "id" and path[-1:] == (_number(path),)):
            continue
        if name not in WHOLE and _has_parts(value):
            yield from flattened(value, below, name)
        else:
            yield name, below, value


def _number(path: Path) -> str | int | None:
    """The last part of a path, if it is a place in a list."""
    return path[-1] if path and isinstance(path[-1], int) else None


def _parts(data: Any, key: str) -> Iterator[tuple[str, str | int, Any]]:
    pairs = data.items() if isinstance(data, Mapping) else enumerate(data)
    for inner, value in pairs:
        name = str(value["id"]) if isinstance(inner, int) else str(inner)
        yield (f"{key}.{name}" if key else name), inner, value


def _has_parts(value: object) -> bool:
    if isinstance(value, Mapping):
        return bool(value)
    if not isinstance(value, (list, tuple)):
        return False
    return bool(value) and all(isinstance(each, Mapping) and "id" in each for each in value)


def defaults(model: type[BaseModel]) -> Iterator[tuple[str, str]]:
    """Yield the keys of a model with the values they have where nobody says anything."""
    for name, field in model.model_fields.items():
        value = field.get_default(call_default_factory=True)
        if value is not PydanticUndefined:
            yield from _default(field.alias or name, name, value)


def _default(key: str, name: str, value: object) -> Iterator[tuple[str, str]]:
    if isinstance(value, Part):
        for inner, field in type(value).model_fields.items():
            yield from _default(f"{key}.{field.alias or inner}", inner, getattr(value, inner))
    elif name.endswith("_ms") and isinstance(value, int):
        yield key, format_duration(value)
    else:
        yield key, shown(value)


def shown(value: object) -> str:
    """Return a value as it would be written in a pack, on one line."""
    form = _FORMS.get(type(value))
    if form is not None:
        return form(value)
    if isinstance(value, Mapping):
        inner = ", ".join(f"{key}: {shown(each)}" for key, each in value.items())
        return f"{{{inner}}}" if inner else NOTHING
    if isinstance(value, (list, tuple)):
        return f"[{', '.join(map(shown, value))}]" if value else NOTHING
    return " ".join(str(getattr(value, "written", value)).split())


def _span(value: Span) -> str:
    return f"{format_time_of_day(value.start_minute)}-{format_time_of_day(value.end_minute)}"


def _rate(value: Rate) -> str:
    within = value.within_ms
    return f"{value.count}/{format_duration(within)}" if within else str(value.count)


_FORMS: Final[Mapping[type, Callable[[Any], str]]] = {
    type(None): lambda _: NOTHING,
    bool: lambda value: str(value).lower(),
    Span: _span,
    Cap: lambda value: f"{value.n}/{value.period}",
    Rate: _rate,
}
