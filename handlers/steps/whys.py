"""Why a step ran or did not: what was kept of its occurrences, and what would happen now.

Only reads: it may look at a snapshot while the bot runs.
"""

from dataclasses import dataclass
from typing import Final

from handlers.limits import budgets, gates, rounds
from handlers.pools import preparing
from handlers.ports import Context
from handlers.steps import bundles
from handlers.traces import DROPPED, HELD, NOT_FIRED, RUN, Verdict
from sop.budgets import budget
from sop.model import Group, Occurrence, Person, Trace
from sop.pack.pack_steps import Step
from sop.triggers import triggers

OF_MEMBERS: Final = (
    triggers.MemberJoined,
    triggers.MemberMoment,
    triggers.Inactive,
    triggers.Likes,
    triggers.LikesGiven,
    triggers.ScoreCrossed,
    triggers.Says,
)
"""Triggers that always have a member: without one, conditions cannot be asked."""

WAITING: Final = 5
"""Planned occurrences that are shown at most."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """What is known of a step in a group.

    `traces` are its last occurrences, the newest first, `waiting` what is planned, the next
    first, `now` what would become of one that fell due now.
    """

    traces: tuple[Trace, ...]
    waiting: tuple[Occurrence, ...]
    now: Verdict


def account(
    context: Context, group: Group, step: Step, person: Person | None, last: int
) -> Account:
    """Give account of a step, of all its members or of one."""
    whose = {"subject__in": ("", str(person.id))} if person else {}
    here = {"community": context.community, "group": group.id, "step": step.id, **whose}
    waiting = context.store.find(
        Occurrence, status="pending", kind__in=("step", "silence"), order="run_at",
        limit=WAITING, **here,
    )  # fmt: skip
    return Account(
        traces=tuple(context.store.find(Trace, order="-at", limit=last, **here)),
        waiting=tuple(waiting),
        now=foresee(context, group, step, person),
    )


def foresee(context: Context, group: Group, step: Step, person: Person | None) -> Verdict:
    """Return what would become of the step if it fell due now, for a member where it has one."""
    spoken = isinstance(step.when, triggers.Says)
    shut = gates.closed(context, group, step, context.now)
    if shut is not None and not (spoken and shut.verdict == HELD):
        return shut
    if group.retired:
        return Verdict(verdict=DROPPED, reason="edited", figures=("the group is not bound",))
    if person is None and step.each is not None:
        tally = rounds.count(context, group, step)
        figures = rounds.figures(step.each.segment, tally)
        return Verdict(verdict=RUN if tally[0] else NOT_FIRED, figures=figures)
    if person is None and isinstance(step.when, OF_MEMBERS):
        return Verdict(verdict="", figures=("each member is asked, name one",))
    verdict = gates.asked(context, group, step, person)
    if verdict.verdict != RUN or spoken:
        return verdict
    return _short(context, group, step, person) or _unfed(context, group, step) or verdict


def _unfed(context: Context, group: Group, step: Step) -> Verdict | None:
    """Say so where the step would be dropped for a pool that is used up."""
    lacking = preparing.lacking(context, group, step, context.now)
    if not lacking:
        return None
    figures = (f"pool: {lacking} has nothing left",)
    return Verdict(verdict=DROPPED, reason="pool", figures=figures)


def _short(context: Context, group: Group, step: Step, person: Person | None) -> Verdict | None:
    """Return what a step that may run would still have to wait for."""
    bundle = bundles.bundle_of(context, group, step)
    if bundle is not None:
        now = Occurrence(
            community=context.community, group=group.id, kind="step", step=step.id, subject="",
            cause="", due_at=context.now, run_at=context.now,
        )  # fmt: skip
        waits = bundles.wait(context, bundle, now)
        if waits is not None:
            return waits
    wanted = 1 if bundle is not None else budget.posts_from(step)
    short = budgets.short_of(context, group, wanted)
    if short is None and person is not None:
        short = budgets.short_for(context, group, step, person)
    return short
