"""What all tests share: the databases that all laws of storage are asked of.

There is no time limit for an example, since a busy machine is no failure; every run tries others,
so that half as many as usual are enough for each.
"""

import gc
import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, suppress
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

from bot.memory import YOUNG
from storage.database import Database
from tests import databases, servers
from tests.databases import KINDS, lent, made

settings.register_profile("steady", deadline=None, max_examples=50)
settings.load_profile("steady")

IN_MEMORY = "/dev/shm"
ROOM = 2 << 30


def pytest_configure(config: pytest.Config) -> None:
    # As the running program does.
    gc.set_threshold(YOUNG)
    if not hasattr(config, "workerinput"):
        _write_to_memory()
        servers.reserve()


def _write_to_memory() -> None:
    """Have the folders of tests in memory where there is room: no commit waits for a disk then.

    A kill loses as little there; that the program waits for the disk is asked of its settings.
    """
    if os.access(IN_MEMORY, os.W_OK) and shutil.disk_usage(IN_MEMORY).free >= ROOM:
        os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", IN_MEMORY)


@pytest.hookimpl(wrapper=True)
def pytest_collection(session: pytest.Session) -> Iterator[None]:
    """What is collected stays: the collector of garbage is not to walk over it again and again."""
    gc.disable()
    try:
        if workerinput := getattr(session.config, "workerinput", None):
            _begin_elsewhere(session.config, workerinput)
        yield
    finally:
        gc.freeze()
        gc.enable()


def _begin_elsewhere(config: pytest.Config, own: Mapping[str, Any]) -> None:
    """Load a share of the tests first, another one in each worker.

    In a new clone nothing is compiled yet: so each test is by one of them, and not by all.
    """
    files = sorted(path for each in config.args for path in Path(each).rglob("test_*.py"))
    for path in files[int(own["workerid"][2:]) :: own["workercount"]]:
        name = ".".join(path.resolve().relative_to(config.rootpath).with_suffix("").parts)
        # What is wrong with it is told where it is collected.
        with suppress(Exception, pytest.skip.Exception):
            import_module(name)


def pytest_unconfigure(config: pytest.Config) -> None:
    databases.let_go()
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
