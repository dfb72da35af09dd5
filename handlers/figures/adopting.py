"""Accepted advice as a part of what a group has otherwise than its pack."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Final

from handlers.ports import Context
from sop.figures import adopting
from sop.model import AdviceGiven, Group

ACCEPTED: Final = "accepted"


def accepted(context: Context, group: str) -> Sequence[AdviceGiven]:
    """Return the changes that were accepted for a group and hold, in that order."""
    found = context.store.find(
        AdviceGiven, community=context.community, group=group, status=ACCEPTED, order="id"
    )
    return [each for each in found if each.change]


def followed(context: Context, bound: Group) -> Group:
    """Return a group as bound, with the accepted changes that no edit has overruled since."""
    override: dict[str, Any] = dict(bound.override)
    for each in accepted(context, bound.id):
        if adopting.holds(bound.override, each.before):
            override = adopting.adopted(override, each.change)
        else:
            context.store.put(replace(each, status="overruled", closed_at=context.now))
    return replace(bound, override=override)


def adopt(context: Context, group: Group, advice: AdviceGiven) -> Group:
    """Let the group follow a change from now on; an earlier one about the same is replaced."""
    override: dict[str, Any] = dict(group.override)
    for each in accepted(context, group.id):
        if adopting.overlap(each.change, advice.change):
            override = adopting.undone(override, each.before)
            context.store.put(replace(each, status="replaced", closed_at=context.now))
    was = adopting.before(override, advice.change)
    context.store.put(replace(advice, before=was))
    return _kept(context, group, adopting.adopted(override, advice.change))


def undo(context: Context, group: Group, advice: AdviceGiven) -> Group:
    """Let the group be as it was before a change."""
    return _kept(context, group, adopting.undone(group.override, advice.before))


def _kept(context: Context, group: Group, override: dict[str, Any]) -> Group:
    changed = replace(group, override=override)
    context.store.put(changed)
    return changed
