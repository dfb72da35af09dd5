"""Checking in, whoever brings it: by a command, or in a list that people signed."""

from dataclasses import dataclass

from handlers.ledger import ledger, streaks
from handlers.ports import Context
from sop.actions import Action
from sop.model import Person
from sop.standing import standing
from sop.text import normalise

DEED = streaks.DEED


@dataclass(frozen=True, slots=True)
class Booked:
    """A check-in as it was booked: its lines, its points, why it earned none, and the run."""

    lines: tuple[Action, ...]
    points: int
    refused: str
    run: str


def refusal(context: Context, person: Person, said: str) -> str:
    """Return why a check-in would earn nothing now, in one word; empty where it would."""
    spec = context.book.pack.score.earned(DEED)
    if spec is None:
        return "unpaid"
    refused: str = standing.award_for(
        spec, person, DEED, at=context.now, zone=context.book.zone,
        normal=normalise(said), score=context.book.pack.score, said=said,
    ).refused  # fmt: skip
    return refused


def book(context: Context, person: Person, *, source: str, said: str) -> Booked:
    """Book a check-in, with the days in a row that it makes."""
    refused = refusal(context, person, said)
    lines = ledger.credit(context, person.id, DEED, source=source, said=said)
    booked = [line for line in lines if line.deed == DEED]
    run = streaks.extend(context, person.id) if booked else ""
    return Booked(lines, sum(line.points or 0 for line in booked), refused, run)
