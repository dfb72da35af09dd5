"""Checks of what steps take from pools: tags nobody carries, and items nobody can be asked for."""

from collections.abc import Iterator

from sop.checks.check_subject import Subject
from sop.pack.pack_actions import DropAction
from sop.pack.pack_steps import Step
from sop.problems import Path, suggestion
from sop.times.offsets import AT_ONCE
from sop.triggers import triggers
from sop.yaml.schema_problems import Finding


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
    """Find items that are wanted at once or for each member, and second ones of a step."""
    asked: set[Path] = set()
    for path, step, action in _drops(subject):
        if action.prepare is None:
            continue
        message = ""
        if _is_sudden(step.when):
            message = "nobody can be asked ahead: this step runs at once, or for each newcomer"
        elif path[:2] in asked:
            message = "one item of a step is asked for, and an earlier one is: part the step"
        asked.add(path[:2])
        if message:
            where = (*path, "drop", "prepare")
            yield Finding(path=where, message=message, severity="warning")


def _is_sudden(when: triggers.Trigger) -> bool:
    at_once = isinstance(when, triggers.GroupCreated | triggers.GroupAdopted)
    return isinstance(when, triggers.MemberJoined) or (
        at_once and getattr(when, "offset", None) == AT_ONCE
    )


def _drops(subject: Subject) -> Iterator[tuple[Path, Step, DropAction]]:
    for path, step, action in subject.actions:
        if isinstance(action, DropAction):
            yield path, step, action
