"""The lane: order, bounds, turns between callbacks and the clock, and who is told what when."""

import asyncio
import logging
import sqlite3
import threading
import time
from collections.abc import AsyncIterator, Callable, Coroutine, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from bot.intake.local import BATCH_LIMIT, LocalIntake, Overloaded
from bot.intake.writer import Done, Job, Writer
from handlers.ports import Store
from sop.model import Note, Person
from storage.database import Database
from storage.unit_of_work import Unwritable


def nothing_due(_limit: int) -> Sequence[Job]:
    return ()


@asynccontextmanager
async def lane(
    database: Database, due_jobs: Callable[[int], Sequence[Job]] = nothing_due, limit: int = 1_000
) -> AsyncIterator[LocalIntake]:
    intake = LocalIntake(Writer(database), limit=limit, due_jobs=due_jobs)
    intake.start()
    try:
        yield intake
    finally:
        await intake.stop()
        assert not intake.alive


def run(work: Callable[[], Coroutine[Any, Any, None]]) -> None:
    asyncio.run(asyncio.wait_for(work(), 20))


def say(value: Any) -> Job:
    return Job(run=lambda _store: value)


def add(number: int) -> Job:
    return Job(run=lambda store: store.put(Person(community="c", id=number, userid="u")))


class Gate:
    """A job that keeps the writer busy until it is opened."""

    def __init__(self) -> None:
        self.entered = threading.Event()
        self.opened = threading.Event()
        self.job = Job(run=self._wait)

    def _wait(self, _store: Store) -> str:
        self.entered.set()
        assert self.opened.wait(10)
        return "gate"

    async def shut(self, intake: LocalIntake) -> asyncio.Task[Any]:
        task = asyncio.create_task(intake.submit(self.job))
        await asyncio.to_thread(self.entered.wait, 10)
        return task


def submit(intake: LocalIntake, *jobs: Job) -> list[asyncio.Task[Any]]:
    return [asyncio.create_task(intake.submit(job)) for job in jobs]


def test_jobs_run_in_the_order_they_came_across_many_batches(database: Database):
    order: list[int] = []

    async def work() -> None:
        async with lane(database) as intake:
            jobs = [
                Job(run=lambda _store, each=each: order.append(each))  # type: ignore[misc]
                for each in range(3 * BATCH_LIMIT + 5)
            ]
            await asyncio.gather(*submit(intake, *jobs))

    run(work)
    assert order == list(range(3 * BATCH_LIMIT + 5))


def test_results_and_errors_reach_those_who_wait_for_them(database: Database):
    async def work() -> None:
        async with lane(database) as intake:

            def fail(error: Exception) -> Job:
                def run_(_store: Store) -> None:
                    raise error

                return Job(run=run_)

            told = await asyncio.gather(
                *submit(intake, say(1), fail(KeyError("k")), fail(StopIteration()), say("last")),
                return_exceptions=True,
            )
            assert told[0] == 1
            assert isinstance(told[1], KeyError)
            assert isinstance(told[2], RuntimeError)
            assert told[3] == "last"

    run(work)


def test_what_waits_together_shares_a_transaction_of_bounded_size(database: Database):
    sizes: list[int] = []

    async def work() -> None:
        async with lane(database) as intake:
            intake.on_done = lambda done: sizes.append(len(done))
            gate = Gate()
            held = await gate.shut(intake)
            waiting = submit(intake, *map(say, range(100)))
            await asyncio.sleep(0)
            assert intake.depth == 100
            gate.opened.set()
            await asyncio.gather(held, *waiting)

    run(work)
    assert sizes == [1, BATCH_LIMIT, 100 - BATCH_LIMIT]


def test_who_comes_in_one_turn_of_the_loop_shares_a_transaction(database: Database):
    sizes: list[int] = []

    async def work() -> None:
        async with lane(database) as intake:
            intake.on_done = lambda done: sizes.append(len(done))
            assert await intake.submit(say("alone")) == "alone"
            assert await asyncio.gather(*(intake.submit(say(each)) for each in range(5))) == [
                0, 1, 2, 3, 4,
            ]  # fmt: skip
            assert await intake.submit(say("alone again")) == "alone again"

    run(work)
    assert sizes == [1, 5, 1]


def test_past_the_bound_callers_are_told_at_once_and_what_waits_is_served(database: Database):
    async def work() -> None:
        async with lane(database, limit=3) as intake:
            gate = Gate()
            held = await gate.shut(intake)
            waiting = submit(intake, *map(say, range(3)))
            await asyncio.sleep(0)
            with pytest.raises(Overloaded):
                await intake.submit(say("too much"))
            extra = asyncio.create_task(intake.submit(say("ours"), bounded=False))
            await asyncio.sleep(0)
            gate.opened.set()
            assert await asyncio.gather(held, *waiting, extra) == ["gate", 0, 1, 2, "ours"]
            assert await intake.submit(say("again")) == "again"

    run(work)


def test_a_future_resolves_only_when_others_can_see_the_row(database: Database, path: Path):
    other = sqlite3.connect(path)

    async def work() -> None:
        async with lane(database) as intake:

            async def check(number: int) -> None:
                await intake.submit(add(number))
                found = other.execute("SELECT 1 FROM person WHERE id = ?", (number,))
                assert found.fetchone() == (1,)

            await asyncio.gather(*map(check, range(200)))

    run(work)
    other.close()


def test_stopping_finishes_what_is_queued_and_takes_nothing_more(database: Database):
    async def work() -> None:
        async with lane(database) as intake:
            gate = Gate()
            held = await gate.shut(intake)
            waiting = submit(intake, *map(add, range(200)))
            await asyncio.sleep(0)
            stopping = asyncio.create_task(intake.stop())
            await asyncio.sleep(0)
            with pytest.raises(Overloaded):
                await intake.submit(say("late"), bounded=False)
            gate.opened.set()
            await asyncio.gather(held, *waiting, stopping)

    run(work)
    assert database.read(lambda store: store.count(Person)) == 200


def test_who_waits_behind_a_job_that_does_not_end_is_let_go_at_the_stop(database: Database):
    async def work() -> None:
        gate = Gate()
        async with lane(database) as intake:
            held = await gate.shut(intake)
            waiting = submit(intake, say(1))
            await asyncio.sleep(0)
            await intake.stop(timeout_s=0.02)
            assert intake.alive
            assert isinstance(
                (await asyncio.gather(*waiting, return_exceptions=True))[0], Overloaded
            )
            gate.opened.set()
            assert await held == "gate"

    run(work)


def test_who_no_longer_waits_keeps_nobody_else_from_the_answer(database: Database):
    async def work() -> None:
        async with lane(database) as intake:
            gate = Gate()
            held = await gate.shut(intake)
            gone, stays = submit(intake, add(1), add(2))
            await asyncio.sleep(0)
            gone.cancel()
            gate.opened.set()
            await asyncio.gather(held, stays)

    run(work)
    assert database.read(lambda store: store.count(Person)) == 2


def test_callbacks_go_before_the_clock_and_between_its_slices(database: Database):
    order: list[str] = []
    gates = [Gate(), Gate()]
    left = iter(gates)

    def due_jobs(_limit: int) -> list[Job]:
        gate = next(left, None)
        order.append("look")
        return [gate.job] if gate else []

    def note(word: str) -> Job:
        return Job(run=lambda _store: order.append(word))

    async def work() -> None:
        async with lane(database, due_jobs) as intake:
            first = Gate()
            held = await first.shut(intake)
            intake.wake()
            before = submit(intake, note("before"))
            await asyncio.sleep(0)
            first.opened.set()
            await asyncio.gather(held, *before)
            await asyncio.to_thread(gates[0].entered.wait, 10)
            between = submit(intake, note("between"))
            await asyncio.sleep(0)
            gates[0].opened.set()
            await asyncio.gather(*between)
            gates[1].opened.set()

    run(work)
    assert order[:4] == ["before", "look", "between", "look"]


def test_the_clock_is_asked_until_nothing_is_due_and_then_not_before_the_next_wake(
    database: Database,
):
    asked: list[int] = []
    stock = [add(each) for each in range(150)]

    def due_jobs(limit: int) -> list[Job]:
        asked.append(limit)
        taken = stock[:limit]
        del stock[:limit]
        return taken

    async def work() -> None:
        async with lane(database, due_jobs) as intake:
            intake.wake()
            while stock or not asked:  # noqa: ASYNC110 - a thread empties it
                await asyncio.sleep(0.005)
            await intake.submit(say(1))
            await intake.submit(say(1))
            looks = len(asked)
            await asyncio.sleep(0.03)
            assert len(asked) == looks
            intake.wake()
            await until(lambda: len(asked) > looks)

    run(work)
    assert database.read(lambda store: store.count(Person)) == 150


async def until(true: Callable[[], bool]) -> None:
    end = time.monotonic() + 10
    while not true():
        assert time.monotonic() < end
        await asyncio.sleep(0.002)


def broken(_store: Store) -> None:
    raise OSError


def test_due_jobs_that_always_fail_are_not_tried_without_end(database: Database):
    asked: list[int] = []

    def due_jobs(limit: int) -> list[Job]:
        asked.append(limit)
        return [Job(run=broken)] * 3

    async def work() -> None:
        async with lane(database, due_jobs) as intake:
            for turn in range(1, 4):
                intake.wake()
                await until(lambda turn=turn: len(asked) == turn)  # type: ignore[misc]
                await asyncio.sleep(0.02)
                assert len(asked) == turn
            assert await intake.submit(say(1)) == 1

    run(work)


def test_due_jobs_that_cannot_be_read_are_logged_and_the_lane_goes_on(
    database: Database, caplog: pytest.LogCaptureFixture
):
    def due_jobs(_limit: int) -> list[Job]:
        raise Unwritable("locked")

    async def work() -> None:
        async with lane(database, due_jobs) as intake:
            intake.wake()
            await until(lambda: "what is due cannot be read" in caplog.text)
            assert await intake.submit(say(1)) == 1

    with caplog.at_level(logging.ERROR):
        run(work)
    assert len(caplog.records) == 1


def test_a_listener_that_raises_stops_nothing(
    database: Database, caplog: pytest.LogCaptureFixture
):
    def listen(_done: Sequence[Done]) -> None:
        raise OSError

    async def work() -> None:
        async with lane(database) as intake:
            intake.on_done = listen
            assert await intake.submit(say(1)) == 1
            assert await intake.submit(say(2)) == 2

    with caplog.at_level(logging.ERROR):
        run(work)
    assert "reported" in caplog.text


def test_slow_clock_work_is_asked_for_in_smaller_portions(database: Database):
    limits: list[int] = []

    def slow(_store: Store) -> None:
        time.sleep(0.02)

    def due_jobs(limit: int) -> list[Job]:
        limits.append(limit)
        return [Job(run=slow)] * min(limit, 3) if len(limits) < 3 else []

    async def work() -> None:
        async with lane(database, due_jobs) as intake:
            intake.wake()
            await until(lambda: len(limits) == 3)

    run(work)
    assert limits[0] == BATCH_LIMIT
    assert 1 <= limits[1] <= 2


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_nobody_waits_for_a_writer_that_is_gone(database: Database):
    def leave(_store: Store) -> None:
        raise SystemExit

    async def work() -> None:
        async with lane(database) as intake:
            gate = Gate()
            held = await gate.shut(intake)
            waiting = submit(intake, Job(run=leave), *map(say, range(BATCH_LIMIT)))
            await asyncio.sleep(0)
            gate.opened.set()
            await held
            told = await asyncio.gather(*waiting, return_exceptions=True)
            assert {type(each) for each in told} == {Overloaded}
            await until(lambda: not intake.alive)
            with pytest.raises(Overloaded):
                await intake.submit(say(1))

    run(work)
    assert database.read(lambda store: store.count(Note)) == 0


def test_a_locked_database_reaches_every_caller_and_passes(database: Database, path: Path):
    other = sqlite3.connect(path, isolation_level=None)

    async def work() -> None:
        async with lane(database) as intake:
            other.execute("BEGIN IMMEDIATE")
            told = await asyncio.gather(*submit(intake, add(1), add(2)), return_exceptions=True)
            assert [type(each) for each in told] == [Unwritable, Unwritable]
            other.execute("ROLLBACK")
            await intake.submit(add(3))

    run(work)
    other.close()
    assert [each.id for each in database.read(lambda store: store.find(Person))] == [3]
