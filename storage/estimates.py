"""How many rows SQLite is to expect of each index: the tables as they are after years.

Without figures its planner believes that a community has ten rows, and reads all of them rather
than look in an index. Figures of its own it would take when a database is small, and keep.
"""

from collections.abc import Iterable, Iterator
from functools import cache
from typing import Final

from sqlalchemy import Connection, Table

from storage.tables import metadata

ROWS: Final = 1_000_000

DISTINCT: Final = {
    "community": 2,
    "status": 4,
    "kind": 4,
    "do": 4,
    "surface": 4,
    "group": 100,
    "step": 100,
    "person": 10_000,
    "giver": 10_000,
    "author": 10_000,
    "cause": 10_000,
}
"""How many values a column has. One that is not named tells nearly every row from the rest."""


def teach(connection: Connection) -> None:
    """Tell the planner what to expect, unless it was told before."""
    wanted = expectations()
    if _known(connection) == wanted:
        return
    # SQLite alone may make the table, and does for whatever is analysed.
    connection.exec_driver_sql("ANALYZE counter")
    connection.exec_driver_sql("DELETE FROM sqlite_stat1")
    connection.exec_driver_sql("INSERT INTO sqlite_stat1 VALUES (?, ?, ?)", wanted)
    connection.exec_driver_sql("ANALYZE sqlite_schema")


@cache
def expectations() -> list[tuple[str, str, str]]:
    """Return (table, index, rows in all and per value of 1, 2, … of its columns), in order."""
    return sorted(_expected())


def _expected() -> Iterator[tuple[str, str, str]]:
    for table in metadata.sorted_tables:
        yield table.name, table.name, _figures(column.name for column in table.primary_key)
        for index in table.indexes:
            own = [column.name for column in index.columns]
            rest = [name for name in _key(table) if name not in own]
            yield table.name, str(index.name), _figures([*own, *rest])


def _key(table: Table) -> list[str]:
    return [column.name for column in table.primary_key]


def _figures(names: Iterable[str]) -> str:
    left, figures = ROWS, [ROWS]
    for name in names:
        left = max(1, left // DISTINCT.get(name, ROWS))
        figures.append(left)
    return " ".join(map(str, figures))


def _known(connection: Connection) -> list[tuple[str, str, str]]:
    found = connection.exec_driver_sql("SELECT 1 FROM sqlite_master WHERE name = 'sqlite_stat1'")
    if found.fetchone() is None:
        return []
    rows = connection.exec_driver_sql("SELECT tbl, idx, stat FROM sqlite_stat1").fetchall()
    return sorted((str(row[0]), str(row[1]), str(row[2])) for row in rows)
