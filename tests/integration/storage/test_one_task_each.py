"""Never two open tasks for the same thing, however many write at once."""

import threading
from dataclasses import replace

import pytest

from handlers.tasks import tasks
from sop.model import Task
from storage.database import Database
from tests import builders
from tests.builders import COMMUNITY

WRITERS = 4
ROUNDS = 10


def open_one(database: Database, about: str) -> None:
    batch = database.batch()
    with batch.event() as store:
        context = builders.context(store, builders.book())
        tasks.open_task(context, kind="step", to="staff", about=about, words=str)
    batch.commit()


def test_writers_that_open_the_same_task_at_once_open_it_once(any_url: str):
    first = Database(any_url)
    first.migrate()
    start = threading.Barrier(WRITERS)
    errors: list[Exception] = []

    def work() -> None:
        database = Database(any_url)
        try:
            start.wait()
            for number in range(ROUNDS):
                open_one(database, f"thing:{number}")
        except Exception as error:  # noqa: BLE001 - told below
            errors.append(error)
        finally:
            database.close()

    writers = [threading.Thread(target=work) for _ in range(WRITERS)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    found = first.read(lambda store: store.find(Task, community=COMMUNITY, status="open"))
    first.close()

    assert errors == []
    assert sorted(task.about for task in found) == sorted(f"thing:{n}" for n in range(ROUNDS))


def test_the_database_itself_refuses_a_second_open_task_about_a_thing(any_url: str):
    database = Database(any_url)
    database.migrate()
    open_one(database, "thing")
    batch = database.batch()
    try:
        with batch.event() as store:
            task = store.get(Task, COMMUNITY, 1)
            assert task is not None
            store.put(replace(task, id=2))
        with pytest.raises(Exception, match=r"(?i)unique"):
            batch.commit()
    finally:
        database.close()


def test_a_thing_may_have_as_many_closed_tasks_as_it_had(any_url: str):
    database = Database(any_url)
    database.migrate()
    for _ in range(3):
        open_one(database, "thing")
        batch = database.batch()
        with batch.event() as store:
            tasks.void(builders.context(store, builders.book()), "thing")
        batch.commit()
    found = database.read(lambda store: store.find(Task, community=COMMUNITY, about="thing"))
    database.close()

    assert [task.status for task in found] == ["void"] * 3
