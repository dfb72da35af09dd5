"""What leaders may do by themselves: open what the pack lets their tier open, so often.

On probation the pack's own `may` holds, in a tier also that of the tier and of those below it.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Final, Literal

from handlers.people import leader_records, people
from handlers.people.leader_records import PROBATION, SERVING
from handlers.ports import Context
from sop.budgets import budget
from sop.fields.pack_types import Rate
from sop.model import Person, Spending
from sop.pack.pack_actions import StepAction
from sop.pack.pack_steps import ACTIONS, Step
from sop.standing import leaders

Hosted = tuple[type[StepAction], ...]

OPENED: Final = "led"
"""What is kept of a leader who opened something, with its kind as the reason."""


def is_leader(context: Context) -> bool:
    """Tell whether who acted leads, be it on probation."""
    return _tier(context, context.person) is not False


def may_open(context: Context, step: Step, hosted: Hosted) -> bool:
    """Tell whether leaders may open all that the step opens, by the kind of each."""
    rights = _rights(context)
    return all(name in rights for name in _names(step, hosted))


def takes(context: Context, step: Step, hosted: Hosted) -> bool:
    """Count that who acted opens the step now; tells whether they have not done so too often."""
    return take(context, *_names(step, hosted), step=step.id)


def may(context: Context, name: str) -> bool:
    """Tell whether who acted may open that kind of thing at all."""
    return name in _rights(context)


def take(context: Context, *names: str, **about: object) -> bool:
    """Count that who acted opens things of those kinds now; tells whether they still may.

    `about` says what was opened; it is kept with the deed.
    """
    rights, now = _rights(context), context.now
    spent = {name: _spent(context, name) for name in names}
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
        _note(context, name, about)
    return True


def _note(context: Context, name: str, about: dict[str, object]) -> None:
    leader = leader_records.of(context, context.person_id)
    if leader is not None:
        leader = replace(leader, group=context.group_id)
        leader_records.keep(context, leader, OPENED, reason=name, body=dict(about))


def _rights(context: Context) -> Mapping[str, Rate]:
    wanted, tier = context.book.pack.leaders, _tier(context, context.person)
    return {} if wanted is None or tier is False else leaders.rights(wanted, tier)


def benefits(context: Context, person: Person) -> frozenset[str]:
    """Return the benefits that somebody's tier brings, with those of the tiers below it."""
    wanted, tier = context.book.pack.leaders, _tier(context, person)
    if wanted is None or not isinstance(tier, str):
        return frozenset()
    return frozenset(each for found in leaders.reached(wanted, tier) for each in found.benefits)


def _tier(context: Context, person: Person | None) -> str | Literal[False] | None:
    """Return the tier somebody serves in, None on probation, False where they do not lead.

    A leader of whom nothing else is kept was made one by hand: the lowest tier is theirs.
    """
    known = leader_records.of(context, person.id) if person is not None else None
    if known is not None and known.status in (SERVING, PROBATION):
        return known.tier if known.status == SERVING else None
    return "" if person is not None and person.role == people.LEADER else False


def _names(step: Step, hosted: Hosted) -> list[str]:
    """Return the kinds of what the step opens, as a pack writes them."""
    kinds = [type(action) for action in step.do if isinstance(action, hosted)]
    return [name for name, kind in ACTIONS.items() if kind in kinds]


def _spent(context: Context, name: str) -> Spending:
    scope = f"led:{context.person_id}:{name}"
    return context.store.get(Spending, context.community, scope, "") or Spending(
        community=context.community, scope=scope, period="", at=context.now
    )
