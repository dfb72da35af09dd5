"""Checks against the bound groups: what their channels can never hear."""

from collections.abc import Iterator
from typing import Final

from sop import triggers
from sop.bindings import Binding
from sop.channels import can, hears_all, knows_members
from sop.check_subject import Subject
from sop.pack_conditions import NEEDS_HEARING, Conditions
from sop.pack_steps import Step
from sop.problems import Path
from sop.schema_problems import Finding

_NEED_ALL: Final = frozenset({"flood", "repeats", "topic"})


def unheard(subject: Subject) -> Iterator[Finding]:
    """Find what depends on messages or joins that no channel of a group hears."""
    for group in subject.groups:
        if not hears_all(group.channels):
            yield from _unheard_rules(subject, group)
            yield from _unheard_deeds(subject, group)
            yield from _unheard_core(subject, group)
            for path, step in _steps_in(subject, group):
                yield from _unheard_step(path, step, group)
        if not knows_members(group.channels):
            for path, step in _steps_in(subject, group):
                if isinstance(step.when, triggers.MemberJoined):
                    what = f'in group "{group.id}" nobody\'s joining is known: this never fires'
                    yield _warning((*path, "when"), what)


def _steps_in(subject: Subject, group: Binding) -> Iterator[tuple[Path, Step]]:
    for index, step in enumerate(subject.pack.steps):
        if step.in_ in {group.kind, "all"}:
            yield ("steps", index), step


def _unheard_rules(subject: Subject, group: Binding) -> Iterator[Finding]:
    for index, check in enumerate(subject.pack.rules.checks):
        if check.detect in _NEED_ALL:
            what = f'rule "{check.id}" can never fire in group "{group.id}": {_heard(group)}'
            yield _warning(("rules", "checks", index), what)


def _heard(group: Binding) -> str:
    if can(group.channels, "hear_mentions"):
        return "its channels hear mentions only"
    return "its channels hear no messages"


def _unheard_deeds(subject: Subject, group: Binding) -> Iterator[Finding]:
    if "message" in subject.pack.score.earn:
        what = f'in group "{group.id}" this pays for talking to the bot: {_heard(group)}'
        yield _warning(("score", "earn", "message"), what)


def _unheard_core(subject: Subject, group: Binding) -> Iterator[Finding]:
    core = subject.pack.layers.core
    for key, conditions in (("enter", core and core.enter), ("leave", core and core.leave)):
        for name in _unknown_conditions(conditions, denied=False) if conditions else ():
            what = f'{name} is unknown of who is only in group "{group.id}": {_heard(group)}'
            yield _warning(("layers", "core", key, name), what)


def _unheard_step(path: Path, step: Step, group: Binding) -> Iterator[Finding]:
    if isinstance(step.when, (triggers.Silence, triggers.Inactive)):
        what = f'silence is unknown in group "{group.id}", so this never runs: {_heard(group)}'
        yield _warning((*path, "when"), what)
    if isinstance(step.when, triggers.Says):
        what = f'in group "{group.id}" this hears only what reaches the bot: {_heard(group)}'
        yield _warning((*path, "when"), what)
    for key, conditions in (("if", step.if_), ("unless", step.unless)):
        for name in _unknown_conditions(conditions, denied=key == "unless"):
            what = f'{name} is unknown in group "{group.id}", so this never runs: {_heard(group)}'
            yield _warning((*path, key), what)


def _unknown_conditions(conditions: Conditions, *, denied: bool) -> Iterator[str]:
    """Yield what cannot be known; that somebody did introduce themselves can."""
    for name in NEEDS_HEARING:
        value = getattr(conditions, name)
        if value is not None and (name != "introduced" or value == denied):
            yield name


def without_start(subject: Subject) -> Iterator[Finding]:
    """Find steps around a group's start in groups that have no date for it."""
    for group in subject.groups:
        for path, step in _steps_in(subject, group):
            if isinstance(step.when, triggers.AroundStart) and group.starts is None:
                what = f'group "{group.id}" has no starts in groups.yaml: this never runs there'
                yield _warning((*path, "when"), what)


def _warning(path: Path, message: str) -> Finding:
    return Finding(path=path, message=message, severity="warning")
