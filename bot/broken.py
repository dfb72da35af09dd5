"""The one exception that ends a command with a sentence for people."""

from collections.abc import Iterator
from contextlib import contextmanager

from storage.database import UNUSABLE, reason_of


class Broken(Exception):
    """The program cannot start; the text says why and what to do."""


@contextmanager
def usable(database: str = "the database") -> Iterator[None]:
    """Say in a sentence what keeps the database, called so, from being used."""
    try:
        yield
    except UNUSABLE as error:
        raise Broken(f"{database} cannot be used: {reason_of(error)}") from error
