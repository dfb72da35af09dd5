"""Opening the database: engine, pragmas, schema version. SQLite today; PostgreSQL fits the same."""

import json
from pathlib import Path
from typing import Any, Final

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, event
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.pool import StaticPool
from sqlmodel import create_engine

from storage.tables import metadata
from storage.unit_of_work import Batch

BUSY_TIMEOUT_MS: Final = 5_000
"""How long a writer waits for another process's transaction before the event is refused."""

MEMORY: Final = "sqlite://"
"""A database that lives in this process only: rehearsals."""


class SchemaError(Exception):
    """The database's schema is newer than this program, or cannot be read."""


class Database:
    """One database. `batch()` opens a write transaction; close it by committing or rolling back.

    Raises `SchemaError` when the schema is unknown to this program, and SQLAlchemy's errors
    where the file or server cannot be used.
    """

    def __init__(self, url: str) -> None:
        self.url = url
        self.engine = _engine(url)

    def migrate(self) -> None:
        """Bring the schema to this program's revision; an empty database gets all of it."""
        if self.url == MEMORY:
            metadata.create_all(self.engine)
            return
        config = _alembic()
        with self.engine.connect() as connection:
            self._refuse_newer(connection, ScriptDirectory.from_config(config))
            connection.rollback()
            config.attributes["connection"] = connection
            command.upgrade(config, "head")
            connection.commit()

    def _refuse_newer(self, connection: Connection, scripts: ScriptDirectory) -> None:
        found = MigrationContext.configure(connection).get_current_revision()
        known = {script.revision for script in scripts.walk_revisions()}
        if found is not None and found not in known:
            raise SchemaError(
                f"the database is at revision {found}, which this version does not know: "
                "start the version that wrote it, or restore an older backup"
            )

    def batch(self) -> Batch:
        """Begin a write transaction (BEGIN IMMEDIATE on SQLite)."""
        return Batch(self.engine.connect())

    def writable(self) -> bool:
        """Tell whether a write transaction can be opened now."""
        try:
            with self.engine.begin():
                return True
        except SQLAlchemyError:
            return False

    def close(self) -> None:
        """Close every connection."""
        self.engine.dispose()


def _alembic() -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    return config


def _dumps(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _engine(url: str) -> Engine:
    if not url.startswith("sqlite"):
        return create_engine(url, json_serializer=_dumps)
    options: dict[str, Any] = {"connect_args": {"check_same_thread": False}}
    if url == MEMORY:
        options["poolclass"] = StaticPool
    engine = create_engine(url, json_serializer=_dumps, **options)
    event.listen(engine, "connect", _prepare)
    event.listen(engine, "begin", _begin_immediate)
    return engine


def _prepare(connection: Any, _record: Any) -> None:
    # The driver's own transaction handling would begin late and commit by itself.
    connection.isolation_level = None
    for pragma in (
        f"busy_timeout={BUSY_TIMEOUT_MS}",
        "journal_mode=WAL",
        "synchronous=FULL",
        "cache_size=-32768",
    ):
        connection.execute(f"PRAGMA {pragma}").close()


def _begin_immediate(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE")
