"""One write transaction for many events: an identity map, an overlay per event, a bulk flush.

A `Batch` holds what its events have read and written. Each event works through its own
`Overlay`, whose writes join the batch when the event returns and are undone when it raises; reads
by key cost no flush, a `find` writes what is pending of its kind first (an event's own writes
inside a savepoint, so that a failing event leaves no trace).
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final, Self, TypeVar, cast

from sqlalchemy import Connection

from sop.model import Counter, Record
from storage.memory import Key, Known, Memory
from storage.records import SHAPES
from storage.refusals import AlreadyStored, Unwritable, unwritable
from storage.search import Searching
from storage.statements import Change, Search, Statements, keys_in_chunks
from storage.tables import NEVER_CHANGED
from storage.transaction import Transaction

__all__ = ["AlreadyStored", "Batch", "Overlay", "Unwritable", "unwritable"]

R = TypeVar("R", bound=Record)
Dirty = dict[type[Record], dict[Key, Record]]

_ABSENT: Final[Any] = object()


class Batch(Transaction):
    """A transaction over many events. Not thread-safe; one writer owns it.

    `memory` is what it begins with, and leaves, where the database can tell that nobody else
    wrote meanwhile. `touched` are the kinds any event has put, for who keeps what was found until
    then.
    """

    def __init__(
        self, connection: Connection, statements: Statements, memory: Memory | None = None
    ) -> None:
        super().__init__(connection, statements)
        self.touched: set[type[Record]] = set()
        self._dirty: Dirty = {}
        self._memory = memory or Memory()
        self._mark = self.unwritten() if memory else None
        self.known: Known = self._memory.take(self._mark)

    def event(self) -> "Overlay":
        """Open one event's view. It joins the batch when the block ends, unless that raises."""
        return Overlay(self)

    def load(self, kind: type[Record], keys: Iterable[Key]) -> None:
        """Read many records of one kind at once, for the events about to be handled."""
        known = self.known[kind]
        wanted = [key for key in dict.fromkeys(keys) if key not in known]
        for chunk in keys_in_chunks(wanted):
            known.update(dict.fromkeys(chunk))
            known.update(self.lookup(kind, chunk))

    def read(self, kind: type[R], key: Key) -> R | None:
        """Return a record by key as this batch knows it."""
        known = self.known[kind]
        found = known.get(key, _ABSENT)
        if found is _ABSENT:
            found = known[key] = self.lookup(kind, [key]).get(key)
        return cast("R | None", found)

    def flush(self, kind: type[Record] | None = None) -> None:
        """Write what is pending, or what is pending of one kind, in bulk."""
        for each in list(self._dirty) if kind is None else [kind]:
            records = self._dirty.pop(each, None)
            if records:
                self.write(each, records.values())

    def change(self, kind: type[Record], keys: Sequence[Key], change: Change) -> None:
        """Set columns of records; they are read anew, also if the event is undone."""
        super().change(kind, keys, change)
        for key in keys:
            self.known[kind].pop(key, None)

    def join(self, dirty: Dirty) -> None:
        """Take over what an event wrote."""
        for kind, records in dirty.items():
            pending = self._dirty.get(kind)
            if pending:
                pending.update(records)
            else:
                self._dirty[kind] = records

    def commit(self) -> None:
        """Flush, commit, and give the connection back."""
        with self._connection:
            try:
                self.check()
                self.flush()
                self._guarded(self._transaction.commit)
            except BaseException:
                self._undo()
                raise
            self._memory.give(self._mark, self.known)


class Overlay(Searching):
    """The state as one event sees it; satisfies `handlers.ports.Store`."""

    def __init__(self, batch: Batch) -> None:
        self._batch: Batch = batch
        self._known = batch.known
        self._before: list[tuple[dict[Key, Record | None], Key, Record | None]] = []
        self._dirty: Dirty = {}
        self._written: set[type[Record]] = set()
        self._found: set[tuple[type[Record], Key]] = set()
        self._refused: AlreadyStored | None = None
        self._marked = False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_rest: object) -> None:
        if kind is not None:
            self._undo()
            return
        try:
            self._check()
        except BaseException:
            self._undo()
            raise
        self._batch.join(self._dirty)
        if self._marked:
            self._batch.mark("RELEASE")

    def _check(self) -> None:
        """Raise what keeps the event from joining the batch."""
        self._batch.check()
        if self._refused is not None:
            raise self._refused

    def _undo(self) -> None:
        for known, key, record in reversed(self._before):
            if record is _ABSENT:
                known.pop(key, None)
            else:
                known[key] = record
        for kind in self._written:
            # Read with what is no longer there.
            self._known[kind].clear()
        # After a failed statement there is nothing left to go back to.
        if self._marked and self._batch.failure is None:
            self._batch.mark("ROLLBACK TO")
            self._batch.mark("RELEASE")

    def get(self, kind: type[R], *key: Any) -> R | None:
        """Return the record with that key, or None."""
        found = self._known[kind].get(key, _ABSENT)
        return self._batch.read(kind, key) if found is _ABSENT else found

    def put(self, record: Record) -> None:
        """Create the record, or replace the one with its key.

        A kind that is only ever added is refused with `AlreadyStored` where this event has put
        or found the record before; what others have put is noticed when the event ends.
        """
        kind = record.__class__
        key = SHAPES[kind].key_of(record)
        known = self._known[kind]
        before = known.get(key, _ABSENT)
        if kind in NEVER_CHANGED and before is not None and before is not _ABSENT:
            self._refuse(kind, key)
        self._before.append((known, key, before))
        known[key] = record
        pending = self._dirty.get(kind)
        if pending is None:
            self._batch.touched.add(kind)
            self._dirty[kind] = {key: record}
        else:
            pending[key] = record

    def number(self, community: str, name: str) -> int:
        """Give out the next number under a name, per community."""
        last = self.get(Counter, community, name)
        value = (last.value if last else 0) + 1
        self.put(Counter(community=community, name=name, value=value))
        return value

    def find(
        self, kind: type[R], /, *, order: str = "", limit: int = 0, **where: Any
    ) -> Sequence[R]:
        """Return the records that match; see `handlers.ports.Store.find`."""
        self._settle(kind)
        found = self._batch.select(kind, Search(where, order, limit))
        self._known[kind].update(found)
        if kind in NEVER_CHANGED:
            self._found.update([(kind, key) for key in found])
        return cast("list[R]", list(found.values()))

    def rows(
        self, kind: type[R], columns: tuple[str, ...], /, *, order: str = "", **where: Any
    ) -> Iterator[tuple[Any, ...]]:
        """Yield columns of the records that match; see `handlers.ports.Store.rows`."""
        self._settle(kind)
        return self._batch.rows(kind, columns, Search(where, order))

    def total(self, kind: type[R], column: str, /, **where: Any) -> int:
        """Return the sum of an integer column over the matching records."""
        self._settle(kind)
        return self._batch.value(kind, column, Search(where))

    def count(self, kind: type[R], /, **where: Any) -> int:
        """Return how many records match."""
        self._settle(kind)
        return self._batch.value(kind, "count", Search(where))

    def remove(
        self, kind: type[Record], /, *, order: str = "", limit: int = 0, **where: Any
    ) -> int:
        """Delete the matching records, for pruning by age; returns how many."""
        found = self.find(kind, order=order, limit=limit, **where)
        keys = [SHAPES[kind].key_of(record) for record in found]
        if keys:
            self._mark(kind)
            self._batch.erase(kind, keys)
            self._known[kind].update(dict.fromkeys(keys))
        return len(keys)

    def amend(self, kind: type[R], records: Sequence[R]) -> None:
        """Replace stored records, even of a kind that `put` only adds to."""
        self._settle(kind)
        if records:
            self._mark(kind)
            self._batch.write(kind, records, forced=True)
            key_of = SHAPES[kind].key_of
            self._known[kind].update({key_of(each): each for each in records})

    def change(self, kind: type[Record], keys: Sequence[Key], change: Change) -> None:
        """Set columns of those of the records that are as the change expects; reads none."""
        self._settle(kind)
        if keys:
            self._mark(kind)
            self._batch.touched.add(kind)
            self._batch.change(kind, keys, change)

    def _refuse(self, kind: type[Record], key: Key) -> None:
        """Refuse a second put: of another event's record as the database would, at the end.

        How events are batched must make no difference to what becomes of them.
        """
        known, error = self._known[kind], AlreadyStored(f"{kind.__name__} {key}")
        mine = any(each is known and other == key for each, other, _ in self._before)
        if mine or (kind, key) in self._found:
            raise error
        self._refused = self._refused or error

    def _settle(self, kind: type[Record]) -> None:
        """Make pending writes of a kind visible to a query."""
        mine = self._dirty.get(kind)
        if not mine:
            self._batch.flush(kind)
            return
        self._mark(kind)
        self._batch.write(kind, mine.values())
        del self._dirty[kind]

    def _mark(self, *written: type[Record]) -> None:
        """Open the savepoint, over everything that the events before have written."""
        self._written.update(written)
        if not self._marked:
            self._batch.flush()
            self._batch.mark("SAVEPOINT")
            self._marked = True
