"""The search index: which questions and answers hold which terms; it only fetches candidates.

The terms come from `sop`, so that every database finds the same. On SQLite they are a full-text
table beside the others, made where it is missing and filled from the items: it holds nothing
that could not be made again. Another database has none yet, and finds nothing.
"""

from collections.abc import Iterator, Sequence
from hashlib import blake2b
from typing import Any, Final, Protocol

from sqlalchemy import Connection, select

from sop.model import Item
from sop.standing.ranking import kept, scope_of
from storage.tables import TABLES

TABLE: Final = "search"

ON: Final = "sqlite"
"""The dialect that has a full-text table of its own."""

KINDS: Final = ("question", "answer")
"""Items that are looked for."""

MAKE: Final = (
    f"CREATE VIRTUAL TABLE {TABLE} USING fts5(terms, community UNINDEXED, place UNINDEXED, "
    "number UNINDEXED, tokenize='unicode61 remove_diacritics 0')"
)
PUT: Final = f"INSERT INTO {TABLE} (rowid, terms, community, place, number) VALUES (?, ?, ?, ?, ?)"  # noqa: S608 - constants
DROP: Final = f"DELETE FROM {TABLE} WHERE rowid = ?"  # noqa: S608 - a constant
FETCH: Final = (
    f"SELECT number FROM {TABLE} WHERE {TABLE} MATCH ? AND community = ? AND place = ? "  # noqa: S608 - constants
    "ORDER BY rank LIMIT ?"
)

ROWS_AT_ONCE: Final = 1_000


class Runner(Protocol):
    """A transaction that runs statements."""

    @property
    def dialect(self) -> str:
        """The name of the database's dialect."""
        ...

    def run(self, sql: str, values: tuple[Any, ...]) -> list[Any]:
        """Run one statement; returns its rows."""
        ...


class Searching:
    """What an event's view of the state has for the index: part of `handlers.ports.Store`."""

    _batch: Runner

    def index(
        self, community: str, group: str, number: int, scope: str, terms: Sequence[str]
    ) -> None:
        """Keep an item under terms; see `handlers.ports.Store.index`."""
        if self._batch.dialect != ON:
            return
        self._mark()
        self._batch.run(DROP, (row_id(community, group, number),))
        if terms:
            self._batch.run(PUT, row(community, group, number, scope, terms))

    def candidates(
        self, community: str, group: str, scope: str, terms: Sequence[str], limit: int
    ) -> Sequence[int]:
        """Return the numbers of items; see `handlers.ports.Store.candidates`."""
        if not terms or self._batch.dialect != ON:
            return ()
        expression = wanted(community, group, scope, terms)
        found = self._batch.run(FETCH, (expression, community, group, limit))
        return [int(each[0]) for each in found]

    def _mark(self) -> None:
        """Make what the event writes undone with it."""
        raise NotImplementedError


def is_part(name: str) -> bool:
    """Tell whether a table belongs to the index: no revision makes or compares it."""
    return name == TABLE or name.startswith(f"{TABLE}_")


def make(connection: Connection) -> None:
    """Make the index where there is none, and fill it from the items."""
    if connection.dialect.name != ON or _exists(connection, TABLE):
        return
    connection.exec_driver_sql(MAKE)
    items = TABLES[Item]
    found = connection.execute(
        select(items.c.community, items.c.group, items.c.number, items.c.kind, items.c.status,
               items.c.text).where(items.c.kind.in_(KINDS))
    )  # fmt: skip
    while part := found.fetchmany(ROWS_AT_ONCE):
        rows = [row for each in part for row in _row_of(*each)]
        if rows:
            connection.exec_driver_sql(PUT, rows)


def follow(connection: Connection) -> None:
    """Drop the index where there are no items any more."""
    if connection.dialect.name == ON and not _exists(connection, TABLES[Item].name):
        connection.exec_driver_sql(f"DROP TABLE IF EXISTS {TABLE}")


def row_id(community: str, group: str, number: int) -> int:
    """Return the row of an item: the table finds a row by nothing else."""
    digest = _digest(community, group, str(number))
    return int.from_bytes(digest, "big") >> 1


def row(
    community: str, group: str, number: int, scope: str, terms: Sequence[str]
) -> tuple[Any, ...]:
    """Return the values of an item's row."""
    words = " ".join((_token(community, group, scope), *terms))
    return row_id(community, group, number), words, community, group, number


def wanted(community: str, group: str, scope: str, terms: Sequence[str]) -> str:
    """Return the expression that finds what holds any of the terms, in one scope of a group."""
    anything = " OR ".join(f'"{term}"' for term in terms if '"' not in term)
    return f"{_token(community, group, scope)} AND ({anything})"


def _row_of(
    community: str, group: str, number: int, kind: str, status: str, text: str
) -> Iterator[tuple[Any, ...]]:
    terms = kept(text)
    if terms:
        yield row(community, group, number, scope_of(kind, status), terms)


def _token(community: str, group: str, scope: str) -> str:
    # A word of its own: a search in one group reads nothing of the others.
    return f"x{_digest(community, group, scope).hex()}"


def _digest(*parts: str) -> bytes:
    return blake2b("\0".join(parts).encode("utf-8", "surrogatepass"), digest_size=8).digest()


def _exists(connection: Connection, name: str) -> bool:
    found = connection.exec_driver_sql("SELECT 1 FROM sqlite_master WHERE name = ?", (name,))
    return found.fetchone() is not None
