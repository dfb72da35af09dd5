"""Types as much of a broken file as can be typed, so that all its problems are told at once.

Guilty parts are cut out of the data, round by round, until the rest fits the model; what is
found in the rest is told by its place in the file.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any, Final, TypeVar

from pydantic import BaseModel, ValidationError

from sop.problems import Path, Problem, path_text
from sop.yaml.cutting import Rest, cut, whole
from sop.yaml.schema_problems import Finding, findings
from sop.yaml.yaml_tree import Tree

Model = TypeVar("Model", bound=BaseModel)

# Each round cuts at least one part, and no part lies deeper than this.
_MOST_ROUNDS: Final = 12


def typed(
    model: type[Model], data: Mapping[str, Any], stand_ins: Mapping[str, Any]
) -> tuple[Rest, Model | None, tuple[Finding, ...]]:
    """Return what is left of the data, typed, and what was wrong with the rest of it.

    `stand_ins` holds what the whole cannot be without.
    """
    rest = whole(data)
    form: tuple[Finding, ...] | None = None
    for _ in range(_MOST_ROUNDS):
        try:
            return rest, model.model_validate(rest.data), form or ()
        except ValidationError as error:
            found = findings(error)
        form = tuple(_in_file(each, rest) for each in found) if form is None else form
        rest = cut(rest, {_guilty(each, rest) for each in found} - {()})
        rest.data.update({key: stand_ins[key] for key in stand_ins.keys() - rest.data.keys()})
    return rest, None, form or ()


def _guilty(finding: Finding, rest: Rest) -> Path:
    return _stated(finding.path[:-1] if finding.missing else finding.path, rest)


def _stated(path: Path, rest: Rest) -> Path:
    """Return the path in the data: a model spells out what the data may leave out."""
    stated: Path = ()
    for part in path:
        if (*stated, part) in rest.origins:
            stated = (*stated, part)
    return stated


def _in_file(finding: Finding, rest: Rest) -> Finding:
    last = finding.path[-1:] if finding.missing else ()
    return replace(finding, path=(*_guilty(finding, rest), *last))


def placed(
    found: Iterable[Finding], rest: Rest, form: tuple[Finding, ...], tree: Tree, file: str
) -> Iterator[Problem]:
    """Yield what was found in the rest as problems of the file, but nothing about what was cut."""
    for each in found:
        path = rest.origin(each.path)
        if not any(other.path[: len(path)] == path for other in form):
            yield problem_at(each, path, tree, file)


def problem_at(finding: Finding, path: Path, tree: Tree, file: str) -> Problem:
    """Return the problem of a finding at a path of the file."""
    place = tree.key_place(path) if finding.at_key else tree.place(path)
    return Problem(
        file=file,
        line=place.line,
        column=place.column,
        path=path_text(path) if finding.missing else place.path,
        message=finding.message,
        suggestion=finding.suggestion,
        severity=finding.severity,
    )
