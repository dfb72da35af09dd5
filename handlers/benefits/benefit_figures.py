"""What operators must know of benefits: how fast they go, how long they last, what is promised."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from typing import Final

from handlers.benefits import benefit_stock, returns
from handlers.ports import Context
from sop.activities import benefit_terms
from sop.activities.benefit_terms import Forecast, Offered
from sop.model import Claim, LedgerEntry, Person
from sop.pack.pack_score import Benefit
from sop.times import localtime
from sop.times.durations import DAY_MS

MONTHS_SHOWN: Final = 6
"""Calendar months, this one included, for which claims are counted."""


def forecast(context: Context) -> Forecast:
    """Return the benefits as they stand and the points in members' hands, as of now.

    It reads every claim of half a year: for operators, never on a message's way.
    """
    pack = context.book.pack
    taken = _taken(context)
    offered = [_offered(context, benefit, taken) for benefit in pack.benefits]
    known = {benefit.id for benefit in pack.benefits}
    gone = sorted(taken.keys() - known)
    offered += [_withdrawn(context, name, taken[name]) for name in gone]
    budget = pack.benefit_budget
    earned, spent = _month(context)
    return Forecast(
        offered=tuple(offered),
        outstanding=context.store.total(
            Person, "balance", community=context.community, balance__gt=0
        ),
        earned=earned,
        spent=spent,
        budget=budget.cost if budget else None,
        spent_budget=benefit_stock.budget_spent(context)[0] if budget else 0,
    )


def _month(context: Context) -> tuple[int, int]:
    """Return the points earned and spent in the month, without what was taken back."""
    rows = list(
        context.store.rows(
            LedgerEntry, ("id", "reversal_of", "points", "deed"), community=context.community,
            at__gt=_month_ago(context),
        )
    )  # fmt: skip
    undone = {reversal_of for _, reversal_of, _, _ in rows}
    stood = [row for row in rows if not row[1] and row[0] not in undone]
    return (
        sum(points for *_, points, _ in stood if points > 0),
        -sum(points for *_, points, deed in stood if deed == returns.DEED),
    )


def _month_ago(context: Context) -> int:
    return context.now - benefit_terms.MONTH_DAYS * DAY_MS


def _taken(context: Context) -> Mapping[str, Sequence[Claim]]:
    """The claims of the months shown that were not given back, by benefit."""
    today = localtime.local_date(context.now, context.book.zone)
    months = today.year * 12 + today.month - MONTHS_SHOWN
    first = today.replace(year=months // 12, month=months % 12 + 1, day=1)
    found = context.store.find(
        Claim, community=context.community,
        at__ge=localtime.local_midnight(first, context.book.zone),
    )  # fmt: skip
    taken: defaultdict[str, list[Claim]] = defaultdict(list)
    for each in found:
        if each.status in benefit_terms.GONE:
            taken[each.benefit].append(each)
    return taken


def _offered(context: Context, benefit: Benefit, taken: Mapping[str, Sequence[Claim]]) -> Offered:
    return Offered(
        id=benefit.id,
        title=benefit.title,
        price=benefit.price,
        cost=benefit.cost,
        left=benefit_stock.left(context, benefit),
        lately=benefit_stock.lately(context, benefit),
        monthly=_monthly(context, taken.get(benefit.id, ())),
    )


def _withdrawn(context: Context, name: str, taken: Sequence[Claim]) -> Offered:
    """What people took, and the pack no longer has."""
    last = max(taken, key=lambda each: each.id)
    lately = sum(each.at > _month_ago(context) for each in taken)
    return Offered(
        id=name, title=last.title or name, price=last.price, cost=last.cost, left=None,
        lately=lately, monthly=_monthly(context, taken), withdrawn=True,
    )  # fmt: skip


def _monthly(context: Context, taken: Sequence[Claim]) -> dict[str, int]:
    zone = context.book.zone
    counted = Counter(f"{localtime.local_date(each.at, zone):%Y-%m}" for each in taken)
    return dict(sorted(counted.items()))
