"""PostgreSQL: how it is reached, and what a transaction there begins with."""

from functools import partial
from typing import Any, Final

from psycopg.types.string import StrDumperUnknown
from sqlalchemy import Connection, Engine, event
from sqlalchemy.engine import make_url
from sqlmodel import create_engine

from storage.refusals import Unwritable

DRIVER: Final = "postgresql+psycopg"

WRITERS: Final = 7_165_051
"""The number of the lock that a writer holds: any number that is this program's own."""

SNAPSHOT: Final = "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ"

TURN: Final = (
    "SELECT set_config('lock_timeout', '{}', true), pg_advisory_xact_lock({}),"
    " current_setting('transaction_read_only')"
)
"""Waits until no other transaction writes, for so many ms at most; tells whether this one may."""


class _Text(StrDumperUnknown):
    """A text as it is kept: PostgreSQL has no NUL, and one must not be an event's end."""

    def dump(self, obj: str) -> Any:
        return super().dump(obj.replace("\0", "\ufffd") if "\0" in obj else obj)


def reached(url: str, busy_timeout_ms: int) -> Engine:
    """Return an engine whose connections are tried before they are used again.

    A transaction writes when no other does, and a reader sees one committed state: as on SQLite.
    """
    # What a statement carries is people's words: it belongs in no error text.
    engine = create_engine(
        make_url(url).set(drivername=DRIVER),
        hide_parameters=True,
        pool_pre_ping=True,
        # A writer that had to wait is to see what was written meanwhile.
        isolation_level="READ COMMITTED",
    )
    # Before the library asks anything, which another encoding it could not read the answer of.
    event.listen(engine, "connect", _prepare, insert=True)
    event.listen(engine, "begin", partial(_begin, TURN.format(busy_timeout_ms, WRITERS)))
    return engine


def _prepare(connection: Any, _record: Any) -> None:
    connection.adapters.register_dumper(str, _Text)
    encoding = connection.info.parameter_status("server_encoding")
    if encoding != "UTF8":
        raise Unwritable(f"its encoding is {encoding}: make it with ENCODING 'UTF8'")


def _begin(turn: str, connection: Connection) -> None:
    if connection.get_execution_options().get("reading"):
        connection.exec_driver_sql(SNAPSHOT)
        return
    *_, read_only = connection.exec_driver_sql(turn).one()
    if read_only == "on":
        raise Unwritable("the server takes no writes: it is a mirror, or was told to be read-only")
