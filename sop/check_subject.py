"""What a check looks at: the typed pack, the names in its file, and what surrounds it."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from sop.bindings import Binding
from sop.names import Names
from sop.pack import Pack
from sop.pack_part import Part
from sop.pack_steps import Step
from sop.problems import Path


@dataclass(frozen=True, kw_only=True)
class Subject:
    """A pack under check. `files` or `today` None: not known, and what needs it not checked."""

    pack: Pack
    names: Names
    files: Collection[str] | None = None
    groups: Sequence[Binding] = ()
    today: date | None = None

    @cached_property
    def steps(self) -> Mapping[str, Step]:
        """The steps by id; of several with one id, the last."""
        return {step.id: step for step in self.pack.steps}


def walk(value: object, path: Path = ()) -> Iterator[tuple[Path, object]]:
    """Yield every part and value below `value` with its path, outer ones first."""
    yield path, value
    if isinstance(value, Part):
        base = (*path, value.UNDER) if value.UNDER else path
        for name, field in type(value).model_fields.items():
            yield from walk(getattr(value, name), (*base, field.alias or name))
    elif isinstance(value, tuple):
        for index, item in enumerate(value):
            yield from walk(item, (*path, index))
    elif isinstance(value, Mapping):
        for key, item in value.items():
            yield from walk(item, (*path, str(key)))
