"""Checks of offers: what is offered before anything was given, and what holds for all of them."""

from collections.abc import Iterable, Iterator
from typing import Final

from sop import channels
from sop.checks.check_subject import Subject, warning
from sop.pack.pack_actions import OfferAction
from sop.pack.pack_conditions import Conditions
from sop.pack.pack_steps import Step
from sop.problems import Path
from sop.times.durations import format_duration
from sop.yaml.schema_problems import Finding

_GIVEN: Final = frozenset({
    "value_posts", "recognised_ms", "score", "level", "layer", "segment", "deeds", "liked_in",
    "active_days",
})  # fmt: skip
"""Conditions that say that the group gave something, or that the member stands for something."""


def offered_first(subject: Subject) -> Iterator[Finding]:
    """Find offers before which nothing need have been given."""
    for path, step, action in _offers(subject):
        if subject.pack.benefit(action.offer) is not None and not _asks_for_value(step.if_):
            message = (
                "nothing need be given before it is offered: "
                'add to the step if: {value_posts: ">= 3 in 7d"}, recognised or a level'
            )
            yield warning((*path, "offer"), message)


def _offers(subject: Subject) -> Iterator[tuple[Path, Step, OfferAction]]:
    for path, step, action in subject.actions:
        if isinstance(action, OfferAction):
            yield path, step, action


def _asks_for_value(conditions: Conditions) -> bool:
    stated = conditions.model_fields_set
    return bool(stated & _GIVEN) or any(map(_asks_for_value, conditions.any))


def told(subject: Subject) -> Iterator[str]:
    """Yield what holds for the offers of a pack that makes some."""
    offers, made = subject.pack.offers, [step for _, step, _ in _offers(subject)]
    if not made:
        return
    if not (offers.per_member or offers.per_group):
        for step in made:
            if not step.limit.model_fields_set:
                yield f"offers: nothing says how seldom {step.id} offers: set limit"
    yield from _holdout(subject, made)
    guard = offers.guard
    yield (
        f"offers stop in a group at {guard.complaints} complaints or {guard.leaves} leaves within "
        f"{format_duration(guard.within_ms)}, if that is {guard.rise} times as many as before"
    )
    for group in subject.groups:
        if not channels.knows_members(group.channels):
            yield f'group "{group.id}": its channels do not tell who leaves: that stops no offers'


def _holdout(subject: Subject, made: Iterable[Step]) -> Iterator[str]:
    share = subject.pack.offers.holdout
    if not share:
        yield "offers: what they bring cannot be told from chance: set offers: {holdout: 10%}"
        return
    yield f"offers: {share:.0%} of the members get none of a benefit, to tell what it brings"
    for step in made:
        if not subject.people_of(step):
            yield f"offers: {step.id} offers to a whole group: those left out see it too"
