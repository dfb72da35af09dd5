"""Opening the database: engine, pragmas, schema version. SQLite now, PostgreSQL alike."""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any, Final, TypeVar

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, event
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.pool import StaticPool
from sqlmodel import create_engine

from storage.statements import Statements
from storage.tables import metadata
from storage.unit_of_work import Batch, Overlay, Unwritable, unwritable

T = TypeVar("T")

BUSY_TIMEOUT_MS: Final = 5_000
"""How long a writer waits for another process's transaction before the event is refused."""

MEMORY: Final = "sqlite://"
"""A database that lives in this process only: rehearsals. It has one connection for everything."""

MIGRATIONS: Final = Path(__file__).parent / "migrations"


class SchemaError(Exception):
    """The database's schema is newer than this program, or cannot be read."""


class Database:
    """One database. `batch()` opens a write transaction; close it by committing or rolling back.

    Raises `SchemaError` when the schema is unknown to this program, and SQLAlchemy's errors
    where the file or server cannot be used.
    """

    def __init__(self, url: str, *, busy_timeout_ms: int = BUSY_TIMEOUT_MS) -> None:
        self.url = url
        self.engine = _engine(url, busy_timeout_ms)
        self._statements = Statements(self.engine.dialect)

    def migrate(self) -> None:
        """Bring the schema to this program's revision; an empty database gets all of it."""
        if self.url == MEMORY:
            metadata.create_all(self.engine)
            return
        config = alembic_config()
        scripts = ScriptDirectory.from_config(config)
        with self.engine.connect() as connection:
            found = MigrationContext.configure(connection).get_current_revision()
            _refuse_newer(found, scripts)
            if found != scripts.get_current_head():
                config.attributes["connection"] = connection
                command.upgrade(config, "head")
            connection.commit()

    def batch(self) -> Batch:
        """Begin a write transaction (BEGIN IMMEDIATE on SQLite).

        Raises `Unwritable` where that is not possible, on SQLite after `BUSY_TIMEOUT_MS`.
        """
        return self._begin(reading=False)

    def read(self, work: Callable[[Overlay], T]) -> T:
        """Return what `work` finds in the last committed state, without keeping writers waiting.

        What it puts is thrown away. A database in memory must have no batch open meanwhile.
        """
        batch = self._begin(reading=True)
        try:
            with batch.event() as store:
                return work(store)
        finally:
            batch.rollback()

    def writable(self) -> bool:
        """Tell whether a write transaction can be opened now; waits as long as `batch()`."""
        try:
            self.batch().rollback()
        except (Unwritable, SQLAlchemyError):
            return False
        return True

    def close(self) -> None:
        """Close every connection."""
        self.engine.dispose()

    def _begin(self, *, reading: bool) -> Batch:
        try:
            connection = self.engine.connect().execution_options(reading=reading)
        except SQLAlchemyError as error:
            raise unwritable(error) from error
        try:
            return Batch(connection, self._statements)
        except BaseException as error:
            connection.close()
            if isinstance(error, SQLAlchemyError):
                raise unwritable(error) from error
            raise


def alembic_config() -> Config:
    """Return what alembic needs to know; the connection is handed over in its attributes."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.set_main_option("file_template", "%%(rev)s_%%(slug)s")
    return config


def _refuse_newer(found: str | None, scripts: ScriptDirectory) -> None:
    known = {script.revision for script in scripts.walk_revisions()}
    if found is not None and found not in known:
        raise SchemaError(
            f"the database is at revision {found}, which this version does not know: "
            "start the version that wrote it, or restore an older backup"
        )


def _engine(url: str, busy_timeout_ms: int) -> Engine:
    # What a statement carries is people's words: it belongs in no error text.
    options: dict[str, Any] = {"hide_parameters": True}
    if not url.startswith("sqlite"):
        return create_engine(url, **options)
    options["connect_args"] = {"check_same_thread": False}
    if url == MEMORY:
        options["poolclass"] = StaticPool
    engine = create_engine(url, **options)
    event.listen(engine, "connect", partial(_prepare, busy_timeout_ms))
    event.listen(engine, "begin", _begin)
    return engine


def _prepare(busy_timeout_ms: int, connection: Any, _record: Any) -> None:
    # The driver's own transaction handling would begin late and commit by itself.
    connection.isolation_level = None
    for pragma in (
        f"busy_timeout={busy_timeout_ms}",
        "journal_mode=WAL",
        "synchronous=FULL",
        "cache_size=-32768",
    ):
        connection.execute(f"PRAGMA {pragma}").close()


def _begin(connection: Connection) -> None:
    reading = connection.get_execution_options().get("reading")
    connection.exec_driver_sql("BEGIN" if reading else "BEGIN IMMEDIATE")
