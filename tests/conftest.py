"""What all tests share: the databases that all laws of storage are asked of.

There is no time limit for an example, since a busy machine is no failure; every run tries others,
so that half as many as usual are enough for each.
"""

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from hypothesis import settings

from storage.database import Database
from tests import servers
from tests.databases import KINDS, lent, made

settings.register_profile("steady", deadline=None, max_examples=50)
settings.load_profile("steady")


def pytest_configure(config: pytest.Config) -> None:
    if not hasattr(config, "workerinput"):
        servers.reserve()


def pytest_unconfigure(config: pytest.Config) -> None:
    servers.let_go()
    if not hasattr(config, "workerinput"):
        servers.end()


@pytest.fixture
def postgresql_url() -> Iterator[str]:
    """An empty database on PostgreSQL."""
    with ExitStack() as stack:
        yield lent(stack, servers.fresh())


@pytest.fixture
def postgresql() -> Iterator[Database]:
    """A database on PostgreSQL with its tables, which are to stay as they are."""
    with made("postgresql") as database:
        yield database


@pytest.fixture(params=KINDS)
def any_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """An empty database, of each kind."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'q.db'}"
    url: str = request.getfixturevalue("postgresql_url")
    return url


@pytest.fixture(params=KINDS)
def any_database(request: pytest.FixtureRequest) -> Iterator[Database]:
    """A database with its tables, of each kind."""
    with made(request.param) as database:
        yield database


@pytest.fixture(scope="module", params=KINDS)
def lasting_database(request: pytest.FixtureRequest) -> Iterator[Database]:
    """The same for all of a module's examples, which leave in it what they like."""
    with made(request.param) as database:
        yield database


@pytest.fixture(scope="module")
def both_databases() -> Iterator[list[Database]]:
    """One of each kind for all of a module's examples."""
    with ExitStack() as stack:
        yield [stack.enter_context(made(kind)) for kind in KINDS]
