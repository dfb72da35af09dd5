"""One write transaction for many events: an identity map, an overlay per event, a bulk flush.

A `Batch` holds what its events have read and written. Each event works on its own `Overlay`,
merged when the event returns and dropped when it raises; reads by key cost no flush, a
`find` writes what is pending first (inside a savepoint, so that a failing event leaves no trace).
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import fields
from typing import Any, Final, TypeVar, cast

from sqlalchemy import Connection, RowMapping, Table, func, insert, select, tuple_
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.sql import ColumnElement, Executable

from sop.model import Counter, Record
from storage.tables import JSON_FIELDS, NEVER_CHANGED, RECORDS, TABLES

R = TypeVar("R", bound=Record)
Known = dict[tuple[type[Record], tuple[Any, ...]], Record | None]
Dirty = dict[tuple[type[Record], tuple[Any, ...]], Record]

FIELDS: Final = {kind: tuple(field.name for field in fields(kind)) for kind in RECORDS}

OPERATORS: Final = {
    "lt": lambda column, value: column < value,
    "le": lambda column, value: column <= value,
    "gt": lambda column, value: column > value,
    "ge": lambda column, value: column >= value,
    "ne": lambda column, value: column != value,
    "in": lambda column, value: column.in_(value),
}


class Batch:
    """A write transaction over many events. Not thread-safe; one writer owns it."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._transaction = connection.begin()
        self._known: Known = {}
        self._dirty: Dirty = {}

    @contextmanager
    def event(self) -> Iterator["Overlay"]:
        """Open one event's view. It joins the batch when the block ends, unless it raises."""
        overlay = Overlay(self)
        try:
            yield overlay
        except BaseException:
            overlay.drop()
            raise
        overlay.merge()

    def load(self, kind: type[Record], keys: Iterable[tuple[Any, ...]]) -> None:
        """Read many records of one kind in one statement, for the events about to be handled."""
        wanted = [key for key in dict.fromkeys(keys) if (kind, key) not in self._known]
        if not wanted:
            return
        columns = [TABLES[kind].c[name] for name in kind.KEY]
        where = columns[0].in_([key[0] for key in wanted])
        if len(columns) > 1:
            where = tuple_(*columns).in_(wanted)
        for key in wanted:
            self._known[kind, key] = None
        for row in self._connection.execute(select(TABLES[kind]).where(where)).mappings():
            record = _record(kind, row)
            self._known[kind, record.key] = record

    def read(self, kind: type[R], key: tuple[Any, ...]) -> R | None:
        """Return a record by key as this batch knows it."""
        found = self._known.get((kind, key), _ABSENT)
        if found is _ABSENT:
            table = TABLES[kind]
            where = [table.c[name] == value for name, value in zip(kind.KEY, key, strict=True)]
            row = self._connection.execute(select(table).where(*where)).mappings().first()
            found = self._known[kind, key] = None if row is None else _record(kind, row)
        return cast("R | None", found)

    def absorb(self, known: Known, dirty: Dirty) -> None:
        """Take over what an event read and wrote."""
        self._known.update(known)
        self._known.update(dirty)
        self._dirty.update(dirty)

    def flush(self) -> None:
        """Write what is pending, in bulk."""
        self.write(self._dirty)
        self._dirty = {}

    def write(self, dirty: Dirty) -> None:
        """Write the records, one statement a kind."""
        rows: dict[type[Record], list[dict[str, Any]]] = defaultdict(list)
        for (kind, _), record in dirty.items():
            rows[kind].append({name: getattr(record, name) for name in FIELDS[kind]})
        for kind, values in rows.items():
            self._connection.execute(_put(kind, self._connection.dialect.name), values)

    def execute(self, statement: Executable) -> Any:
        """Run a statement in this transaction."""
        return self._connection.execute(statement)

    def savepoint(self) -> Any:
        """Open a savepoint over everything flushed so far."""
        self.flush()
        return self._connection.begin_nested()

    def commit(self) -> None:
        """Flush, commit, and give the connection back."""
        try:
            self.flush()
            self._transaction.commit()
        except BaseException:
            self._transaction.rollback()
            raise
        finally:
            self._connection.close()

    def rollback(self) -> None:
        """Undo everything and give the connection back."""
        self._transaction.rollback()
        self._connection.close()


class Overlay:
    """The state as one event sees it; satisfies `handlers.ports.Store`."""

    def __init__(self, batch: Batch) -> None:
        self._batch = batch
        self._known: Known = {}
        self._dirty: Dirty = {}
        self._savepoint: Any = None

    def get(self, kind: type[R], *key: Any) -> R | None:
        """Return the record with that key, or None."""
        slot = (kind, key)
        if slot in self._dirty:
            return cast("R", self._dirty[slot])
        if slot in self._known:
            return cast("R | None", self._known[slot])
        return self._batch.read(kind, key)

    def put(self, record: Record) -> None:
        """Create the record, or replace the one with its key."""
        self._dirty[type(record), record.key] = record

    def number(self, community: str, name: str) -> int:
        """Give out the next number under a name, per community."""
        last = self.get(Counter, community, name)
        value = (last.value if last else 0) + 1
        self.put(Counter(community=community, name=name, value=value))
        return value

    def find(self, kind: type[R], /, *, order: str = "", limit: int = 0, **where: Any) -> Sequence[R]:
        """Return the records that match; see `handlers.ports.Store.find`."""
        self._settle()
        table = TABLES[kind]
        statement = select(table).where(*_conditions(table, where)).order_by(*_order(kind, order))
        if limit:
            statement = statement.limit(limit)
        found = [_record(kind, row) for row in self._batch.execute(statement).mappings()]
        self._known.update({(kind, record.key): record for record in found})
        return found

    def total(self, kind: type[R], column: str, /, **where: Any) -> int:
        """Return the sum of an integer column over the matching records."""
        table = TABLES[kind]
        return self._scalar(func.coalesce(func.sum(table.c[column]), 0), table, where)

    def count(self, kind: type[R], /, **where: Any) -> int:
        """Return how many records match."""
        return self._scalar(func.count(), TABLES[kind], where)

    def remove(self, kind: type[Record], /, **where: Any) -> int:
        """Delete the matching records, for pruning by age; returns how many."""
        self._settle()
        table = TABLES[kind]
        return int(self._batch.execute(table.delete().where(*_conditions(table, where))).rowcount)

    def merge(self) -> None:
        """Join the batch."""
        if self._savepoint is not None:
            self._savepoint.commit()
        self._batch.absorb(self._known, self._dirty)

    def drop(self) -> None:
        """Leave no trace in the batch."""
        if self._savepoint is not None:
            self._savepoint.rollback()

    def _scalar(self, value: Any, table: Table, where: Mapping[str, Any]) -> int:
        self._settle()
        statement = select(value).select_from(table).where(*_conditions(table, where))
        return int(self._batch.execute(statement).scalar_one())

    def _settle(self) -> None:
        """Make pending writes visible to a query."""
        if self._savepoint is None:
            self._savepoint = self._batch.savepoint()
        self._batch.write(self._dirty)
        self._known.update(self._dirty)
        self._dirty = {}


_ABSENT: Final[Any] = object()
_STATEMENTS: Final[dict[tuple[type[Record], str], Executable]] = {}


def _put(kind: type[Record], dialect: str) -> Executable:
    statement = _STATEMENTS.get((kind, dialect))
    if statement is None:
        statement = _STATEMENTS[kind, dialect] = _build_put(kind, dialect)
    return statement


def _build_put(kind: type[Record], dialect: str) -> Executable:
    table = TABLES[kind]
    if kind in NEVER_CHANGED:
        return insert(table)
    upsert: Any = (sqlite if dialect == "sqlite" else postgresql).insert(table)
    rest = {name: upsert.excluded[name] for name in FIELDS[kind] if name not in kind.KEY}
    return cast("Executable", upsert.on_conflict_do_update(index_elements=kind.KEY, set_=rest))


def _record(kind: type[R], row: RowMapping) -> R:
    values = dict(row)
    for name in JSON_FIELDS[kind]:
        values[name] = _frozen(values[name])
    return kind(**values)


def _frozen(value: Any) -> Any:
    """JSON knows no tuples: lists come back as what the records hold."""
    if isinstance(value, list):
        return tuple(_frozen(item) for item in value)
    if isinstance(value, dict):
        return {key: _frozen(item) for key, item in value.items()}
    return value


def _conditions(table: Table, where: Mapping[str, Any]) -> list[ColumnElement[bool]]:
    found = []
    for key, value in where.items():
        name, _, operator = key.partition("__")
        if name in table.c:
            test = OPERATORS[operator](table.c[name], value) if operator else table.c[name] == value
        else:
            test = table.c[key] == value
        found.append(test)
    return found


def _order(kind: type[Record], order: str) -> list[ColumnElement[Any]]:
    table = TABLES[kind]
    down = order.startswith("-")
    names = ([order.lstrip("-")] if order else []) + list(kind.KEY)
    columns = [table.c[name] for name in dict.fromkeys(names)]
    return [column.desc() if down else column.asc() for column in columns]
