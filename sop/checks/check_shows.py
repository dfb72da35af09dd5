"""Checks of what is shown of collections: those that bring nothing to show."""

from collections.abc import Iterator, Mapping

from sop.checks import check_never
from sop.checks.check_subject import Subject, warning
from sop.pack.pack_actions import StepAction
from sop.pack.pack_campaigns import BookAction, CollectAction, ShowcaseAction
from sop.pack.pack_steps import Step
from sop.problems import Path
from sop.yaml.schema_problems import Finding

_KEYS: Mapping[type[StepAction], Path] = {
    ShowcaseAction: ("showcase", "of"), BookAction: ("book",),
}  # fmt: skip


def nothing_to_show(subject: Subject) -> Iterator[Finding]:
    """Find showcases and books of what is no collection, never runs, or runs in other groups."""
    homes = {
        str(action.id or step.id): step
        for _, step, action in subject.actions
        if isinstance(action, CollectAction)
    }
    idle = check_never.idle_steps(subject)
    for path, step, action in subject.actions:
        if not isinstance(action, ShowcaseAction | BookAction):
            continue
        name = str(action.of if isinstance(action, ShowcaseAction) else action.book)
        place = (*path, *_KEYS[type(action)])
        if name not in homes:
            if name in subject.names["collection"]:
                yield warning(place, f'"{name}" is no collection: there is nothing to show of it')
            continue
        why = _why(homes[name], step, idle)
        if why:
            yield warning(place, f"there is never anything to show: {why}")


def _why(home: Step, step: Step, idle: frozenset[str]) -> str:
    if home.id in idle:
        return f'step "{home.id}" never runs'
    if "all" not in (home.in_, step.in_) and home.in_ != step.in_:
        return f'step "{home.id}" runs in {home.in_} groups, this one in {step.in_} ones'
    return ""
