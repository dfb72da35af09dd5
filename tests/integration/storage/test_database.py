"""The database file: durable, shared with readers, and honest when it cannot be used."""

import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from sop.frozen import replace
from sop.model import Counter, Note, Person
from storage.database import Database, Unwritable
from storage.memory import MOST_KEPT


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "q.db"


@pytest.fixture
def database(path: Path) -> Iterator[Database]:
    database = Database(f"sqlite:///{path}", busy_timeout_ms=20)
    database.migrate()
    yield database
    database.close()


@pytest.fixture
def either(any_url: str) -> Iterator[Database]:
    with closing(Database(any_url, busy_timeout_ms=20)) as database:
        database.migrate()
        yield database


def person(number: int) -> Person:
    return Person(community="c", id=number, userid="u")


def test_every_connection_is_durable(database: Database):
    first, second = database.engine.connect(), database.engine.connect()
    for connection in (first, second):
        for pragma, value in (("journal_mode", "wal"), ("synchronous", 2), ("busy_timeout", 20)):
            assert connection.exec_driver_sql(f"PRAGMA {pragma}").scalar() == value
        connection.rollback()
        connection.close()


def test_nothing_is_seen_elsewhere_before_the_commit(either: Database):
    with closing(Database(either.url)) as other:
        batch = either.batch()
        with batch.event() as store:
            store.put(person(1))
            store.find(Person)
        assert other.read(lambda store: store.count(Person)) == 0

        batch.commit()

        assert other.read(lambda store: store.count(Person)) == 1


def test_reading_neither_waits_for_a_writer_nor_keeps_one_waiting(either: Database):
    database = either
    batch = database.batch()
    with batch.event() as store:
        store.put(person(1))
    batch.flush()

    assert database.read(lambda store: store.count(Person)) == 0

    done = threading.Event()

    def write_meanwhile() -> None:
        batch.commit()
        done.set()

    def work(store: object) -> int:
        before = store.count(Person)  # type: ignore[attr-defined]
        thread = threading.Thread(target=write_meanwhile)
        thread.start()
        thread.join()
        assert done.is_set()
        return before + store.count(Person)  # type: ignore[attr-defined,no-any-return]

    assert database.read(work) == 0
    assert database.read(lambda store: store.count(Person)) == 1


def test_a_locked_database_is_unwritable_and_usable_afterwards(either: Database):
    with closing(Database(either.url)) as other:
        writing = other.batch()

        with pytest.raises(Unwritable, match="lock"):
            either.batch()
        assert not either.writable()
        assert either.read(lambda store: store.count(Person)) == 0

        writing.rollback()
    assert either.writable()


def test_a_full_disk_undoes_the_whole_batch(database: Database):
    limit(database, room=2)
    batch = database.batch()
    with batch.event() as store:
        store.put(person(1))
    with batch.event() as store:
        store.put(Person(community="c", id=2, userid="u" * 1_000_000))

    with pytest.raises(Unwritable, match="full"):
        batch.commit()

    assert database.read(lambda store: store.count(Person)) == 0


def test_a_database_that_cannot_be_opened_is_told_so(tmp_path: Path):
    database = Database(f"sqlite:///{tmp_path / 'missing' / 'q.db'}")

    with pytest.raises(Unwritable, match="unable to open"):
        database.batch()
    assert not database.writable()
    database.close()


def limit(database: Database, *, room: int) -> None:
    """Let the file grow by so many pages only."""
    with database.engine.connect() as connection:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
        connection.exec_driver_sql(f"PRAGMA max_page_count={pages + room}")
        connection.rollback()


def test_what_is_remembered_is_what_anybody_has_committed(any_url: str):
    ours, other = (Database(any_url) for _ in range(2))
    ours.migrate()
    _keep(ours, name="ours")
    assert _shown(ours) == "ours"
    _keep(other, name="theirs")
    assert (_shown(ours), _shown(other)) == ("theirs", "theirs")
    _keep(ours, name="ours again")
    assert (_shown(ours), _shown(other)) == ("ours again", "ours again")
    ours.close()
    other.close()


def test_nothing_is_remembered_that_was_not_committed(either: Database):
    database = either
    _keep(database, name="kept")
    undone = database.batch()
    with undone.event() as store:
        store.put(Person(community="c", id=1, userid="u", name="undone"))
    undone.rollback()
    assert _shown(database) == "kept"
    failing = database.batch()
    with failing.event() as store:
        store.put(Person(community="c", id=1, userid="u", name="failed"))
        store.put(Note(community="c", id=1, group="g", at=1, do="held", body={}))
        store.put(replace(store.get(Person, "c", 1), balance=1 << 80))
    with pytest.raises(Exception, match=r"too large|out of range"):
        failing.commit()
    assert _shown(database) == "kept"


def test_what_is_remembered_is_bounded(tmp_path: Path):
    database = Database(f"sqlite:///{tmp_path / 'q.db'}")
    database.migrate()
    batch = database.batch()
    with batch.event() as store:
        for number in range(MOST_KEPT + 1):
            store.put(Counter(community="c", name=f"n{number}", value=number))
    batch.commit()
    batch = database.batch()
    assert not batch.known[Counter]
    assert batch.read(Counter, ("c", "n7")) is not None
    batch.commit()
    batch = database.batch()
    assert list(batch.known[Counter]) == [("c", "n7")]
    batch.rollback()
    database.close()


def _keep(database: Database, *, name: str) -> None:
    batch = database.batch()
    with batch.event() as store:
        store.put(Person(community="c", id=1, userid="u", name=name))
    batch.commit()


def _shown(database: Database) -> str:
    batch = database.batch()
    found = batch.read(Person, ("c", 1))
    batch.commit()
    assert found is not None
    return found.name
