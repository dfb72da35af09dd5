"""Who is not a full member yet: what they do counts, what is handed out has to wait."""

from handlers.ports import Context
from sop.activities import admissions
from sop.model import Newcomer


def is_new(context: Context, person: int) -> bool:
    """Tell whether somebody is still to answer, to be admitted, or on trial.

    Nobody is where the pack in force has no admission.
    """
    if context.in_force.pack.admission is None:
        return False
    found = context.store.get(Newcomer, context.community, person)
    return found is not None and found.status in admissions.WITHHELD


def ends_at(context: Context, person: int) -> int:
    """Return when somebody's trial is over; 0 where nobody can say yet."""
    found = context.store.get(Newcomer, context.community, person)
    on_trial = found is not None and found.status == admissions.TRIAL
    return found.until if found is not None and on_trial else 0
