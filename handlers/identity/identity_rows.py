"""Which records are somebody's: how they become another's when two are one, and how they go back.

Each part tells what it has moved, in a form that JSON can hold.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any, Final, Protocol, TypeVar, cast

from handlers.ports import Context, Store
from sop.model import (
    BulkAnswer,
    Claim,
    CleanUp,
    Counter,
    HiddenAuthor,
    Identity,
    Invitation,
    Item,
    LayerMove,
    LeaderChange,
    LearnedText,
    LedgerEntry,
    Like,
    Nickname,
    Offer,
    Order,
    Person,
    PersonalCode,
    Record,
    Relay,
    Report,
    ShortLink,
    StepRun,
    Strike,
)

R = TypeVar("R", bound=Record)

AT_ONCE: Final = 500
"""Entries taken out by one statement."""

PLAIN: Final[Mapping[type[Record], str]] = {
    Strike: "person",
    Item: "person",
    HiddenAuthor: "person",
    Claim: "person",
    CleanUp: "by",
    BulkAnswer: "by",
    LearnedText: "by",
    StepRun: "person",
    Person: "invited_by",
    Like: "author",
    LeaderChange: "person",
    PersonalCode: "person",
    ShortLink: "person",
    Offer: "person",
    Order: "person",
    Invitation: "inviter",
    Relay: "by",
    Report: "reporter",
    Nickname: "person",
    LayerMove: "person",
}
"""Kinds of records with a key of their own, and the field that names a person."""


class Rewriting(Store, Protocol):
    """A store that may also take away and replace what is otherwise only added."""

    def remove(self, kind: type[Record], /, **where: Any) -> int:
        """Delete the matching records; returns how many."""
        ...

    def amend(self, kind: type[R], records: Sequence[R]) -> None:
        """Replace stored records, even of a kind that `put` only adds to."""
        ...


@dataclass(frozen=True, slots=True)
class Move:
    """What is `gone`'s becomes `into`'s (person ids), or goes back; `at` is when it was merged."""

    context: Context
    into: int
    gone: int
    at: int

    @property
    def store(self) -> Rewriting:
        """The store as it is wherever events are handled."""
        return cast("Rewriting", self.context.store)

    @property
    def community(self) -> str:
        """The community both belong to."""
        return self.context.community


@dataclass(frozen=True, slots=True)
class Part:
    """How one part of what somebody has is moved, and (with what that told) moved back."""

    take: Callable[[Move], Any]
    give_back: Callable[[Move, Any], None]


def restored(kind: type[R], told: Mapping[str, Any]) -> R:
    """Return a record as it was told; a later version of the program may know other fields."""
    known = {field.name for field in fields(cast("Any", kind))} & told.keys()
    return kind(**{name: told[name] for name in known})


def take_plain(move: Move) -> dict[str, Any]:
    """Put the other person into every record that names somebody beside its key."""
    return {kind.__name__: _put_in(move, kind, field) for kind, field in PLAIN.items()}


def _put_in(move: Move, kind: type[Record], field: str) -> list[tuple[Any, ...]]:
    named: dict[str, Any] = {field: move.gone}
    found = move.store.find(kind, community=move.community, **named)
    move.store.amend(kind, [renamed(record, field, move.into) for record in found])
    return [record.key for record in found]


def renamed(record: R, field: str, person: int) -> R:
    """Return the record with another person in a field."""
    return replace(record, **{field: person})


def give_plain_back(move: Move, told: Mapping[str, Any]) -> None:
    """Name whom the records named before, where they still name the other."""
    for kind, field in PLAIN.items():
        known = (move.store.get(kind, *key) for key in told.get(kind.__name__, ()))
        theirs = [each for each in known if each and getattr(each, field) == move.into]
        move.store.amend(kind, [renamed(each, field, move.gone) for each in theirs])


def take_ids(move: Move) -> list[str]:
    """Let the platform ids of the one mean the other from now on."""
    found = move.store.find(Identity, community=move.community, person=move.gone)
    for each in found:
        move.store.put(replace(each, person=move.into))
    return [each.userid for each in found]


def give_ids_back(move: Move, told: Iterable[str]) -> None:
    """Let the platform ids mean who they meant before."""
    for userid in told:
        known = move.store.get(Identity, move.community, userid)
        if known is not None and known.person == move.into:
            move.store.put(replace(known, person=move.gone))


def take_entries(move: Move) -> dict[str, Any]:
    """Put the ledger entries under the other's key; none is lost, none changes its points.

    Where one source has paid both, the second entry takes the next free generation.
    """
    theirs: dict[str, Any] = {"community": move.community, "person": move.gone}
    found = move.store.find(LedgerEntry, order="id", **theirs)
    own = move.store.find(LedgerEntry, community=move.community, person=move.into)
    taken = {each.key for each in own}
    counter = move.store.get(Counter, move.community, "ledger")
    move.store.remove(LedgerEntry, **theirs)
    renumbered: dict[str, int] = {}
    for entry in found:
        moved = replace(entry, person=move.into)
        while moved.key in taken:
            moved = replace(moved, generation=moved.generation + 1)
        if moved.generation != entry.generation:
            renumbered[str(entry.id)] = entry.generation
        taken.add(moved.key)
        move.store.put(moved)
    last = counter.value if counter else 0
    return {"ids": [entry.id for entry in found], "generations": renumbered, "last": last}


def give_entries_back(move: Move, told: Mapping[str, Any]) -> None:
    """Put the entries back under their key, and with them what has corrected them since."""
    found = move.store.find(LedgerEntry, community=move.community, person=move.into, order="id")
    theirs = _theirs(found, told)
    ids = [entry.id for entry in theirs]
    for start in range(0, len(ids), AT_ONCE):
        move.store.remove(
            LedgerEntry, community=move.community, person=move.into,
            id__in=ids[start : start + AT_ONCE],
        )  # fmt: skip
    for entry in theirs:
        generation = told["generations"].get(str(entry.id), entry.generation)
        move.store.put(replace(entry, person=move.gone, generation=generation))


def _theirs(entries: Sequence[LedgerEntry], told: Mapping[str, Any]) -> list[LedgerEntry]:
    """Return what was moved, what reverses it, and what reinstated it since, in order."""
    moved = {*told["ids"]}
    before = [entry for entry in entries if entry.id <= told["last"]]
    sources = {(each.source, each.deed) for each in before if each.id in moved}
    sources -= {(each.source, each.deed) for each in before if each.id not in moved}
    found: list[LedgerEntry] = []
    for entry in entries:
        later = entry.id > told["last"]
        follows = entry.reversal_of in moved or (entry.source, entry.deed) in sources
        if entry.id in moved or (later and follows):
            moved.add(entry.id)
            found.append(entry)
    return found
