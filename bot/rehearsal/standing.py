"""How a rehearsal ends: where everybody stands, and how much of what was said was heard."""

from dataclasses import dataclass

from handlers.ledger import ledger
from handlers.ports import Context
from sop.model import Person


@dataclass
class Tally:
    """How much was said in the rehearsal, and how much of it the bot heard."""

    said: int = 0
    heard: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Where somebody stands at the end."""

    name: str
    balance: int
    score: int
    level: str
    layer: str


def standings_of(context: Context) -> dict[str, Standing]:
    """Return where everybody of the community stands now, by platform id, as they came."""
    people = context.store.find(Person, community=context.community, order="id")
    return {person.userid: _standing(context, person) for person in people}


def _standing(context: Context, person: Person) -> Standing:
    return Standing(
        name=person.name,
        balance=person.balance,
        score=ledger.as_of_now(context, person.id).score,
        level=person.level,
        layer=person.layer,
    )
