"""Checks of what steps take from pools: tags nobody carries, and items nobody can be asked for."""

from collections.abc import Iterator
from typing import Final

from sop import triggers
from sop.check_members import TIMED
from sop.check_subject import Subject
from sop.pack_actions import DropAction
from sop.problems import Path, suggestion
from sop.schema_problems import Finding

_KNOWN_AHEAD: Final = (*TIMED, triggers.GroupCreated, triggers.GroupAdopted)


def tags_nobody_carries(subject: Subject) -> Iterator[Finding]:
    """Find drops by a tag that no item of their pools has."""
    library = subject.pack.library
    for path, _, action in _drops(subject):
        pools = [library.get(name) for name in (action.pool, action.fallback) if name]
        items = [item for pool in pools if pool is not None for item in pool.items]
        tags = {tag for item in items for tag in item.tags}
        if action.tag and items and action.tag not in tags:
            yield Finding(
                path=(*path, "drop", "tag"),
                message=f'no item of the pool "{action.pool}" is tagged "{action.tag}"',
                suggestion=suggestion(action.tag, tags),
                severity="warning",
            )


def nobody_to_ask(subject: Subject) -> Iterator[Finding]:
    """Find items to prepare whose time is not known ahead, and second ones of a step."""
    asked: set[int] = set()
    for path, place, action in _drops(subject):
        if action.prepare is None:
            continue
        message = ""
        if not isinstance(subject.pack.steps[place].when, _KNOWN_AHEAD):
            message = "nobody can be asked ahead: when this step runs is not known before"
        elif place in asked:
            message = "one item of a step is asked for, and an earlier one is: part the step"
        asked.add(place)
        if message:
            where = (*path, "drop", "prepare")
            yield Finding(path=where, message=message, severity="warning")


def _drops(subject: Subject) -> Iterator[tuple[Path, int, DropAction]]:
    for place, step in enumerate(subject.pack.steps):
        for index, action in enumerate(step.do):
            if isinstance(action, DropAction):
                yield ("steps", place, "do", index), place, action
