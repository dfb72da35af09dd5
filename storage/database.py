"""Opening the database: engine, pragmas, schema version. PostgreSQL's is in `storage.server`."""

from collections.abc import Callable, Sequence
from contextlib import closing
from functools import cache, partial
from pathlib import Path
from typing import Any, Final, TypeVar

from sqlalchemy import (
    Column,
    Connection,
    Engine,
    MetaData,
    String,
    Table,
    create_engine,
    create_mock_engine,
    event,
    insert,
    inspect,
    select,
)
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.pool import StaticPool

from storage import estimates, search
from storage.memory import Memory
from storage.statements import Statements
from storage.tables import metadata
from storage.unit_of_work import Batch, Overlay, Unwritable, unwritable

T = TypeVar("T")

BUSY_TIMEOUT_MS: Final = 5_000
"""How long a writer waits for another process's transaction before the event is refused."""

WORKING: Final = (
    "journal_mode=WAL", "synchronous=FULL", "cache_size=-32768", "wal_autocheckpoint=20000",
)  # fmt: skip
"""What a connection to SQLite is set to. The first is kept in the file.

A checkpoint copies each changed page once, however often it was changed: the rows of those who
speak are changed all the time, so it comes every 80 MB and not every 4. In a large database the
pages lie far apart, and copying them took a fifth of a message's time at every 32 MB.
"""

EXAMINING: Final = ("cache_size=-2048",)
"""The same where nothing may change in the file."""

MEMORY: Final = "sqlite://"
"""A database that lives in this process only: rehearsals. It has one connection for everything."""

HERE: Final = Path(__file__).parent

QUOTED_BY_ID: Final = "CREATE INDEX quoted ON message (community, message_id)"
"""Scripts quote by id, WeCom never does: for its messages the index would be a page more each."""

HEAD: Final = max(path.name for path in (HERE / "migrations" / "versions").glob("0*.py"))[:4]
"""The newest revision: the number that its file's name begins with."""

VERSIONS: Final = Table(
    "alembic_version",
    MetaData(),
    Column("version_num", String(32), primary_key=True, nullable=False),
)
"""Where alembic keeps the revision a database is at."""


class SchemaError(Exception):
    """The database's schema is newer than this program, or cannot be read."""


UNUSABLE: Final = (SQLAlchemyError, SchemaError, Unwritable)
"""What a database raises that cannot be used, whatever was wanted of it."""


def reason_of(error: BaseException) -> str:
    """Return why in the database's own words, without a statement and its values."""
    return str(getattr(error, "orig", None) or error)


class Database:
    """One database. `batch()` opens a write transaction; close it by committing or rolling back.

    `as_found` leaves the file's own journal mode as it is: for who only looks at it.
    Raises `SchemaError` when the schema is unknown to this program, and SQLAlchemy's errors
    where the file or server cannot be used.
    """

    def __init__(
        self, url: str, *, busy_timeout_ms: int = BUSY_TIMEOUT_MS, as_found: bool = False
    ) -> None:
        self.url = url
        self.engine = _engine(url, busy_timeout_ms, EXAMINING if as_found else WORKING)
        self._statements = Statements(self.engine.dialect)
        self._memory = Memory()

    def migrate(self) -> None:
        """Bring the schema to this program's revision; an empty database gets all of it."""
        if self.url == MEMORY:
            self._driver().deserialize(_blank())
            return
        with self.engine.connect() as connection:
            _bring_up(connection)
            search.make(connection)
            if connection.dialect.name == "sqlite":
                estimates.teach(connection)
            connection.commit()

    def _driver(self) -> Any:
        with closing(self.engine.raw_connection()) as pooled:
            return pooled.driver_connection

    def revision(self) -> str | None:
        """The schema's revision, as `migrate` would find it; changes nothing.

        None is an empty database, and empty text one of before there were revisions.
        """
        with self.engine.connect().execution_options(reading=True) as connection:
            found = _revision(connection)
        if found and found != HEAD:
            _check_known(found)
        return found

    def batch(self) -> Batch:
        """Begin a write transaction: there is one at a time (BEGIN IMMEDIATE on SQLite).

        Raises `Unwritable` where that is not possible, after `BUSY_TIMEOUT_MS`.
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
            return Batch(connection, self._statements, None if reading else self._memory)
        except BaseException as error:
            connection.close()
            if isinstance(error, SQLAlchemyError):
                raise unwritable(error) from error
            raise


def _revision(connection: Connection) -> str | None:
    """The revision a database is at: empty text for one of before revisions, None for nothing."""
    tables = inspect(connection).get_table_names()
    if not tables:
        return None
    if VERSIONS.name not in tables:
        return ""
    return connection.execute(select(VERSIONS.c.version_num)).scalar() or ""


def _bring_up(connection: Connection) -> None:
    found = _revision(connection)
    if found is None:
        _make(connection)
    elif found != HEAD:
        _upgrade(connection, found)


def _make(connection: Connection) -> None:
    """Make all tables at once, at this program's revision (a test holds the two together).

    It spares a fresh start the loading of alembic: eight megabytes and a quarter of a second.
    """
    for statement in _making(connection.dialect.name):
        connection.exec_driver_sql(statement)
    connection.execute(insert(VERSIONS).values(version_num=HEAD))


@cache
def _making(dialect: str) -> tuple[str, ...]:
    """Return the statements that make all tables: put into words once in a process."""
    said: list[str] = []
    engine: Any = create_mock_engine(
        f"{dialect}://", lambda made, *_: said.append(str(made.compile(dialect=engine.dialect)))
    )
    metadata.create_all(engine, checkfirst=False)
    VERSIONS.create(engine, checkfirst=False)
    return tuple(said)


def _upgrade(connection: Connection, found: str) -> None:
    from storage import revisions  # noqa: PLC0415 - see `_make`

    if found:
        _check_known(found)
    revisions.upgrade(connection)


def _check_known(found: str) -> None:
    from storage import revisions  # noqa: PLC0415 - see `_make`

    if found not in revisions.known():
        raise SchemaError(
            f"the database is at revision {found}, which this version does not know: "
            "start the version that wrote it, or restore an older backup"
        )


@cache
def _blank() -> bytes:
    """Return an empty database for rehearsals: made once in a process, copied for each of them."""
    database = Database(MEMORY)
    with database.engine.connect() as connection:
        metadata.create_all(connection)
        connection.exec_driver_sql(QUOTED_BY_ID)
        search.make(connection)
        estimates.teach(connection)
        connection.commit()
    made: bytes = database._driver().serialize()  # noqa: SLF001 - its own
    database.close()
    return made


def _engine(url: str, busy_timeout_ms: int, pragmas: Sequence[str]) -> Engine:
    if not url.startswith("sqlite"):
        from storage import server  # noqa: PLC0415 - its driver is not installed everywhere

        return server.reached(url, busy_timeout_ms)
    # What a statement carries is people's words: it belongs in no error text.
    options: dict[str, Any] = {"hide_parameters": True}
    options["connect_args"] = {"check_same_thread": False}
    if url == MEMORY:
        options["poolclass"] = StaticPool
    engine = create_engine(url, **options)
    event.listen(
        engine, "connect", partial(_prepare, (f"busy_timeout={busy_timeout_ms}", *pragmas))
    )
    event.listen(engine, "begin", _begin)
    return engine


def _prepare(pragmas: Sequence[str], connection: Any, _record: Any) -> None:
    # The driver's own transaction handling would begin late and commit by itself.
    connection.isolation_level = None
    for pragma in pragmas:
        connection.execute(f"PRAGMA {pragma}").close()


def _begin(connection: Connection) -> None:
    reading = connection.get_execution_options().get("reading")
    connection.exec_driver_sql("BEGIN" if reading else "BEGIN IMMEDIATE")
