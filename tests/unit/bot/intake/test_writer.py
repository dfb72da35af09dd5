"""The writer: who dies of what, and what is kept of the others."""

import contextlib
import resource
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event

from bot.intake.writer import Job, Writer
from handlers.ports import Store
from sop.model import Counter, DeadEvent, LedgerEntry, Note, Person
from storage.database import Database
from storage.unit_of_work import AlreadyStored, Batch, Unwritable


class Broken(Exception):
    pass


@pytest.fixture
def transactions(database: Database) -> list[str]:
    """The transactions that are begun from here on."""
    begun: list[str] = []
    event.listen(database.engine, "begin", lambda _connection: begun.append("begin"))
    return begun


def add(number: int, name: str = "") -> Job:
    def run(store: Store) -> int:
        store.put(Person(community="c", id=number, userid="u", name=name))
        return number

    return Job(run=run)


def fail(error: Exception, rescue: Callable[[Store, Exception], Any] | None = None) -> Job:
    def run(store: Store) -> None:
        store.put(Person(community="c", id=99, userid="u"))
        store.number("c", "x")
        raise error

    return Job(run=run, rescue=rescue)


def pay(number: int, source: str, rescue: Callable[[Store, Exception], Any] | None = None) -> Job:
    def run(store: Store) -> str:
        store.put(
            LedgerEntry(
                community="c", id=number, person=1, group="g", deed="message", points=1,
                source=source, step="", version="v", at=0,
            )
        )  # fmt: skip
        return source

    return Job(run=run, rescue=rescue)


def bury(store: Store, error: Exception) -> str:
    reason = type(error).__name__
    store.put(DeadEvent(key_="k", community="c", at=0, payload="p", error=reason))
    return f"buried {reason}"


def people(database: Database) -> list[int]:
    return [each.id for each in database.read(lambda store: store.find(Person))]


def test_jobs_share_one_transaction_and_tell_their_results_in_order(
    database: Database, transactions: list[str]
):
    done = Writer(database).run([add(number) for number in (3, 1, 2)])

    assert [each.result for each in done] == [3, 1, 2]
    assert len(transactions) == 1
    assert people(database) == [1, 2, 3]


def test_no_jobs_are_no_work(database: Database):
    assert Writer(database).run([]) == []


def test_a_later_job_sees_what_an_earlier_one_wrote(database: Database):
    done = Writer(database).run([Job(run=lambda store: store.number("c", "n")) for _ in range(3)])

    assert [each.result for each in done] == [1, 2, 3]


def test_a_job_that_raises_dies_alone(database: Database, transactions: list[str]):
    error = Broken()

    done = Writer(database).run([add(1), fail(error), add(2)])

    assert [each.result for each in done] == [1, None, 2]
    assert done[1].error is error
    assert len(transactions) == 1
    assert people(database) == [1, 2]
    assert database.read(lambda store: store.count(Counter)) == 0


def test_what_a_rescue_returns_and_writes_stands_for_the_job(database: Database):
    done = Writer(database).run([add(1), fail(Broken(), bury), add(2)])

    assert [each.result for each in done] == [1, "buried Broken", 2]
    assert done[1].error is None
    assert people(database) == [1, 2]
    assert database.read(lambda store: store.count(DeadEvent)) == 1


def test_a_rescue_that_raises_too_gives_its_own_error(database: Database):
    def rescue(store: Store, error: Exception) -> None:
        bury(store, error)
        raise OSError

    done = Writer(database).run([fail(Broken(), rescue), add(1)])

    assert isinstance(done[0].error, OSError)
    assert people(database) == [1]
    assert database.read(lambda store: store.count(DeadEvent)) == 0


def test_a_phase_that_raises_kills_its_own_job_only(database: Database):
    def phase(_batch: object) -> list[Any]:
        raise Broken

    guilty = Job(run=lambda _store: None, rescue=bury, phases=(phase,))
    done = Writer(database).run([add(1), guilty, add(2)])

    assert [each.result for each in done] == [1, "buried Broken", 2]
    assert people(database) == [1, 2]


def test_later_phases_may_look_at_what_earlier_ones_brought(database: Database):
    writer = Writer(database)
    writer.run([add(1, name="2"), add(2, name="found")])
    read: list[Any] = []

    def second(batch: Any) -> list[Any]:
        read.append(batch.read(Person, ("c", 1)).name)
        return [(Person, ("c", int(read[0])))]

    job = Job(
        run=lambda store: store.get(Person, "c", 2),
        phases=(lambda _b: [(Person, ("c", 1))], second),
    )
    done = writer.run([job, add(3)])

    assert done[0].result.name == "found"


@pytest.mark.parametrize("searches", [False, True])
def test_a_flush_that_fails_kills_only_the_job_whose_rows_break_the_rule(
    database: Database, *, searches: bool
):
    writer = Writer(database)
    writer.run([pay(1, "m1")])
    seen = Job(run=lambda store: store.count(LedgerEntry) if searches else -1)

    done = writer.run([add(1), pay(2, "m1", bury), seen, pay(3, "m3"), add(2)])

    assert [each.error for each in done] == [None] * 5
    assert [each.result for each in done] == [1, "buried IntegrityError", 1 if searches else -1,
                                              "m3", 2]  # fmt: skip
    assert people(database) == [1, 2]
    assert [each.id for each in database.read(lambda store: store.find(LedgerEntry))] == [1, 3]


def test_of_two_jobs_that_collide_the_second_dies(database: Database):
    done = Writer(database).run([pay(1, "m"), pay(2, "m"), add(1)])

    assert [each.result for each in done] == ["m", None, 1]
    assert isinstance(done[1].error, AlreadyStored)
    assert [each.id for each in database.read(lambda store: store.find(LedgerEntry))] == [1]


def test_what_no_database_can_hold_kills_only_its_job(database: Database):
    note = {"community": "c", "id": 1, "group": "g", "at": 0, "do": "x"}
    unfit = [
        add(7, name="\ud800"),
        add(2**70),
        Job(run=lambda store: store.put(Note(**note, body={"a": object()})), rescue=bury),
        Job(run=lambda store: store.put(Note(**note, body={"a": "\ud800"}))),
    ]

    done = Writer(database).run([add(1), *unfit, add(2)])

    assert [each.error is None for each in done] == [True, False, False, True, False, True]
    assert people(database) == [1, 2]


def test_a_locked_database_is_nobodys_fault_and_costs_its_patience_once(
    database: Database, path: Path, transactions: list[str]
):
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")

    done = Writer(database).run([add(1), fail(Broken(), bury), add(2)])

    assert len(transactions) <= 1
    assert all(isinstance(each.error, Unwritable) for each in done)
    assert len({id(each.error) for each in done}) == 3
    other.execute("ROLLBACK")
    other.close()
    assert people(database) == []
    assert [each.result for each in Writer(database).run([add(1)])] == [1]


def test_a_full_disk_stops_only_what_does_not_fit(database: Database):
    with database.engine.connect() as connection:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
        connection.exec_driver_sql(f"PRAGMA max_page_count={pages + 4}")
        connection.rollback()
    seen = Job(run=lambda store: store.count(Person))
    large = Job(run=add(9, "x" * 500_000).run, rescue=bury)

    done = Writer(database).run([add(1), large, seen, add(2)])

    assert [each.result for each in done] == [1, None, 1, 2]
    assert isinstance(done[1].error, Unwritable)
    assert people(database) == [1, 2]
    assert database.read(lambda store: store.count(DeadEvent)) == 0


def test_a_database_that_refuses_is_told_of_once_and_tried_until_it_can_be_written(
    database: Database, caplog: pytest.LogCaptureFixture
):
    writer, seen = Writer(database), Job(run=lambda store: store.count(Person))
    with full_disk():
        for _ in range(2):
            read, written = writer.run([seen, add(1)])
            assert (read.result, type(written.error)) == (0, Unwritable)
        assert [each.result for each in writer.run([seen])] == [0]
        assert writer.refusing

    assert [each.result for each in writer.run([seen])] == [0]
    assert not writer.refusing
    assert [each.levelname for each in caplog.records if "written" in each.message] == ["ERROR"]


@contextlib.contextmanager
def full_disk() -> Iterator[None]:
    """No file of this process can be written, all can be read."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


class LockedThirdTime(Database):
    """Somebody else takes the database just before its third transaction."""

    begun = 0
    other: sqlite3.Connection

    def batch(self) -> Batch:
        self.begun += 1
        if self.begun == 3:
            self.other.execute("BEGIN IMMEDIATE")
        return super().batch()


def test_a_lock_that_comes_while_jobs_run_one_by_one_ends_the_waiting(
    database: Database, path: Path
):
    Writer(database).run([pay(1, "m1")])
    disturbed = LockedThirdTime(database.url, busy_timeout_ms=20)
    disturbed.other = sqlite3.connect(path, isolation_level=None)

    done = Writer(disturbed).run([add(1), pay(2, "m1"), *map(add, range(2, 20))])

    # Together, then the first alone; the lock is met by the second, and nobody tries again.
    assert disturbed.begun == 3
    assert done[0].result == 1
    assert all(isinstance(each.error, Unwritable) for each in done[1:])
    disturbed.other.close()
    disturbed.close()
    assert people(database) == [1]
