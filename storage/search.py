"""The search index: which questions and answers hold which terms; it only fetches candidates.

The terms come from `sop`, so that every database finds the same; how they are kept is in
`search_indexes`. The index is a table beside the others, made where it is missing and filled
from the items: it holds nothing that could not be made again.
"""

from collections.abc import Iterator, Sequence
from typing import Any, Final, Protocol

from sqlalchemy import Connection, inspect, select

from sop.finding.ranking import kept, scope_of
from sop.model import Item
from storage.search_indexes import BY_DIALECT, TABLE, Index
from storage.tables import TABLES

KINDS: Final = ("question", "answer")
"""Items that are looked for."""

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
        index, place = BY_DIALECT[self._batch.dialect], (community, group, number)
        self._mark()
        self._batch.run(index.drop, index.key(place))
        if terms:
            self._batch.run(index.put, index.row(place, scope, terms))

    def candidates(
        self, community: str, group: str, scope: str, terms: Sequence[str], limit: int
    ) -> Sequence[int]:
        """Return the numbers of items; see `handlers.ports.Store.candidates`."""
        if not terms:
            return ()
        index = BY_DIALECT[self._batch.dialect]
        found = self._batch.run(index.fetch, index.wanted(community, group, scope, terms, limit))
        return sorted((int(each[0]) for each in found), reverse=True)

    def _mark(self) -> None:
        """Make what the event writes undone with it."""
        raise NotImplementedError


def is_part(name: str) -> bool:
    """Tell whether a table belongs to the index: no revision makes or compares it."""
    return name == TABLE or name.startswith(f"{TABLE}_")


def make(connection: Connection) -> None:
    """Make the index where there is none, and fill it from the items."""
    if inspect(connection).has_table(TABLE):
        return
    index = BY_DIALECT[connection.dialect.name]
    for statement in index.make:
        connection.exec_driver_sql(statement)
    items = TABLES[Item]
    found = connection.execute(
        select(items.c.community, items.c.group, items.c.number, items.c.kind, items.c.status,
               items.c.text).where(items.c.kind.in_(KINDS))
    )  # fmt: skip
    while part := found.fetchmany(ROWS_AT_ONCE):
        rows = [row for each in part for row in _rows_of(index, each)]
        if rows:
            connection.exec_driver_sql(index.put, rows)


def follow(connection: Connection) -> None:
    """Drop the index where there are no items any more."""
    if not inspect(connection).has_table(TABLES[Item].name):
        connection.exec_driver_sql(f"DROP TABLE IF EXISTS {TABLE}")


def _rows_of(index: Index, item: Sequence[Any]) -> Iterator[tuple[Any, ...]]:
    community, group, number, kind, status, text = item
    terms = kept(text)
    if terms:
        yield index.row((community, group, number), scope_of(kind, status), terms)
