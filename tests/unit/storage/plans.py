"""How SQLite goes about a search."""

from typing import Any

from sop.model import Record
from storage.database import Database
from storage.statements import Search, Wanted


def plan(database: Database, kind: type[Record], search: Search, wanted: Wanted = "*") -> str:
    def explained(store: Any) -> str:
        batch = store._batch  # the statement as it is run, not one like it
        prepared = batch._statements.query(kind, wanted, search)
        rows = batch._connection.exec_driver_sql(
            f"EXPLAIN QUERY PLAN {prepared.sql}", prepared.bind(search.values)
        )
        return " ".join(str(row[3]) for row in rows)

    return database.read(explained)
