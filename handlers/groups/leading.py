"""What leaders may do by themselves: open what the pack's `leaders.may` names, so often."""

from collections.abc import Mapping
from typing import Final

from handlers.ports import Context
from sop.budgets import budget
from sop.fields.pack_types import Rate
from sop.model import Spending
from sop.pack.pack_actions import StepAction
from sop.pack.pack_steps import ACTIONS, Step

LEADER: Final = "leader"

Hosted = tuple[type[StepAction], ...]


def may_open(context: Context, step: Step, hosted: Hosted) -> bool:
    """Tell whether leaders may open all that the step opens, by the kind of each."""
    rights = _rights(context)
    return all(name in rights for name in _names(step, hosted))


def takes(context: Context, step: Step, hosted: Hosted) -> bool:
    """Count that who acted opens the step now; tells whether they have not done so too often."""
    rights, now = _rights(context), context.now
    spent = {name: _spent(context, name) for name in _names(step, hosted)}
    used = {name: budget.within(each.instants, rights[name], now) for name, each in spent.items()}
    if any(len(instants) >= rights[name].count for name, instants in used.items()):
        return False
    for name, each in spent.items():
        context.store.put(
            Spending(
                community=each.community, scope=each.scope, period="", at=now,
                instants=(*used[name], now),
            )
        )  # fmt: skip
    return True


def _rights(context: Context) -> Mapping[str, Rate]:
    leaders = context.book.pack.leaders
    return leaders.may if leaders is not None else {}


def _names(step: Step, hosted: Hosted) -> list[str]:
    """Return the kinds of what the step opens, as a pack writes them."""
    kinds = [type(action) for action in step.do if isinstance(action, hosted)]
    return [name for name, kind in ACTIONS.items() if kind in kinds]


def _spent(context: Context, name: str) -> Spending:
    scope = f"led:{context.person_id}:{name}"
    return context.store.get(Spending, context.community, scope, "") or Spending(
        community=context.community, scope=scope, period="", at=context.now
    )
