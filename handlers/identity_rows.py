"""Which records are somebody's: how they become another's when two are one, and how they go back.

Each part tells what it has moved, in a form that JSON can hold.
"""

from collections import Counter as Counted
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, fields, replace
from typing import Any, Final, Protocol, TypeVar, cast

from handlers.ports import Context, Store
from sop.model import (
    BadgeHeld,
    Claim,
    Comment,
    Counter,
    Identity,
    Item,
    LedgerEntry,
    LevelReached,
    Like,
    Person,
    Record,
    SegmentSpell,
    StepRun,
    Strike,
    Thread,
    ThreadReply,
    Voice,
)

R = TypeVar("R", bound=Record)

AT_ONCE: Final = 500
"""Entries taken out by one statement."""

PLAIN: Final[Mapping[type[Record], str]] = {
    Strike: "person",
    Item: "person",
    Claim: "person",
    StepRun: "person",
    Person: "invited_by",
    Like: "author",
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


def take_plain(move: Move) -> dict[str, Any]:
    """Put the other person into every record that names somebody beside its key."""
    return {kind.__name__: _renamed(move, kind, field) for kind, field in PLAIN.items()}


def _renamed(move: Move, kind: type[Record], field: str) -> list[tuple[Any, ...]]:
    named: dict[str, Any] = {field: move.gone}
    found = move.store.find(kind, community=move.community, **named)
    move.store.amend(kind, [_with(record, field, move.into) for record in found])
    return [record.key for record in found]


def _with(record: R, field: str, person: int) -> R:
    return replace(record, **{field: person})


def give_plain_back(move: Move, told: Mapping[str, Any]) -> None:
    """Name whom the records named before, where they still name the other."""
    for kind, field in PLAIN.items():
        known = (move.store.get(kind, *key) for key in told[kind.__name__])
        theirs = [each for each in known if each and getattr(each, field) == move.into]
        move.store.amend(kind, [_with(each, field, move.gone) for each in theirs])


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


def _earlier(own: Any, other: Any) -> Any:
    return min(own, other, key=lambda each: each.at)


def _until_both_end(own: SegmentSpell, other: SegmentSpell) -> SegmentSpell:
    return replace(own, until=min(own.until, other.until))


def _one_voice(own: Voice, other: Voice) -> Voice:
    """Add up what two people's likes weigh and brought; nobody vouches for themselves."""
    recent = Counted(dict(own.recent))
    recent.update(dict(other.recent))
    vouchers = dict.fromkeys((*own.vouchers, *other.vouchers))
    sums = {name: getattr(own, name) + getattr(other, name) for name in _SUMS}
    return replace(
        own,
        vouched=own.vouched or other.vouched,
        vouchers=tuple(each for each in vouchers if each not in (own.person, other.person)),
        recent=tuple(sorted(recent.items())),
        last_at=max(own.last_at, other.last_at),
        cleared_until=max(own.cleared_until, other.cleared_until),
        **sums,
    )


_SUMS: Final = ("given", "given_paid", "received", "received_paid")

Keyed = tuple[str, Callable[[Any, Any], Any]]

KEYED: Final[Mapping[type[Record], Keyed]] = {
    BadgeHeld: ("person", _earlier),
    LevelReached: ("person", _earlier),
    SegmentSpell: ("person", _until_both_end),
    Comment: ("person", _earlier),
    Like: ("giver", _earlier),
    Voice: ("person", _one_voice),
    ThreadReply: ("person", _earlier),
}
"""Kinds with a person in their key: the field, and what becomes of two with the same key."""


def take_keyed(move: Move) -> dict[str, Any]:
    """Put what has the person in its key under the other's; it is told as it was."""
    return {kind.__name__: _taken_all(move, kind) for kind in KEYED}


def _taken_all(move: Move, kind: type[Record]) -> list[dict[str, Any]]:
    told = [_taken(move, record) for record in _FOUND.get(kind, _theirs_of)(move, kind)]
    for each in told:
        move.store.remove(kind, **{name: each["theirs"][name] for name in kind.KEY})
    return told


def _theirs_of(move: Move, kind: type[Record]) -> Sequence[Record]:
    named: dict[str, Any] = {KEYED[kind][0]: move.gone}
    return move.store.find(kind, community=move.community, **named)


def _replies(move: Move, kind: type[Record]) -> Sequence[Record]:
    """Somebody has one reply in a thread that is open, under whatever id they gave it."""
    threads = move.store.find(Thread, community=move.community, status="open")
    known = [move.store.get(kind, move.community, each.id, move.gone) for each in threads]
    return [reply for reply in known if reply is not None]


_FOUND: Final[Mapping[type[Record], Callable[[Move, type[Record]], Sequence[Record]]]] = {
    ThreadReply: _replies
}


def _taken(move: Move, record: Record) -> dict[str, Any]:
    """Put one record under the other's key; returns all of them as they were and are."""
    kind = type(record)
    field, chosen = KEYED[kind]
    moved = _with(record, field, move.into)
    own = move.store.get(kind, *moved.key)
    if own is not None:
        moved = _with(chosen(own, record), field, move.into)
    move.store.put(moved)
    return {
        "theirs": asdict(cast("Any", record)),
        "own": asdict(cast("Any", own)) if own is not None else None,
        "whole": asdict(cast("Any", moved)),
    }


def give_keyed_back(move: Move, told: Mapping[str, Any]) -> None:
    """Put back what was somebody's, as it was; what happened since stays with the other."""
    for kind in KEYED:
        for each in told[kind.__name__]:
            _given_back(move, cast("Any", kind), each)


def _given_back(move: Move, kind: Callable[..., Any], told: Mapping[str, Any]) -> None:
    theirs, whole = kind(**told["theirs"]), kind(**told["whole"])
    if told["own"] is None:
        move.store.remove(type(whole), **dict(zip(whole.KEY, whole.key, strict=True)))
    else:
        now = move.store.get(type(whole), *whole.key)
        move.store.put(_less(now or whole, kind(**told["own"]), whole))
    move.store.put(theirs)


def _less(now: Any, own: Any, whole: Any) -> Any:
    """Return the record as it was before, with what has been counted in it since."""
    if not isinstance(now, Voice):
        return own
    changes: dict[str, Any] = {}
    for field in fields(now):
        before, made, since = (getattr(each, field.name) for each in (own, whole, now))
        more = field.name in _SUMS
        changes[field.name] = before + since - made if more else before if since == made else since
    return replace(now, **changes)
