"""The databases that storage works on: what is promised of one is asked of both."""

import os
from collections.abc import Iterator
from contextlib import AbstractContextManager, ExitStack, closing, contextmanager
from pathlib import Path
from typing import Any, TypeVar

import pytest

from storage import search_indexes
from storage.database import MEMORY, Database
from storage.memory import Memory
from storage.tables import metadata
from storage.unit_of_work import Overlay
from tests import servers

D = TypeVar("D")

KINDS = ("sqlite", "postgresql")

TABLES = (*metadata.tables, search_indexes.TABLE)
WRITTEN = "SELECT " + ", ".join(f'EXISTS (SELECT 1 FROM "{table}")' for table in TABLES)

_IDLE: list[Database] = []
"""Those in memory that nobody has now, empty again."""


def lent(stack: ExitStack, database: AbstractContextManager[D]) -> D:
    """Skip where there is no server: but whoever lands a change is to have asked both."""
    try:
        return stack.enter_context(database)
    except servers.Absent as error:
        if os.environ.get("CI"):
            raise
        pytest.skip(f"no PostgreSQL: {error}")


@contextmanager
def in_memory() -> Iterator[Database]:
    """An empty database in memory.

    It is emptied, and given to the next: to read the schema and prepare the same statements again
    takes longer than most tests. One whose schema or test went wrong is not.
    """
    if _IDLE:
        database = _IDLE.pop()
    else:
        database = Database(MEMORY)
        database.migrate()
    before = _schema(database)
    well = False
    try:
        yield database
        well = _schema(database) == before
    finally:
        if well:
            _empty(database)
            _IDLE.append(database)
        else:
            database.close()


@contextmanager
def in_file(path: Path) -> Iterator[Database]:
    """The database in that file, as it was left there."""
    with closing(Database(f"sqlite:///{path}")) as database:
        database.migrate()
        yield database


@contextmanager
def rolled_back() -> Iterator[Overlay]:
    """One event's view of an empty database; what it writes is forgotten at the end."""
    with in_memory() as database:
        batch = database.batch()
        try:
            with batch.event() as store:
                yield store
        finally:
            batch.rollback()


def _schema(database: Database) -> Any:
    return database._driver().execute("PRAGMA schema_version").fetchone()


def _empty(database: Database) -> None:
    driver = database._driver()
    for table, written in zip(TABLES, driver.execute(WRITTEN).fetchone(), strict=True):
        if written:
            driver.execute(f'DELETE FROM "{table}"')
    database._memory = Memory()


def let_go() -> None:
    """Close what this process has open."""
    while _IDLE:
        _IDLE.pop().close()


@contextmanager
def made(kind: str) -> Iterator[Database]:
    """A database of that kind with its tables, which are to stay as they are."""
    with ExitStack() as stack:
        if kind == "postgresql":
            yield lent(stack, servers.blank())
        else:
            yield stack.enter_context(in_memory())
