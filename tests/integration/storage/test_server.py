"""PostgreSQL as a server: connections that break, what it refuses, and what it tells of people."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing
from dataclasses import replace
from typing import Any

import pytest

from bot.intake.writer import Job, Writer
from handlers.ports import Store
from sop.model import Person, Task
from storage.database import Database, Unwritable
from tests import servers
from tests.databases import lent
from tests.servers import told

TASK = Task(
    community="c", id=1, group="g", kind="step", to="staff", text="t", about="what was said",
    created_at=1,
)  # fmt: skip


def person(number: int, **more: Any) -> Person:
    return Person(community="c", id=number, userid="u", **more)


def put(record: Any) -> Job:
    return Job(run=lambda store: store.put(record))


def set_to(url: str, setting: str) -> None:
    ((name,),) = told(url, "SELECT current_database()")
    told(url, f"ALTER DATABASE {name} SET {setting}")


def count(store: Store) -> int:
    return store.count(Person)


def test_a_connection_that_breaks_is_nobodys_fault_and_another_is_opened(postgresql: Database):
    writer = Writer(postgresql)
    assert writer.run([put(person(1))])[0].error is None

    def broken(store: Store) -> None:
        told(postgresql.url, "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
             "WHERE datname = current_database() AND pid <> pg_backend_pid()")  # fmt: skip
        count(store)

    assert isinstance(writer.run([Job(run=broken)])[0].error, Unwritable)
    assert writer.run([put(person(2))])[0].error is None
    assert postgresql.read(count) == 2


def test_a_key_that_is_too_long_for_the_index_is_its_events_fault_alone(postgresql: Database):
    long = replace(TASK, about="".join(chr(0x4E00 + 7 * each % 20_000) for each in range(3_000)))

    done = Writer(postgresql).run([put(person(1)), put(long), put(person(2))])

    assert [each.error is None for each in done] == [True, False, True]
    assert not isinstance(done[1].error, Unwritable)
    assert postgresql.read(count) == 2


def test_a_nul_which_no_text_can_hold_there_is_a_sign_that_nobody_knows(postgresql: Database):
    (done,) = Writer(postgresql).run([put(person(1, name="a\0b"))])

    assert done.error is None
    assert postgresql.read(lambda store: store.get(Person, "c", 1)).name == "a\ufffdb"
    assert postgresql.read(lambda store: store.find(Person, userid="u\0")) == []


def test_no_error_text_quotes_the_row(postgresql: Database):
    (done,) = Writer(postgresql).run([Job(run=lambda store: [
        store.put(TASK), store.put(replace(TASK, id=2)), store.count(Task)
    ])])  # fmt: skip

    assert "unique" in str(done.error)
    errors = [done.error, done.error.__cause__, done.error.orig]  # type: ignore[union-attr]
    assert not any("said" in str(each) for each in errors)


def test_a_writer_that_waited_sees_what_was_written_whatever_the_server_is_set_to(
    postgresql_url: str,
):
    with closing(Database(postgresql_url)) as database:
        database.migrate()
    set_to(postgresql_url, "default_transaction_isolation = 'repeatable read'")
    with closing(Database(postgresql_url)) as first, closing(Database(postgresql_url)) as second:
        writing = first.batch()
        with ThreadPoolExecutor(1) as pool:
            waiting = pool.submit(Writer(second).run, [Job(run=count)])
            while not told(postgresql_url, "SELECT 1 FROM pg_locks WHERE NOT granted"):
                pass
            with writing.event() as store:
                store.put(person(1))
            writing.commit()
            assert waiting.result()[0].result == 1


def test_a_server_that_takes_no_writes_is_unwritable_and_readable(postgresql_url: str):
    with closing(Database(postgresql_url)) as database:
        database.migrate()
    set_to(postgresql_url, "default_transaction_read_only = on")

    with closing(Database(postgresql_url)) as database:
        assert not database.writable()
        with pytest.raises(Unwritable, match="no writes"):
            database.batch()
        assert database.read(count) == 0


def test_a_database_that_cannot_hold_every_character_is_told_so():
    with ExitStack() as stack:
        url = lent(stack, servers.fresh("SQL_ASCII"))
        database = stack.enter_context(closing(Database(url)))

        with pytest.raises(Unwritable, match="ENCODING 'UTF8'"):
            database.migrate()


def test_a_server_that_is_not_there_is_unwritable(tmp_path: object):
    pytest.importorskip("psycopg")
    with closing(Database(f"postgresql://nobody@/nothing?host={tmp_path}")) as database:
        with pytest.raises(Unwritable):
            database.batch()
        assert not database.writable()
