"""Why something was not written: the database's own reasons, told apart from wrong statements."""

from typing import Final

from sqlalchemy import Dialect
from sqlalchemy.exc import DBAPIError, OperationalError

_SQLITE_ERROR: Final = 1
"""SQLite's code for a statement that is wrong, as opposed to a database that cannot be used."""

_TOO_MUCH: Final = "54"
"""What PostgreSQL's codes begin with where a value is more than it takes, a long key say."""


class Unwritable(Exception):
    """The database cannot be used now: locked by somebody else, full, read-only or gone.

    No event is to blame; the same may work later.
    """


class AlreadyStored(Exception):
    """A record that never changes was put a second time."""


def unwritable(error: Exception, dialect: Dialect | None = None) -> Exception:
    """Return `Unwritable` for an error that is the database's own, else the error.

    A driver's bare error is told as SQLAlchemy would, for its `dialect`: without the values,
    which are people's words.
    """
    if dialect is not None and isinstance(error, dialect.loaded_dbapi.Error):
        _leave_out_values(error)
        error = DBAPIError.instance(
            None, None, error, dialect.loaded_dbapi.Error, hide_parameters=True, dialect=dialect
        )
    if isinstance(error, DBAPIError) and _is_databases_own(error):
        return Unwritable(str(error.orig))
    return error


def _is_databases_own(error: DBAPIError) -> bool:
    code = getattr(error.orig, "sqlite_errorcode", 0)
    state = getattr(error.orig, "sqlstate", None) or ""
    wrong = code & 0xFF == _SQLITE_ERROR or state.startswith(_TOO_MUCH)
    return isinstance(error, OperationalError) and not wrong


def _leave_out_values(error: Exception) -> None:
    """Leave of a server's error what is wrong: its details quote the row."""
    said = getattr(getattr(error, "diag", None), "message_primary", None)
    if said:
        error.args = (said,)
