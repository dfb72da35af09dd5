"""The SQL of the unit of work: each statement is compiled once for a dialect and then only bound.

SQLAlchemy writes it, so that it fits the database; compiling it for every use would cost more
than the database does.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from itertools import chain
from operator import attrgetter
from typing import Any, ClassVar, Final, cast

from sqlalchemy import (
    Dialect,
    Integer,
    and_,
    bindparam,
    delete,
    func,
    insert,
    literal_column,
    or_,
    select,
    update,
)
from sqlalchemy.sql import ColumnElement
from sqlalchemy.sql.expression import Executable

from sop.model import Record
from storage.records import SHAPES
from storage.tables import NEVER_CHANGED, TABLES

OPERATORS: Final = {
    "": lambda column, value: column == value,
    "lt": lambda column, value: column < value,
    "le": lambda column, value: column <= value,
    "gt": lambda column, value: column > value,
    "ge": lambda column, value: column >= value,
    "ne": lambda column, value: column != value,
    "in": lambda column, value: column.in_(value),
}

Rows = list[tuple[Any, ...]]

Wanted = str | tuple[str, ...]
"""What a query is to give: `*`, `count`, a column to sum up, or columns to read."""

KEYS_AT_ONCE: Final = 64
"""Keys looked up by one statement; it is compiled for 1, 2, 4, … of them."""


@dataclass(frozen=True, slots=True)
class Prepared:
    """SQL text, and the names of its parameters in order; none where the driver wants names."""

    sql: str
    order: tuple[str, ...] | None

    def bind(self, values: Mapping[str, Any]) -> Any:
        """Return the values as the driver wants them."""
        return values if self.order is None else tuple([values[name] for name in self.order])

    def bind_keys(self, keys: Sequence[tuple[Any, ...]]) -> Any:
        """Return the values of keys as the driver wants them, for a statement in their order."""
        return key_values(keys) if self.order is None else tuple(chain.from_iterable(keys))

    def bind_rows(self, names: tuple[str, ...], rows: Rows) -> Any:
        """Return rows, their columns in the order of `names`, as the driver wants them."""
        if self.order == names:
            return rows
        return [self.bind(dict(zip(names, row, strict=True))) for row in rows]


class Statements:
    """The prepared statements of one dialect, shared by all databases that speak it."""

    _of_all: ClassVar[dict[tuple[str, str, str], dict[Any, Prepared]]] = {}

    def __init__(self, dialect: Dialect) -> None:
        self._dialect = dialect
        spoken = (dialect.name, dialect.driver, dialect.paramstyle)
        self._ready = self._of_all.setdefault(spoken, {})

    def put(self, kind: type[Record], *, forced: bool = False) -> Prepared:
        """Insert or replace a row; only insert where records never change, unless `forced`."""
        key = ("put", kind, forced)
        return self._ready.get(key) or self._prepare(key, self._put(kind, forced=forced))

    def erase(self, kind: type[Record]) -> Prepared:
        """Delete the row with the key `k0_0`, `k0_1`, …."""
        key = ("erase", kind)
        return self._ready.get(key) or self._prepare(
            key, delete(TABLES[kind]).where(_key_is(kind, 0))
        )

    def change(self, kind: type[Record], change: "Change") -> Prepared:
        """Set columns of the row with a key, where it is as expected."""
        key = ("change", kind, change.shape)
        return self._ready.get(key) or self._prepare(key, _change(kind, change))

    def lookup(self, kind: type[Record], count: int) -> Prepared:
        """Select the rows of `count` keys `k0_0`, `k0_1`, …, `k1_0`, …."""
        key = ("lookup", kind, count)
        # Not a row value in a list: SQLite reads the whole table for that.
        return self._ready.get(key) or self._prepare(
            key, select(TABLES[kind]).where(or_(*(_key_is(kind, each) for each in range(count))))
        )

    def query(self, kind: type[Record], wanted: Wanted, search: "Search") -> Prepared:
        """Select `*`, some columns, `count` or the sum of a column over what matches."""
        key = (kind, wanted, search.shape)
        # SQLite's tables lie in the order of their keys; elsewhere a row moves when it is changed.
        sorts = self._dialect.name != "sqlite"
        return self._ready.get(key) or self._prepare(
            key, _query(kind, wanted, search, sorts=sorts)
        )

    def _prepare(self, key: Any, statement: Executable) -> Prepared:
        compiled: Any = cast("Any", statement).compile(dialect=self._dialect)
        order = tuple(compiled.positiontup) if self._dialect.positional else None
        found = self._ready[key] = Prepared(str(compiled), order)
        return found

    def _put(self, kind: type[Record], *, forced: bool) -> Executable:
        table, names = TABLES[kind], SHAPES[kind].names
        if kind in NEVER_CHANGED and not forced:
            return insert(table)
        # Only the dialect in use is loaded: the other one is three megabytes.
        dialect = import_module(f"sqlalchemy.dialects.{self._dialect.name}")
        upsert: Any = dialect.insert(table)
        rest = {name: upsert.excluded[name] for name in names if name not in kind.KEY}
        return cast("Executable", upsert.on_conflict_do_update(index_elements=kind.KEY, set_=rest))


class Search:
    """The conditions, order and limit of a `find`: their shape, and the values to bind.

    Only what is limited is sorted by the database. It would read the rows of a whole community
    in the order of their keys rather than sort the few an index finds.
    """

    __slots__ = ("_order", "shape", "values")

    def __init__(self, where: Mapping[str, Any], order: str = "", limit: int = 0) -> None:
        self.values: dict[str, Any] = {}
        self._order = None if limit else order
        conditions = tuple([self._take(name, value) for name, value in where.items()])
        if limit:
            self.values["limit_"] = limit
        self.shape = (conditions, order, limit > 0)

    def sort(self, kind: type[Record], found: list[Record]) -> list[Record]:
        """Bring what the database gave into the search's order."""
        if self._order is None or len(found) < 2:  # noqa: PLR2004 - nothing to sort
            return found
        name = self._order.lstrip("-")
        names = ((name,) if name else ()) + kind.KEY
        return sorted(found, key=attrgetter(*names), reverse=self._order.startswith("-"))

    def _take(self, name: str, value: Any) -> tuple[str, int]:
        """Note a condition; gives its name and how many values it binds."""
        if name.endswith("__in"):
            found = list(value)
            # Padded, so that few lengths are ever compiled; nothing equals NULL.
            size = _padded(max(len(found), 1))
            found += [None] * (size - len(found))
            self.values.update({f"{name}_{each}": item for each, item in enumerate(found)})
            return name, size
        self.values[name] = value
        return name, 1


class Change:
    """Columns to set, `to`, in rows that are as `was` says; texts and whole numbers only."""

    __slots__ = ("_fixed", "shape")

    def __init__(self, was: Mapping[str, Any], to: Mapping[str, Any]) -> None:
        self.shape = (tuple(was), tuple(to))
        self._fixed = {f"was_{name}": value for name, value in was.items()}
        self._fixed |= {f"to_{name}": value for name, value in to.items()}

    def values(self, key: tuple[Any, ...]) -> dict[str, Any]:
        """Return what to bind for the row with a key."""
        return key_values([key]) | self._fixed


def keys_in_chunks(keys: Sequence[tuple[Any, ...]]) -> Iterable[list[tuple[Any, ...]]]:
    """Cut keys into lists of a length that `lookup` is compiled for, the last key repeated."""
    for start in range(0, len(keys), KEYS_AT_ONCE):
        chunk = list(keys[start : start + KEYS_AT_ONCE])
        yield chunk + [chunk[-1]] * (_padded(len(chunk)) - len(chunk))


def key_values(keys: Iterable[tuple[Any, ...]]) -> dict[str, Any]:
    """Return the values of a lookup's parameters."""
    return {
        f"k{number}_{place}": value
        for number, key in enumerate(keys)
        for place, value in enumerate(key)
    }


def _change(kind: type[Record], change: Change) -> Executable:
    table = TABLES[kind]
    was, to = change.shape
    expected = (table.c[name] == bindparam(f"was_{name}") for name in was)
    values = {name: bindparam(f"to_{name}", type_=table.c[name].type) for name in to}
    return update(table).where(_key_is(kind, 0), *expected).values(values)


def _padded(count: int) -> int:
    return 1 << (count - 1).bit_length()


def _key_is(kind: type[Record], number: int) -> ColumnElement[bool]:
    columns = TABLES[kind].c
    return and_(
        *(columns[name] == bindparam(f"k{number}_{at}") for at, name in enumerate(kind.KEY))
    )


def _query(kind: type[Record], wanted: Wanted, search: Search, *, sorts: bool) -> Executable:
    table = TABLES[kind]
    conditions, order, limited = search.shape
    where = [_condition(kind, name, size) for name, size in conditions]
    if isinstance(wanted, tuple):
        columns = select(*(table.c[name] for name in wanted)).where(*where)
        if sorts:
            return columns.order_by(*_order(kind, order))
        return columns.order_by(table.c[order]) if order else columns
    if wanted != "*":
        value = func.count() if wanted == "count" else func.sum(table.c[wanted])
        return select(func.coalesce(value, literal_column("0"))).select_from(table).where(*where)
    statement = select(table).where(*where)
    if not limited:
        return statement
    limit = bindparam("limit_", type_=Integer)
    ordered = statement.order_by(*_order(kind, order))
    return ordered.limit(limit).offset(literal_column("0"))


def _condition(kind: type[Record], name: str, size: int) -> ColumnElement[bool]:
    columns = TABLES[kind].c
    field, _, operator = (name, "", "") if name in columns else name.rpartition("__")
    column = columns[field]
    value: Any = bindparam(name, type_=column.type)
    if operator == "in":
        value = [bindparam(f"{name}_{each}", type_=column.type) for each in range(size)]
    return cast("ColumnElement[bool]", OPERATORS[operator](column, value))


def _order(kind: type[Record], order: str) -> list[ColumnElement[Any]]:
    table = TABLES[kind]
    down = order.startswith("-")
    names = ([order.lstrip("-")] if order else []) + list(kind.KEY)
    columns = [table.c[name] for name in dict.fromkeys(names)]
    return [column.desc() if down else column.asc() for column in columns]
