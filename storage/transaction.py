"""One transaction on the database: statements on records, and what the transaction died of."""

import itertools
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

from sop.model import Record
from storage.memory import Key
from storage.records import SHAPES, thawed
from storage.refusals import unwritable
from storage.statements import Change, Prepared, Search, Statements

ROWS_AT_ONCE: Final = 4_096
"""Rows fetched in one go where columns are streamed."""


class Transaction:
    """Runs statements on a connection, which it gives back at the end. Not thread-safe.

    `failure` is what a statement died of. From then on the transaction cannot be trusted (the
    database may have undone all of it by itself), and it refuses to go on.
    """

    def __init__(self, connection: Connection, statements: Statements) -> None:
        self._connection = connection
        self._statements = statements
        self._transaction = connection.begin()
        self._driver: Any = connection.connection.dbapi_connection
        self._streams = itertools.count()
        self.failure: Exception | None = None

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
        """Set columns of records."""
        prepared = self._statements.change(kind, change)
        self._run(prepared, [prepared.bind(change.values(key)) for key in keys])

    def run(self, sql: str, values: tuple[Any, ...]) -> list[Any]:
        """Return the rows of a statement that is no record's; it counts like any other."""
        found = self._run(Prepared(sql, ()), values)
        return list(found.fetchall()) if found.description else []

    @property
    def dialect(self) -> str:
        """The name of the database's dialect."""
        return self._connection.dialect.name

    def mark(self, word: str) -> None:
        """SAVEPOINT, RELEASE or ROLLBACK TO the one savepoint an event may have."""
        self._run(Prepared(f"{word} event", ()), ())

    def rollback(self) -> None:
        """Undo everything and give the connection back."""
        with self._connection:
            self._undo()

    def check(self) -> None:
        """Raise what broke the transaction, if something did."""
        if self.failure is not None:
            raise self.failure

    def unwritten(self) -> Any:
        """Return what stays the same as long as no other connection writes; None: nobody knows."""
        if self.dialect != "sqlite":
            return None
        return self._driver, self.run("PRAGMA data_version", ())[0][0]

    def _undo(self) -> None:
        try:
            self._transaction.rollback()
        except DBAPIError as error:
            # With a connection that broke, everything is undone already.
            if not error.connection_invalidated:
                raise

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
