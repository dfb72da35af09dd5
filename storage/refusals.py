"""Why something was not written: the database's own reasons, told apart from wrong statements."""

from typing import Final

from sqlalchemy import Dialect
from sqlalchemy.exc import DBAPIError, OperationalError

_SQLITE_ERROR: Final = 1
"""SQLite's code for a statement that is wrong, as opposed to a database that cannot be used."""


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
        error = DBAPIError.instance(
            None, None, error, dialect.loaded_dbapi.Error, hide_parameters=True, dialect=dialect
        )
    if not isinstance(error, OperationalError):
        return error
    code = getattr(error.orig, "sqlite_errorcode", 0)
    return error if code & 0xFF == _SQLITE_ERROR else Unwritable(str(error.orig))
