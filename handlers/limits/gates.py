"""Whether a step may run now, and if not, why: every gate in order; nothing is stored.

Quiet hours, pauses and the like close a step for everybody; conditions and limits are asked
of each member, where the step has one.
"""

from datetime import date, timedelta
from typing import Any, Final

from handlers.ledger import facts
from handlers.limits import budgets
from handlers.overrides import quiet_of, skipped
from handlers.ports import Context
from handlers.timing.scheduling import runs_in
from handlers.traces import DROPPED, HELD, NOT_FIRED, RUN, Verdict
from sop.budgets import budget
from sop.fields.pack_types import Rate
from sop.model import Group, Person, StepRun
from sop.pack import conditions
from sop.pack.conditions import Ruling
from sop.pack.pack_actions import DmAction
from sop.pack.pack_steps import Step
from sop.standing import standing
from sop.times import localtime, quiet
from sop.times.durations import DAY_MS, format_duration, format_time_of_day
from sop.triggers import triggers

SPEAKING: Final = (*budget.POSTING, DmAction)
"""Actions that make the bot speak first: quiet hours hold their step."""

PERIOD_MS: Final = {"day": 2 * DAY_MS, "week": 8 * DAY_MS}
"""How far back runs of the current local day or week can lie, at the most."""


def closed(context: Context, group: Group, step: Step, due_at: int) -> Verdict | None:
    """Return why the step cannot run for anybody now, or None."""
    reason = _silenced(context, group, step, due_at)
    if reason:
        return Verdict(verdict=DROPPED, reason=reason)
    return _asleep(context, group, step) or _capped(context, group, step)


def asked(
    context: Context,
    group: Group,
    step: Step,
    person: Person | None,
    *,
    matched: bool = False,
    begun: bool = False,
) -> Verdict:
    """Ask the step's conditions and limits of a member, or of the group where it has none.

    `matched` says that the member was found by the step's segment just now; `begun` that a
    first part of this run has gone out: it counts in the limits itself.
    """
    ruling = _ruling(context, group, step, person, matched=matched)
    if ruling.holds is not True:
        reason = "condition" if ruling.holds is False else "unknown"
        return Verdict(verdict=NOT_FIRED, reason=reason, figures=ruling.against)
    if _unwanted(step, person):
        return Verdict(verdict=NOT_FIRED, reason="do-not-disturb")
    figures: list[str] = [*ruling.reasons]
    for full, figure in () if begun else _limits(context, group, step, person):
        if full:
            return Verdict(verdict=NOT_FIRED, reason="limit", figures=(figure,))
        figures.append(figure)
    return Verdict(verdict=RUN, figures=tuple(figures))


def _silenced(context: Context, group: Group, step: Step, due_at: int) -> str:
    """Why the step does not run at all, or nothing."""
    if group.paused:
        return "paused"
    if not runs_in(step, group):
        return "layer"
    if isinstance(step.when, triggers.TimeTrigger):
        # What was held until a day that is silent goes out on it no more than what is due on it.
        due, today = (
            localtime.local_date(at, context.book.zone)
            for at in (due_at, max(due_at, context.now))
        )
        if any(is_skipped(context, group, step, day) for day in (due, today)):
            return "skip"
    return ""


def is_skipped(context: Context, group: Group, step: Step, day: date) -> bool:
    """Tell whether a timed step is silent on a day, by itself or with everything else."""
    return skipped(context, group, day) or any(day in days for days in step.skip)


def _asleep(context: Context, group: Group, step: Step) -> Verdict | None:
    hours = quiet_of(context, group)
    waking = quiet.quiet_end(hours, context.now, context.book.zone)
    if hours is None or waking <= context.now or not _speaks(step):
        return None
    span = f"{format_time_of_day(hours.start_minute)}-{format_time_of_day(hours.end_minute)}"
    figure = f"quiet: {span}, until {budgets.shown(context, waking)}"
    return Verdict(verdict=HELD, reason="quiet", figures=(figure,), until=waking)


def _speaks(step: Step) -> bool:
    return any(isinstance(action, SPEAKING) for action in step.do)


def _capped(context: Context, group: Group, step: Step) -> Verdict | None:
    """Hold a batched step that has run as often as its `at_most` allows in this period."""
    if step.batch is None or step.batch.at_most is None:
        return None
    cap = step.batch.at_most
    period = standing.period_of(cap.period, context.now, context.book.zone)
    runs = context.store.find(
        StepRun, community=context.community, group=group.id, step=step.id,
        at__gt=context.now - PERIOD_MS[cap.period],
    )  # fmt: skip
    instants = {
        run.at for run in runs
        if standing.period_of(cap.period, run.at, context.book.zone) == period
    }  # fmt: skip
    if len(instants) < cap.n:
        return None
    figure = f"batch: {len(instants)} of {cap.n} {budgets.PERIODS[cap.period]}"
    return Verdict(verdict=HELD, reason="cap", figures=(figure,), until=_tomorrow(context))


def _tomorrow(context: Context) -> int:
    today = localtime.local_date(context.now, context.book.zone)
    return localtime.local_midnight(today + timedelta(days=1), context.book.zone)


def _ruling(
    context: Context, group: Group, step: Step, person: Person | None, *, matched: bool
) -> Ruling:
    known = facts.StoredFacts(context, group, person)
    if step.each is not None and not matched:
        member = conditions.in_segment(step.each.segment, known)
        if member.holds is not True:
            return member
    if not step.is_conditional:
        return Ruling(holds=True)
    return conditions.allows(step.if_, step.unless, known)


def _unwanted(step: Step, person: Person | None) -> bool:
    """Tell whether the step is nothing but words to somebody who wants to hear none.

    An answer they have asked for.
    """
    if person is None or not person.nudges_off or isinstance(step.when, triggers.Says):
        return False
    return all(isinstance(action, DmAction) for action in step.do)


def _limits(
    context: Context, group: Group, step: Step, person: Person | None
) -> list[tuple[bool, str]]:
    """Each limit the step has here: whether it is used up, and the figure."""
    found = []
    if step.limit.group is not None:
        found.append(_limit(context, step, step.limit.group, "", group=group.id))
    if step.limit.member is not None and person is not None:
        rate = step.limit.member
        found.append(_limit(context, step, rate, " for the member", person=person.id))
    return found


def _limit(
    context: Context, step: Step, rate: Rate, whose: str, **narrow: Any
) -> tuple[bool, str]:
    since = context.now - rate.within_ms if rate.within_ms is not None else -1
    runs = context.store.find(
        StepRun, community=context.community, step=step.id, at__gt=since, **narrow
    )
    # A run for several members is one run of the group's, with a row for each.
    used = len({(run.at, run.due_at) for run in runs})
    within = f" in {format_duration(rate.within_ms)}" if rate.within_ms is not None else ""
    last = f", last {budgets.shown(context, max(run.at for run in runs))}" if runs else ""
    return used >= rate.count, f"limit: {used} of {rate.count}{within}{whose}{last}"
