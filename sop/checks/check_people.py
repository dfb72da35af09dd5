"""Checks of layers, levels and benefits: what would flicker, and what could not be given."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from itertools import product
from typing import Final

from sop.activities import codes
from sop.checks.check_subject import Subject
from sop.fields.comparison import Comparison
from sop.fields.pack_types import file_name
from sop.pack.pack_actions import ReviewAction
from sop.pack.pack_conditions import Conditions
from sop.pack.pack_links import refused
from sop.pack.satisfiable import cases, gapless, implies
from sop.pools.pool_files import Reads
from sop.yaml.schema_problems import Finding

TOLD: Final = 5
"""Wrong lines of a code list that are named."""

_UP: Final = frozenset({">=", ">", "=="})
_DOWN: Final = frozenset({"<", "<="})


def no_gap(subject: Subject) -> Iterator[Finding]:
    """Find a core group that a member could enter and leave with one and the same standing."""
    core = subject.pack.layers.core
    if core is None or core.leave is None:
        return
    for name in sorted(_gapless(subject, core.enter, core.leave)):
        message = f"leaves no gap to enter's {name}: who has just entered would leave"
        yield Finding(path=("layers", "core", "leave", name), message=message)


def _gapless(subject: Subject, enter: Conditions, leave: Conditions) -> set[str]:
    """Return the numbers without room between; of very many alternatives, as they are written."""
    entering, leaving = cases(enter, subject.meaning), cases(leave, subject.meaning)
    if entering is not None and leaving is not None:
        return {key[0] for pair in product(entering, leaving) for key in gapless(*pair)}
    written, unwritten = _bounds(enter), _bounds(leave)
    return {
        name
        for name in Conditions.model_fields
        if any(_touch(*pair) for pair in product(written[name], unwritten[name]))
    }


def leaves_at_once(subject: Subject) -> Iterator[Finding]:
    """Find conditions to leave that hold of everybody who may enter."""
    core = subject.pack.layers.core
    if core is None or core.leave is None:
        return
    entering = cases(core.enter, subject.meaning)
    if entering and all(implies(case, core.leave, subject.meaning) for case in entering):
        message = "holds of everybody who enters: who has just entered would leave"
        yield Finding(path=("layers", "core", "leave"), message=message)


def _bounds(conditions: Conditions) -> Mapping[str, Collection[Comparison]]:
    """Return the comparisons of a standing in every way in which the conditions can hold.

    One level of `any` is spelled out. Of many with one sign, the one that is easiest to fulfil
    tells as much as all.
    """
    found: dict[str, dict[tuple[str, int | None], Comparison]] = defaultdict(dict)
    for branch in conditions.any or (conditions,):
        for name in Conditions.model_fields:
            own = getattr(branch, name)
            one = getattr(conditions, name) if own is None else own
            if isinstance(one, Comparison):
                key = (one.op, one.within_ms)
                easiest = max if one.op in _DOWN else min
                one = easiest(found[name].get(key, one), one, key=_value)
                found[name][key] = one
    return {name: tuple(found[name].values()) for name in Conditions.model_fields}


def _value(comparison: Comparison) -> float:
    return comparison.value


def _touch(enter: Comparison, leave: Comparison) -> bool:
    if enter.op in _UP and leave.op in _DOWN:
        return _overlap(leave.value - enter.value, enter, leave)
    if enter.op in _DOWN and leave.op in _UP:
        return _overlap(enter.value - leave.value, enter, leave)
    return False


def _overlap(beyond: float, enter: Comparison, leave: Comparison) -> bool:
    """Tell whether the bounds meet; those that only meet in one point leave no gap either."""
    return beyond >= 0 and (enter.within_ms == leave.within_ms)


def nothing_reviewed(subject: Subject) -> Iterator[Finding]:
    """Find reviews of layers or leaders that the pack does not have."""
    there = {"layers": subject.pack.layers.core, "leaders": subject.pack.leaders}
    for path, _, action in subject.actions:
        if isinstance(action, ReviewAction) and there[action.review] is None:
            missing = "layers.core" if action.review == "layers" else "leaders"
            message = f"reviews {action.review}, and the pack has no {missing}"
            yield Finding(path=(*path, "review"), message=message)


def code_lists(subject: Subject) -> Iterator[Finding]:
    """Find lines of code lists beside the pack that are no codes, or that nobody else can have."""
    if not isinstance(subject.files, Reads):
        return
    for index, benefit in enumerate(subject.pack.benefits):
        found = subject.files.pool(benefit.codes) if benefit.codes else None
        for name, data in found.files if found else ():
            for line, sentence in _wrong_codes(data):
                yield Finding(
                    path=("benefits", index, "codes"), severity="warning",
                    message=f"{name.rpartition('/')[2]}, line {line}: {sentence}",
                )  # fmt: skip


def _wrong_codes(data: bytes) -> list[tuple[int, str]]:
    """Return the first wrong lines, and how many there are besides."""
    try:
        _, wrong = codes.read_list(data)
    except codes.NoTable as error:
        return [(1, str(error))]
    told = [(each.line, each.sentence) for each in wrong[:TOLD]]
    more = len(wrong) - len(told)
    return [*told, (wrong[TOLD].line, f"and {more} more like these")] if more else told


def benefits_without_value(subject: Subject) -> Iterator[Finding]:
    """Find benefits that promise a file, link or codes they do not name."""
    for index, benefit in enumerate(subject.pack.benefits):
        path = ("benefits", index)
        if benefit.kind in {"file", "link"} and not benefit.value:
            yield Finding(path=path, message=f"a benefit of kind {benefit.kind} needs a value")
        elif benefit.kind in {"file", "link"}:
            message = _misplaced(benefit.kind, str(benefit.value))
            if message:
                yield Finding(path=(*path, "value"), message=message)
        if benefit.codes and benefit.kind != "code":
            message = f"only benefits of kind code have codes, not {benefit.kind}"
            yield Finding(path=(*path, "codes"), message=message)
        if benefit.id == subject.pack.first_benefit and benefit.price:
            message = f'"{benefit.id}" has a price: the first benefit must be free'
            yield Finding(path=("first_benefit",), message=message)


def _misplaced(kind: str, value: str) -> str:
    if kind == "link" or "://" in value:
        return refused(value)
    try:
        file_name(value)
    except ValueError as error:
        return str(error)
    return ""


def equal_levels(subject: Subject) -> Iterator[Finding]:
    """Find levels that begin at the score of an earlier one."""
    taken: dict[int, str] = {}
    for index, level in enumerate(subject.pack.levels):
        if level.at in taken:
            message = f'the level "{taken[level.at]}" begins at {level.at} already'
            yield Finding(path=("levels", index, "at"), message=message)
        taken.setdefault(level.at, level.id)
