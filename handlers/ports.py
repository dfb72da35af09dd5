"""What handlers need from the outside, said by the side that needs it.

Storage fits `Store` without importing it; `bot.app` joins the two.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, Protocol, TypeVar

from sop.actions import Action
from sop.book import Book
from sop.frozen import quick
from sop.model import Group, Member, Person, Record

R = TypeVar("R", bound=Record)


class Store(Protocol):
    """The state, seen from inside one event's transaction: its own writes are visible at once."""

    def get(self, kind: type[R], *key: Any) -> R | None:
        """Return the record with that key, or None."""
        ...

    def put(self, record: Record) -> None:
        """Create the record, or replace the one with its key."""
        ...

    def number(self, community: str, name: str) -> int:
        """Give out the next number (1, 2, …) under a name, per community, none twice."""
        ...

    def find(
        self, kind: type[R], /, *, order: str = "", limit: int = 0, **where: Any
    ) -> Sequence[R]:
        """Return the records that match every condition.

        A condition is `field=value`, or `field__op=value` with op lt, le, gt, ge, ne or in.
        `order` is a field name, `-` in front for descending; the key breaks ties. `limit` 0
        means all.
        """
        ...

    def rows(
        self, kind: type[R], columns: tuple[str, ...], /, *, order: str = "", **where: Any
    ) -> Iterator[tuple[Any, ...]]:
        """Yield the values of some columns of the records `find` would give, as tuples.

        A stream that may be longer than memory: nothing of the kind may be put before its end.
        `order` is a field name; it should be what follows in the key after the conditions.
        """
        ...

    def total(self, kind: type[R], column: str, /, **where: Any) -> int:
        """Return the sum of an integer column over the records `find` would give."""
        ...

    def count(self, kind: type[R], /, **where: Any) -> int:
        """Return how many records `find` would give."""
        ...

    def index(
        self, community: str, group: str, number: int, scope: str, terms: Sequence[str]
    ) -> None:
        """Let a numbered item be found by those terms in that scope alone; without any not at all.

        An item is in one scope at a time.
        """
        ...

    def candidates(
        self, community: str, group: str, scope: str, terms: Sequence[str], limit: int
    ) -> Sequence[int]:
        """Return the numbers of up to `limit` items that hold any of the terms, the newest first.

        They are only fetched, the likely ones where there are more: which of them fits is for
        `sop.finding.ranking`.
        """
        ...


class Editions(Protocol):
    """Packs of versions that are no longer in force, for what began under them."""

    def __call__(self, store: Store, community: str, version: str, /) -> Book | None:
        """Return the community's pack of that version, or None where it is not kept."""
        ...


def no_editions(_store: Store, _community: str, _version: str, /) -> Book | None:
    """Know no version but the one in force."""
    return None


@quick
@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """What a handler may use: the state, the pack in force, the group and who acted.

    `group_id` is empty for what happened in private, `person_id` 0 where nobody acted.
    `now` is when the event is handled. Records are read afresh on every access, so that a
    later handler sees what an earlier one wrote; `earlier` are the lines decided before it.

    `book` is the pack as the event's group has it. What began under an older version is
    handled under that one (see `under`): `book` is then the older, `current` the one in force,
    by which standing (score and level) is reckoned all the time.
    """

    store: Store
    book: Book
    community: str
    now: int
    group_id: str = ""
    person_id: int = 0
    earlier: tuple[Action, ...] = ()
    editions: Editions = no_editions
    current: Book | None = None

    @property
    def in_force(self) -> Book:
        """The pack in force, also while an older one is followed."""
        return self.current or self.book

    def under(self, version: str) -> "Context":
        """Return the context for what began under that version of the pack.

        Without a version, or where that one can no longer be had, it is the version in force.
        """
        if version in ("", self.book.version):
            return self
        book = self.in_force
        if version != book.version:
            book = self.editions(self.store, self.community, version) or book
        override = self.group.override if self.group else {}
        return replace(self, book=book.of(override), current=self.in_force)

    @property
    def group(self) -> Group | None:
        """The event's group as it is now, or None in private."""
        return self.store.get(Group, self.community, self.group_id) if self.group_id else None

    @property
    def person(self) -> Person | None:
        """Who acted, or None."""
        if not self.person_id:
            return None
        return self.store.get(Person, self.community, self.person_id)

    @property
    def member(self) -> Member | None:
        """Who acted, as a member of the event's group, or None."""
        if not (self.group_id and self.person_id):
            return None
        return self.store.get(Member, self.community, self.group_id, self.person_id)


@quick
@dataclass(frozen=True, slots=True)
class Outcome:
    """What a handler decided: its actions in order, and whether later routes are skipped."""

    actions: tuple[Action, ...] = ()
    stop: bool = False
