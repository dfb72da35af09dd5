"""The schema: on both databases revisions and tables agree, and an unknown revision is refused."""

import subprocess
import sys
import zipfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine

from sop.model import Member, Person
from storage import migrations
from storage.database import HEAD, MEMORY, VERSIONS, Database, SchemaError
from storage.revisions import MIGRATIONS, alembic_config, known
from storage.search import is_part
from storage.tables import metadata
from tests.databases import KINDS

COLUMNS = """
    SELECT relname, concat_ws(' ', attname, format_type(atttypid, atttypmod), collname,
        attnotnull, atthasdef)
    FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid
    LEFT JOIN pg_collation ON pg_collation.oid = attcollation
    WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace
    AND attnum > 0 AND NOT attisdropped
"""
INDEXES = "SELECT tablename, indexdef FROM pg_indexes WHERE schemaname = 'public'"
CONSTRAINTS = """
    SELECT conrelid::regclass::text, conname || ' ' || pg_get_constraintdef(oid)
    FROM pg_constraint WHERE connamespace = 'public'::regnamespace
"""


@pytest.fixture(params=KINDS)
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    if request.param == "postgresql":
        url = request.getfixturevalue("postgresql_url")
    else:
        url = f"sqlite:///{tmp_path / 'data with 100%' / 'q.db'}"
        (tmp_path / "data with 100%").mkdir()
    with closing(Database(url)) as database:
        yield database


@pytest.fixture
def plain(database: Database, request: pytest.FixtureRequest) -> Iterator[Database]:
    """A database of the same kind whose tables were made at once, without a revision."""
    url = MEMORY
    if database.engine.dialect.name == "postgresql":
        url = request.getfixturevalue("postgresql").url
    with closing(Database(url)) as plain:
        plain.migrate()
        yield plain


def schema(engine: Engine) -> dict[str, list[str]]:
    """What the database knows of its tables, in an order that does not depend on their past."""
    with engine.connect() as connection:
        return _server_schema(connection) if engine.name == "postgresql" else _schema(connection)


def _server_schema(connection: Connection) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for statement in (COLUMNS, INDEXES, CONSTRAINTS):
        for table, says in connection.exec_driver_sql(statement):
            if table != "alembic_version":
                found.setdefault(table, []).append(says)
    return {table: sorted(says) for table, says in found.items()}


def _schema(connection: Connection) -> dict[str, list[str]]:
    """The parts of each statement sorted, blanks left out."""
    rows = connection.exec_driver_sql("SELECT name, sql FROM sqlite_master").fetchall()
    others = ("alembic", "sqlite_stat", "quoted")
    # A table that was changed by copying it has its name in quotes.
    found = {
        name: sql.replace(f'TABLE "{name}"', f"TABLE {name}").replace("(", "(,")
        for name, sql in rows
        if sql and not name.startswith(others)
    }
    return {
        name: sorted("".join(part.split()).strip("()") for part in sql.split(","))
        for name, sql in found.items()
    }


@pytest.fixture
def old(database: Database) -> Database:
    """A database of before the first revision: alembic is to bring it up."""
    with database.engine.begin() as connection:
        VERSIONS.create(connection)
    return database


def test_a_fresh_database_is_at_the_newest_revision(database: Database):
    database.migrate()

    assert max(known()) == HEAD
    with database.engine.connect() as connection:
        assert MigrationContext.configure(connection).get_current_revision() == HEAD
        connection.rollback()


def test_the_revisions_make_exactly_the_tables(old: Database, plain: Database):
    database = old
    database.migrate()
    with database.engine.connect() as connection:
        opts = {"compare_type": True, "include_name": lambda name, *_: not is_part(name or "")}
        context = MigrationContext.configure(connection, opts=opts)
        assert compare_metadata(context, metadata) == []
        connection.rollback()

    made, wanted = schema(database.engine), schema(plain.engine)

    assert len(wanted) > 50
    assert made == wanted


def test_on_postgresql_whole_numbers_have_64_bits_and_texts_compare_by_code_point(
    postgresql: Database,
):
    with postgresql.engine.connect() as connection:
        rows = connection.exec_driver_sql(COLUMNS).fetchall()

    kinds = {says.split(" ", 1)[1] for table, says in rows if table in metadata.tables}

    assert kinds == {"bigint t f", "boolean t f", "json t f", "text C t f"}


def test_migrating_twice_changes_nothing_and_keeps_what_is_there(database: Database):
    database.migrate()
    batch = database.batch()
    with batch.event() as store:
        store.put(Person(community="c", id=1, userid="u"))
    batch.commit()

    database.migrate()

    assert database.read(lambda store: store.count(Person)) == 1


def test_rows_of_the_first_revision_are_there_in_the_newest(old: Database):
    config = alembic_config()
    with old.engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0001")
        connection.exec_driver_sql(
            'INSERT INTO member (community, "group", person, joined_at, left_at, stint,'
            " introduced_at, last_at, recent) VALUES ('c', 'g', 1, 5, 0, 1, 0, 7, '[]')"
        )

    old.migrate()

    member = old.read(lambda store: store.get(Member, "c", "g", 1))
    assert member == Member(community="c", group="g", person=1, joined_at=5, last_at=7)


def test_a_database_of_a_newer_revision_is_refused(database: Database):
    database.migrate()
    with database.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")

    with pytest.raises(SchemaError, match="9999"):
        database.migrate()


def test_a_migration_that_fails_leaves_the_database_as_it_was(
    old: Database, monkeypatch: pytest.MonkeyPatch
):
    database = old
    upgrade = command.upgrade

    def fail(*arguments: object) -> None:
        upgrade(*arguments)  # type: ignore[arg-type]
        raise OSError

    monkeypatch.setattr(command, "upgrade", fail)
    with pytest.raises(OSError):  # noqa: PT011 - no text
        database.migrate()

    assert schema(database.engine) == {}


def test_every_revision_can_be_undone(database: Database):
    database.migrate()
    config = alembic_config()
    with database.engine.connect() as connection:
        config.attributes["connection"] = connection
        command.downgrade(config, "base")
        connection.commit()

    assert schema(database.engine) == {}


def test_revisions_are_numbered_in_one_line():
    scripts = ScriptDirectory.from_config(alembic_config())
    numbers = [script.revision for script in scripts.walk_revisions()]

    assert numbers == [f"{each:04}" for each in range(len(numbers), 0, -1)]


def test_the_files_of_the_migrations_belong_to_the_package(tmp_path: Path):
    assert Path(migrations.__file__).parent == MIGRATIONS
    build = "from hatchling.build import build_wheel; import sys; build_wheel(sys.argv[1])"
    root = Path(__file__).parents[3]
    subprocess.run([sys.executable, "-c", build, str(tmp_path)], cwd=root, check=True)

    names = zipfile.ZipFile(next(tmp_path.glob("*.whl"))).namelist()

    for path in ("env.py", "script.py.mako", *(f"versions/{p.name}" for p in revisions())):
        assert f"storage/migrations/{path}" in names


def revisions() -> list[Path]:
    return list((MIGRATIONS / "versions").glob("*.py"))
