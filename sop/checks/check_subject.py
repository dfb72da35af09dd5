"""What a check looks at: the typed pack, the names in its file, and what surrounds it."""

import math
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from sop.bindings.bindings import Binding
from sop.checks.check_members import origins, people_of
from sop.checks.reach import most_score
from sop.fields.pack_part import Part
from sop.names import Names
from sop.pack.pack import Pack
from sop.pack.pack_actions import AwardAction, GameAction, StepAction
from sop.pack.pack_steps import Step
from sop.pack.satisfiable import Meaning
from sop.problems import Path
from sop.standing import segments
from sop.yaml.schema_problems import Finding


@dataclass(frozen=True, kw_only=True)
class Subject:
    """A pack under check. `files` or `today` None: not known, and what needs it not checked.

    `stated` are the keys of the pack that its file has; others may be there by default.
    """

    pack: Pack
    names: Names
    files: Collection[str] | None = None
    groups: Sequence[Binding] = ()
    today: date | None = None
    stated: Collection[str] = ()

    @cached_property
    def parts(self) -> tuple[tuple[Path, object], ...]:
        """Every part and value that the pack states, with its path."""
        return tuple(walk(self.pack))

    @cached_property
    def steps(self) -> Mapping[str, Step]:
        """The steps by id; of several with one id, the last."""
        return {step.id: step for step in self.pack.steps}

    @cached_property
    def placed(self) -> tuple[tuple[Path, Step], ...]:
        """Every step with its path, in file order."""
        return tuple((("steps", index), step) for index, step in enumerate(self.pack.steps))

    @cached_property
    def actions(self) -> tuple[tuple[Path, Step, StepAction], ...]:
        """Every action with the path of its entry and its step, in file order."""
        return tuple(
            ((*path, "do", index), step, action)
            for path, step in self.placed
            for index, action in enumerate(step.do)
        )

    @cached_property
    def meaning(self) -> Meaning:
        """What segments and levels in conditions stand for."""
        levels = {level.id: level.at for level in self.pack.levels}
        return Meaning(segments=segments.definitions(self.pack), levels=levels)

    @cached_property
    def most_score(self) -> float:
        """The highest score that deeds bring; infinite where nothing bounds it, or none do."""
        given = any(_gives_points(action) for _, _, action in self.actions)
        told = bool(self.pack.score.earn) and not given
        return most_score(self.pack.score) if told else math.inf

    @cached_property
    def origins(self) -> Mapping[str, Step | None]:
        """By id, the step that each step's chain of `after` begins with; None: untold."""
        return origins(self.steps)

    def people_of(self, step: Step) -> frozenset[str]:
        """Return the names a step may use for its people: `member`, `members`, both or none."""
        return people_of(step, self.origins)


def _gives_points(action: StepAction) -> bool:
    prize = action.prize if isinstance(action, GameAction) else None
    return isinstance(action, AwardAction) or bool(prize and prize.points)


def warning(path: Path, message: str, near: str = "") -> Finding:
    """Return a finding that keeps no pack out of force."""
    return Finding(path=path, message=message, suggestion=near, severity="warning")


def walk(value: object) -> Iterator[tuple[Path, object]]:
    """Yield every part and value below `value` with its path; outer ones and siblings in order.

    What a pack leaves out is left out here: defaults name nothing.
    """
    waiting: list[tuple[Path, object]] = [((), value)]
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
