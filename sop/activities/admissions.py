"""Admission: which answers of a newcomer will do, and what waits until the trial is over.

No channel holds a person at the door: who has joined is in the group, and is asked there.
"""

from typing import Final

from sop.pack.pack_people import AdmissionQuestion
from sop.text import normalise, visible_length

ASKED: Final = "asked"
WAITING: Final = "waiting"
TRIAL: Final = "trial"
FULL: Final = "full"
REFUSED: Final = "refused"

STATUSES: Final = (REFUSED, ASKED, WAITING, TRIAL, FULL)
"""How far somebody is, the least first."""

WITHHELD: Final = frozenset({ASKED, WAITING, TRIAL})
"""Who has one of these takes no rewards yet, brings none, and is not proposed for the core."""

SHORTEST: Final = 2
"""Characters that an answer has."""


def will_do(question: AdmissionQuestion, said: str) -> bool:
    """Tell whether an answer is one: with words that are wanted, any of them."""
    if not question.want:
        return visible_length(said) >= SHORTEST
    normal = normalise(said)
    return any(normalise(word) in normal for word in question.want)
