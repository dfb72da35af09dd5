"""One write transaction for many events: an identity map, an overlay per event, a bulk flush.

A `Batch` holds what its events have read and written. Each event works through its own
`Overlay`, whose writes join the batch when the event returns and are undone when it raises; reads
by key cost no flush, a `find` writes what is pending of its kind first (an event's own writes
inside a savepoint, so that a failing event leaves no trace).
"""

import itertools
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final, Self, TypeVar, cast

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

from sop.model import Counter, Record
from storage.memory import Key, Known, Memory
from storage.records import SHAPES, thawed
from storage.refusals import AlreadyStored, Unwritable, unwritable
from storage.search import Searching
from storage.statements import Change, Prepared, Search, Statements, keys_in_chunks
from storage.tables import NEVER_CHANGED

__all__ = ["AlreadyStored", "Batch", "Overlay", "Unwritable", "unwritable"]

R = TypeVar("R", bound=Record)
Dirty = dict[type[Record], dict[Key, Record]]

_ABSENT: Final[Any] = object()

ROWS_AT_ONCE: Final = 4_096
"""Rows fetched in one go where columns are streamed."""


class Batch:
    """A transaction over many events. Not thread-safe; one writer owns it.

    `memory` is what it begins with, and leaves, where the database can tell that nobody else
    wrote meanwhile. `touched` are the kinds any event has put, for who keeps what was found until
    then. `failure` is what a statement died of. From then on the transaction cannot be trusted
    (the database may have undone all of it by itself), and the batch refuses to go on.
    """

    def __init__(
        self, connection: Connection, statements: Statements, memory: Memory | None = None
    ) -> None:
        self._connection = connection
        self._statements = statements
        self._transaction = connection.begin()
        self._driver: Any = connection.connection.dbapi_connection
        self._streams = itertools.count()
        self.touched: set[type[Record]] = set()
        self.failure: Exception | None = None
        self._dirty: Dirty = {}
        self._memory = memory or Memory()
        self._mark = self._unwritten() if memory else None
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

    def lookup(self, kind: type[Record], keys: Sequence[Key]) -> dict[Key, Record]:
        """Return the records as they are in the database, by key."""
        prepared = self._statements.lookup(kind, len(keys))
        found = self._records(kind, prepared, prepared.bind_keys(keys))
        return dict(zip(map(SHAPES[kind].key_of, found), found, strict=True))

    def select(self, kind: type[Record], search: Search) -> dict[Key, Record]:
        """Return what is in the database and matches, by key, in the search's order."""
        prepared = self._statements.query(kind, "*", search)
        found = search.sort(kind, self._records(kind, prepared, prepared.bind(search.values)))
        return dict(zip(map(SHAPES[kind].key_of, found), found, strict=True))

    def value(self, kind: type[Record], wanted: str, search: Search) -> int:
        """Return the count, or the sum of the column `wanted`, of what matches."""
        prepared = self._statements.query(kind, wanted, search)
        return int(self._run(prepared, prepared.bind(search.values)).fetchone()[0])

    def rows(
        self, kind: type[Record], columns: tuple[str, ...], search: Search
    ) -> Iterator[tuple[Any, ...]]:
        """Yield the columns of what matches, a few thousand rows in memory at a time."""
        prepared = self._statements.query(kind, columns, search)
        name = f"rows{next(self._streams)}"
        found = self._run(prepared, prepared.bind(search.values), name)
        while part := self._guarded(found.fetchmany, ROWS_AT_ONCE):
            yield from thawed(kind, columns, part)
        # Who stops early is met by the collector, when the connection may be gone.
        found.close()

    def flush(self, kind: type[Record] | None = None) -> None:
        """Write what is pending, or what is pending of one kind, in bulk."""
        for each in list(self._dirty) if kind is None else [kind]:
            records = self._dirty.pop(each, None)
            if records:
                self.write(each, records.values())

    def write(
        self, kind: type[Record], records: Iterable[Record], *, forced: bool = False
    ) -> None:
        """Write records in one statement; `forced` replaces even what never changes."""
        shape = SHAPES[kind]
        prepared = self._statements.put(kind, forced=forced)
        self._run(prepared, prepared.bind_rows(shape.names, list(map(shape.row_of, records))))

    def erase(self, kind: type[Record], keys: Sequence[Key]) -> None:
        """Delete rows by key."""
        prepared = self._statements.erase(kind)
        self._run(prepared, [prepared.bind_keys([key]) for key in keys])

    def change(self, kind: type[Record], keys: Sequence[Key], change: Change) -> None:
        """Set columns of records; they are read anew, also if the event is undone."""
        prepared = self._statements.change(kind, change)
        self._run(prepared, [prepared.bind(change.values(key)) for key in keys])
        for key in keys:
            self.known[kind].pop(key, None)

    def run(self, sql: str, values: tuple[Any, ...]) -> list[Any]:
        """Return the rows of a statement that is no record's; it counts like any other."""
        found = self._run(Prepared(sql, ()), values)
        return list(found.fetchall()) if found.description else []

    @property
    def dialect(self) -> str:
        """The name of the database's dialect."""
        return self._connection.dialect.name

    def join(self, dirty: Dirty) -> None:
        """Take over what an event wrote."""
        for kind, records in dirty.items():
            pending = self._dirty.get(kind)
            if pending:
                pending.update(records)
            else:
                self._dirty[kind] = records

    def mark(self, word: str) -> None:
        """SAVEPOINT, RELEASE or ROLLBACK TO the one savepoint an event may have."""
        self._run(Prepared(f"{word} event", ()), ())

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

    def rollback(self) -> None:
        """Undo everything and give the connection back."""
        with self._connection:
            self._undo()

    def _undo(self) -> None:
        try:
            self._transaction.rollback()
        except DBAPIError as error:
            # With a connection that broke, everything is undone already.
            if not error.connection_invalidated:
                raise

    def check(self) -> None:
        """Raise what broke the transaction, if something did."""
        if self.failure is not None:
            raise self.failure

    def _unwritten(self) -> Any:
        """Return what stays the same as long as no other connection writes; None: nobody knows."""
        if self.dialect != "sqlite":
            return None
        return self._driver, self.run("PRAGMA data_version", ())[0][0]

    def _records(self, kind: type[Record], prepared: Prepared, values: Any) -> list[Record]:
        rows = self._run(prepared, values).fetchall()
        return list(map(SHAPES[kind].record_of, rows))

    def _run(self, prepared: Prepared, values: Any, stream: str = "") -> Any:
        return self._guarded(self._execute, prepared.sql, values, stream)

    def _execute(self, sql: str, values: Any, stream: str) -> Any:
        # SQLAlchemy has written the statement; running it there would cost ten times as much.
        # Of a stream, a driver of PostgreSQL's would hold all there is unless it has a name.
        named = {"name": stream} if stream and self.dialect != "sqlite" else {}
        cursor = self._driver.cursor(**named)
        if values.__class__ is list:
            cursor.executemany(sql, values)
        else:
            cursor.execute(sql, values)
        return cursor

    def _guarded(self, work: Any, *arguments: Any) -> Any:
        try:
            self.check()
            return work(*arguments)
        except Exception as error:
            told = unwritable(error, self._connection.dialect)
            self.failure = self.failure or told
            if self.failure is error:
                raise
            raise self.failure from error


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
