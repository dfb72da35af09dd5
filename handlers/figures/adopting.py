"""Accepted advice as a part of what a group has otherwise than its pack."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Final

from handlers.ports import Context
from sop.figures import adopting
from sop.model import AdviceGiven, Group

ACCEPTED: Final = "accepted"


def accepted(context: Context, **where: Any) -> Sequence[AdviceGiven]:
    """Return the changes that were accepted and hold, in that order."""
    found = context.store.find(
        AdviceGiven, community=context.community, status=ACCEPTED, order="id", **where
    )
    return [each for each in found if each.change]


def followed(context: Context, bound: Sequence[Group]) -> dict[str, Group]:
    """Return groups as bound, by id, with the accepted changes no edit has overruled since."""
    groups = {each.id: each for each in bound}
    files = {each.id: each.override for each in bound}
    for each in accepted(context):
        if each.group not in groups:
            continue
        if adopting.holds(files[each.group], each.before):
            group = groups[each.group]
            override = adopting.adopted(group.override, each.change)
            groups[each.group] = replace(group, override=override)
        else:
            context.store.put(replace(each, status="overruled", closed_at=context.now))
    return groups


def adopt(context: Context, group: Group, advice: AdviceGiven) -> Group:
    """Let the group follow a change from now on; an earlier one about the same is replaced."""
    override: dict[str, Any] = dict(group.override)
    for each in accepted(context, group=group.id):
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
