"""Whom a post of a step addresses by name, and whether it may address everybody."""

from collections.abc import Sequence

from handlers.limits import budgets
from handlers.people import people
from handlers.ports import Context
from sop.actions import Action
from sop.model import Group, Person
from sop.pack.pack_steps import Step
from sop.triggers.triggers import Says

EVERYBODY = ("all",)


def whom(
    context: Context, group: Group, step: Step, subjects: Sequence[Person], wanted: Sequence[str]
) -> tuple[tuple[str, ...], tuple[Action, ...]]:
    """Return whom a post mentions, and the line that says why it is not everybody.

    `wanted` holds `all`, `member` (the step's own) and user ids. Who wants to be left alone is
    named in the text at the most.
    """
    if "all" not in wanted:
        found = _persons(context, subjects, wanted)
        return tuple(dict.fromkeys(str(each.id) for each in found if reaches(step, each))), ()
    why = budgets.all_withheld(context, group)
    if not why:
        budgets.spend_all(context, group)
        return EVERYBODY, ()
    line = Action(
        do="dropped", group=group.id, step=step.id, mention=EVERYBODY, reason="limit", why=why
    )
    return (), (line,)


def reaches(step: Step, person: Person) -> bool:
    """Tell whether the step may turn to the person: what answers them may, whatever they want."""
    return not person.nudges_off or isinstance(step.when, Says)


def _persons(context: Context, subjects: Sequence[Person], wanted: Sequence[str]) -> list[Person]:
    found: list[Person] = []
    for name in wanted:
        if name == "member":
            found.extend(subjects)
        else:
            found.append(people.person_of(context.store, context.community, name))
    return found
