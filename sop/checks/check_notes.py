"""What `check` tells besides problems: points within reach, and what takes effect later.

A pack may hold all of the format, so that it need not be rewritten when more of it works.
"""

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any, Final

from sop.bindings.bindings import Binding
from sop.channels import can, hears_all
from sop.checks.check_bound import heard
from sop.checks.check_collections import uncollected
from sop.checks.check_subject import Subject
from sop.checks.reach import reach
from sop.pack.pack import Pack
from sop.pack.pack_steps import ACTIONS, Step
from sop.triggers import trigger_forms
from sop.yaml import yaml_source

MONTH_DAYS: Final = 30


def within_reach(subject: Subject) -> Iterator[str]:
    """Yield for each bound group how many points a month its members can earn at most."""
    if subject.pack.score.earn:
        for group in subject.groups:
            yield f'group "{group.id}": {_reachable(subject, group)}'


def _reachable(subject: Subject, group: Binding) -> str:
    score = subject.pack.score
    listening = hears_all(group.channels) or can(group.channels, "hear_mentions")
    if not listening:
        return f"nobody can earn anything: {heard(group)}"
    paid = reach(
        score, score.earn.keys() - later()["deeds"] - uncollected(subject.pack), MONTH_DAYS
    )
    more = f", and without a cap {', '.join(paid.unbounded)}" if paid.unbounded else ""
    told = f"at most {paid.points} points within {MONTH_DAYS} days{more}"
    if hears_all(group.channels):
        return told
    talk = reach(score, ("message",), MONTH_DAYS).points
    spoken = f"; {talk} of them by talking to the bot" if talk else ""
    return f"{told}{spoken}: {heard(group)}"


def later_on(subject: Subject) -> Iterator[str]:
    """Yield what of the pack has no effect in this version, or is left to people."""
    pack, table = subject.pack, later()
    keys = [key for key in Pack.model_fields if key in table["keys"] and key in subject.stated]
    if keys:
        yield f"takes effect in a later version: {', '.join(keys)}"
    deeds = [str(deed) for deed in pack.score.earn if deed in table["deeds"]]
    if deeds:
        yield f"cannot be earned in this version: {', '.join(deeds)}"
    silent = [step.id for step in pack.steps if table["triggers"] & _keys(step)]
    if silent:
        yield f"steps that never fire in this version: {', '.join(silent)}"
    names = {model: key for key, model in ACTIONS.items()}
    manual = [
        f"{step.id} ({names[type(action)]})"
        for _, step, action in subject.actions
        if names[type(action)] in table["actions"]
    ]
    if manual:
        yield f"a task for people in this version: {', '.join(dict.fromkeys(manual))}"


def _keys(step: Step) -> frozenset[str]:
    """Return the keys of the mapping that a step's trigger is written as, if it is one."""
    form = trigger_forms.written(step.when)
    return frozenset(form) if isinstance(form, dict) else frozenset()


@cache
def later() -> Mapping[str, frozenset[str]]:
    """Return the keys, triggers, actions and deeds without effect, from `later.yaml`."""
    data: Any = yaml_source.load_packaged("later.yaml")
    return {kind: frozenset(names) for kind, names in data.items()}
