"""Checks of offers: what is offered before anything was given, to everybody, or unguarded."""

from collections.abc import Iterator
from typing import Final

from sop import channels
from sop.checks.check_subject import Subject, warning
from sop.pack.pack_actions import OfferAction
from sop.pack.pack_conditions import Conditions
from sop.times.durations import format_duration
from sop.yaml.schema_problems import Finding

_GIVEN: Final = frozenset({
    "value_posts", "recognised_ms", "score", "level", "layer", "segment", "deeds", "liked_in",
    "active_days",
})  # fmt: skip
"""Conditions that say that the group gave something, or that the member stands for something."""


def offered_first(subject: Subject) -> Iterator[Finding]:
    """Find offers before which nothing need have been given, and such as nothing bounds."""
    offers = subject.pack.offers
    for path, step, action in subject.actions:
        if not isinstance(action, OfferAction) or subject.pack.benefit(action.offer) is None:
            continue
        if not _asks_for_value(step.if_):
            message = (
                "nothing need be given before it is offered: "
                'add to the step if: {value_posts: ">= 3 in 7d"}, recognised or a level'
            )
            yield warning((*path, "offer"), message)
        bounded = step.limit.model_fields_set or offers.per_member or offers.per_group
        if not bounded:
            message = "nothing says how seldom: add a limit, or offers: {per_member: 1/7d}"
            yield warning((*path, "offer"), message)


def _asks_for_value(conditions: Conditions) -> bool:
    stated = conditions.model_fields_set
    return bool(stated & _GIVEN) or any(map(_asks_for_value, conditions.any))


def told(subject: Subject) -> Iterator[str]:
    """Yield what holds for the offers of a pack that makes some."""
    if not any(isinstance(action, OfferAction) for _, _, action in subject.actions):
        return
    offers = subject.pack.offers
    guard, share = offers.guard, offers.holdout
    if share:
        yield f"offers: {share:.0%} of the members get none of a benefit, to tell what it brings"
    else:
        yield "offers: what they bring cannot be told from chance: set offers: {holdout: 10%}"
    yield (
        f"offers stop in a group at {guard.complaints} complaints or {guard.leaves} leaves within "
        f"{format_duration(guard.within_ms)}, if that is {guard.rise} times as many as before"
    )
    for group in subject.groups:
        if not channels.knows_members(group.channels):
            yield f'group "{group.id}": its channels do not tell who leaves: that stops no offers'
