"""The databases that storage works on: what is promised of one is asked of both."""

import os
from collections.abc import Iterator
from contextlib import AbstractContextManager, ExitStack, closing, contextmanager
from typing import TypeVar

import pytest

from storage.database import MEMORY, Database
from tests import servers

D = TypeVar("D")

KINDS = ("sqlite", "postgresql")


def lent(stack: ExitStack, database: AbstractContextManager[D]) -> D:
    """Skip where there is no server: but whoever lands a change is to have asked both."""
    try:
        return stack.enter_context(database)
    except servers.Absent as error:
        if os.environ.get("CI"):
            raise
        pytest.skip(f"no PostgreSQL: {error}")


@contextmanager
def made(kind: str) -> Iterator[Database]:
    """A database of that kind with its tables, which are to stay as they are."""
    with ExitStack() as stack:
        if kind == "postgresql":
            yield lent(stack, servers.blank())
            return
        database = stack.enter_context(closing(Database(MEMORY)))
        database.migrate()
        yield database
