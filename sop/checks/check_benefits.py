"""Checks of benefits: promises beyond what there is, and settings that bring nothing."""

from collections import Counter
from collections.abc import Iterator

from sop.activities import benefit_terms
from sop.checks.check_subject import Subject, warning
from sop.pack.pack_actions import StepAction
from sop.pack.pack_campaigns import CollectAction
from sop.pack.pack_score import Benefit
from sop.problems import Path
from sop.yaml.schema_problems import Finding

CODED = frozenset({"code", "quota", "service"})
"""Kinds that are handed over as a code, unless a person sees to them."""


def beyond_stock(subject: Subject) -> Iterator[Finding]:
    """Find promises of more than there is: prizes, and what a whole layer is promised."""
    pack = subject.pack
    stocks = {each.id: each.stock for each in pack.benefits if each.stock is not None}
    promised: Counter[str] = Counter()
    for path, _, action in subject.actions:
        prizes = action.prizes if isinstance(action, CollectAction) else ()
        for index, prize in enumerate(prizes):
            stock = stocks.get(prize.benefit)
            promised[prize.benefit] += (prize.top or 0) * _winners(action)
            if stock is not None and promised[prize.benefit] > stock:
                message = (
                    f'promises {promised[prize.benefit]} of "{prize.benefit}" with the prizes '
                    f"before it, and the stock is {stock}"
                )
                yield warning((*path, action.UNDER, "prizes", index), message)
    size = (pack.layers.core.size or 0) if pack.layers.core else 0
    for index, benefit in enumerate(pack.benefits):
        for_core = benefit.layer == "core" or benefit.id in pack.layers.benefits.get("core", ())
        if for_core and 0 < (benefit.stock or 0) < size:
            message = f"the core group may have {size} members: not all of them get one"
            yield warning(("benefits", index, "stock"), message)


def _winners(action: StepAction) -> int:
    """Return how many persons one place of a ranking can have."""
    return action.team.size if isinstance(action, CollectAction) and action.team else 1


def beyond_budget(subject: Subject) -> Iterator[Finding]:
    """Find benefits of which the budget does not even allow one."""
    budget = subject.pack.benefit_budget
    for index, benefit in enumerate(subject.pack.benefits if budget else ()):
        if budget and benefit.cost > budget.cost:
            message = f"is more than benefit_budget has for a whole {budget.per}, {budget.cost}"
            yield warning(("benefits", index, "cost"), message)


def odd_terms(subject: Subject) -> Iterator[Finding]:
    """Find terms that nothing follows from, or that have passed."""
    for index, benefit in enumerate(subject.pack.benefits):
        path: Path = ("benefits", index)
        nobody = benefit.by == "leader" and subject.pack.leaders is None
        if benefit.by and benefit.fulfil != "task" and not nobody:
            message = "nobody is asked to hand it out: add fulfil: task, or say approve"
            yield warning((*path, "by"), message)
        if benefit.valid and not (benefit.kind in CODED and benefit.fulfil == "code"):
            yield warning((*path, "valid"), "only codes have an end: this is not used")
        yield from _calendar(subject, benefit, path)


def _calendar(subject: Subject, benefit: Benefit, path: Path) -> Iterator[Finding]:
    opening = benefit_terms.opening(benefit.calendar)
    if benefit.calendar and opening is None:
        message = (
            "is told to people, and binds nobody: to open it on certain days only, write such "
            "as sat,sun or 2027-02-01..2027-02-10"
        )
        yield warning((*path, "calendar"), message)
    spans = opening.spans if opening is not None else ()
    if spans and subject.today is not None and max(each.last for each in spans) < subject.today:
        yield warning((*path, "calendar"), "is over: nobody can have it any more")
