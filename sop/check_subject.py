"""What a check looks at: the typed pack, the names in its file, and what surrounds it."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from sop.bindings import Binding
from sop.check_members import origins, people_of
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
    def parts(self) -> tuple[tuple[Path, object], ...]:
        """Every part and value that the pack states, with its path."""
        return tuple(walk(self.pack))

    @cached_property
    def steps(self) -> Mapping[str, Step]:
        """The steps by id; of several with one id, the last."""
        return {step.id: step for step in self.pack.steps}

    @cached_property
    def origins(self) -> Mapping[str, Step | None]:
        """By id, the step that each step's chain of `after` begins with; None: untold."""
        return origins(self.steps)

    def people_of(self, step: Step) -> frozenset[str]:
        """Return the names a step may use for its people: `member`, `members`, both or none."""
        return people_of(step, self.origins)


def walk(value: object, path: Path = ()) -> Iterator[tuple[Path, object]]:
    """Yield every part and value below `value` with its path; outer ones and siblings in order.

    What a pack leaves out is left out here: defaults name nothing.
    """
    waiting: list[tuple[Path, object]] = [(path, value)]
    while waiting:
        place = waiting.pop()
        yield place
        waiting.extend(reversed(_inside(*place)))


def _inside(path: Path, value: object) -> list[tuple[Path, object]]:
    if isinstance(value, Part):
        base = (*path, value.UNDER) if value.UNDER else path
        stated = value.model_fields_set
        fields = type(value).model_fields
        return [
            ((*base, field.alias or name), getattr(value, name))
            for name, field in fields.items()
            if name in stated
        ]
    if isinstance(value, tuple):
        return [((*path, index), item) for index, item in enumerate(value)]
    if isinstance(value, Mapping):
        return [((*path, str(key)), item) for key, item in value.items()]
    return []
