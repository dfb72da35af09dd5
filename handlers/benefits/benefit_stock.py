"""How much of a benefit is left, what its budget still allows, and who is told in time."""

from collections.abc import Mapping
from datetime import date
from typing import Final

from handlers.benefits import code_lists
from handlers.ports import Context
from handlers.tasks import tasks
from sop.actions import Action
from sop.activities import benefit_terms
from sop.model import Claim
from sop.pack.pack_score import Benefit
from sop.texts import quoted, text
from sop.times import localtime
from sop.times.durations import DAY_MS

CODED: Final = frozenset({"code", "quota", "service"})
"""The kinds that are handed over as a code, unless a person sees to them."""


def gives_code(benefit: Benefit) -> bool:
    """Tell whether the benefit is handed over as a code."""
    return benefit.kind in CODED and benefit.fulfil == "code"


def left(context: Context, benefit: Benefit) -> int | None:
    """Return how many can still be given; None: without bound."""
    bounds = []
    if benefit.stock is not None:
        bounds.append(max(0, benefit.stock - _gone(context, benefit)))
    if gives_code(benefit) and code_lists.is_counted(context, benefit):
        bounds.append(code_lists.left(context, benefit))
    return min(bounds, default=None)


def _gone(context: Context, benefit: Benefit) -> int:
    return context.store.count(
        Claim, community=context.community, benefit=benefit.id,
        status__in=benefit_terms.GONE,
    )  # fmt: skip


def lately(context: Context, benefit: Benefit) -> int:
    """Return how many were taken in the last month of days."""
    since = context.now - benefit_terms.MONTH_DAYS * DAY_MS
    return context.store.count(
        Claim, community=context.community, benefit=benefit.id,
        status__in=benefit_terms.GONE, at__gt=since,
    )  # fmt: skip


def budget_spent(context: Context) -> tuple[int, date]:
    """Return what benefits have cost in the budget's period so far, and when the next begins."""
    budget = context.book.pack.benefit_budget
    per = budget.per if budget is not None else "month"
    zone = context.book.zone
    first, following = benefit_terms.period_of(per, localtime.local_date(context.now, zone))
    spent = context.store.total(
        Claim, "cost", community=context.community,
        at__ge=localtime.local_midnight(first, zone), status__in=benefit_terms.GONE,
    )  # fmt: skip
    return spent, following


def warn_if_low(context: Context, benefit: Benefit, group: str) -> tuple[Action, ...]:
    """Ask the owner, once per supply, for more of what lasts for less than a month."""
    found, pace = left(context, benefit), lately(context, benefit)
    if found is None or not benefit_terms.runs_low(found, pace):
        return ()
    supply = found + _gone(context, benefit)
    # The number that is given out is how often it was asked for: once is enough.
    if context.store.number(context.community, f"low-benefit:{benefit.id}:{supply}") > 1:
        return ()
    values: Mapping[str, object] = {"title": quoted(benefit.title), "left": found, "pace": pace}
    return tasks.open_task(
        context, kind="low-benefit", to="owner", group=group, target=benefit.id,
        about=f"low-benefit:{benefit.id}",
        words=lambda number: text("benefits.low", number=number, **values),
    )  # fmt: skip
