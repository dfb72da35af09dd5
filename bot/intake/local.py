"""The in-process lane: a bounded queue and one writer thread with group commit.

One thread means that every community's events are handled in order. Callbacks go before
clock work, which is fed in slices so that nobody waits for a thousand posts due at 08:00.
"""

import asyncio
import logging
import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from typing import Any, Final

from bot.intake.writer import Done, Job, Writer

BATCH_LIMIT: Final = 64
"""Jobs per transaction: more would make the first one wait for the last."""

GATHER_S: Final = 0.003
"""How long the writer waits under load for those who came with the last ones: they share a commit,
and a batch costs half as much as its events one by one."""

SLICE_S: Final = 0.05
"""Writer time the clock may take before callbacks get their turn again, in seconds."""

_log = logging.getLogger(__name__)


class Overloaded(Exception):
    """The queue is full, or closed: the caller should be told to come again."""


class LocalIntake:
    """Takes jobs from the event loop, runs them in the writer thread, resolves their futures.

    `due_jobs(limit)` gives the next jobs of the clock, in the writer's thread and outside any
    transaction of its. It is asked again as long as it answers with something that succeeds;
    after that, or if it raises, not before the next `wake`.
    """

    def __init__(
        self, writer: Writer, *, limit: int = 1_000, due_jobs: Callable[[int], Sequence[Job]]
    ) -> None:
        self._writer = writer
        self._limit = limit
        self._due_jobs = due_jobs
        self._waiting: deque[tuple[Job, asyncio.Future[Any]]] = deque()
        self._ready = threading.Condition()
        self._clock_due = False
        self._slice = BATCH_LIMIT
        self._company = 1
        self._wanted = 1
        self._calling = False
        self._stopping = False
        self._thread: threading.Thread | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self.on_done: Callable[[Sequence[Done]], None] = lambda _done: None

    @property
    def depth(self) -> int:
        """How many jobs are waiting."""
        return len(self._waiting)

    @property
    def alive(self) -> bool:
        """Whether the writer thread runs."""
        return self._thread is not None and self._thread.is_alive()

    def start(self) -> None:
        """Start the writer thread; call from the event loop that will submit."""
        self._loop = asyncio.get_running_loop()
        self._thread = threading.Thread(target=self._live, name="writer", daemon=True)
        self._thread.start()

    async def stop(self, timeout_s: float = 8.0) -> None:
        """Finish what is queued, then end the thread; gives up after `timeout_s`.

        What is still waiting then ends in `Overloaded`.
        """
        with self._ready:
            self._stopping = True
            self._ready.notify()
        if self._thread is not None:
            await asyncio.to_thread(self._thread.join, timeout_s)
        self._refuse_waiting()

    async def submit(self, job: Job, *, bounded: bool = True) -> Any:
        """Run the job in the writer; return its result or raise what it died of.

        Raises `Overloaded` at once when `bounded` and the queue is full, or when stopping.
        """
        assert self._loop is not None
        future: asyncio.Future[Any] = self._loop.create_future()
        with self._ready:
            if self._stopping or (bounded and len(self._waiting) >= self._limit):
                raise Overloaded
            self._waiting.append((job, future))
        if not self._calling:
            # At the end of the loop's turn: whatever else it has received comes along.
            self._calling = True
            self._loop.call_soon(self._call)
        return await future

    def _call(self) -> None:
        self._calling = False
        with self._ready:
            if len(self._waiting) >= self._wanted:
                self._ready.notify()

    def wake(self) -> None:
        """Say that clock work may be due."""
        with self._ready:
            self._clock_due = True
            self._ready.notify()

    def _live(self) -> None:
        try:
            while self._turn():
                pass
        finally:
            # However it ends, nobody waits for a thread that is gone.
            with self._ready:
                self._stopping = True
            self._tell(self._refuse_waiting)

    def _turn(self) -> bool:
        """Run what waits, then a slice of the clock's; False at the end."""
        with self._ready:
            while not (self._waiting or self._clock_due or self._stopping):
                self._ready.wait()
            if self._waiting:
                self._gather()
            taken = [self._waiting.popleft() for _ in range(min(len(self._waiting), BATCH_LIMIT))]
            if self._stopping and not taken:
                return False
            clock_due = self._clock_due and not self._stopping
        if taken:
            self._run(taken)
        if clock_due:
            self._run_slice()
        return True

    def _gather(self) -> None:
        """Wait a moment for as many as came last time; who comes alone never waits."""
        if len(self._waiting) < self._company and not self._stopping:
            self._wanted = self._company
            self._ready.wait(GATHER_S)
            self._wanted = 1
        self._company = max(min(len(self._waiting), BATCH_LIMIT), 1)

    def _run(self, taken: list[tuple[Job, asyncio.Future[Any]]]) -> None:
        futures = [future for _, future in taken]
        try:
            done = self._writer.run([job for job, _ in taken])
        except BaseException:
            self._tell(_resolve, futures, [Done(error=Overloaded()) for _ in futures])
            raise
        self._tell(_resolve, futures, done)
        self._report(done)

    def _run_slice(self) -> None:
        end = time.monotonic() + SLICE_S
        while time.monotonic() < end:
            # Cleared before looking: a wake that comes while we look is not lost.
            self._clock_due = False
            if not self._run_due():
                return
            self._clock_due = True
            if self._waiting:
                return

    def _run_due(self) -> bool:
        """Run one batch of the clock's; tells whether asking again makes sense now."""
        try:
            jobs = self._due_jobs(self._slice)
        except Exception:  # noqa: BLE001 - the boundary: the thread must live
            _log.exception("what is due cannot be read")
            return False
        if not jobs:
            return False
        start = time.monotonic()
        done = self._writer.run(jobs)
        # The next batch is as long as a slice can hold of jobs like these.
        each_s = max((time.monotonic() - start) / len(jobs), 1e-6)
        self._slice = min(BATCH_LIMIT, max(1, int(SLICE_S / each_s)))
        self._report(done)
        # The same jobs would come at once and fail again.
        return any(each.error is None for each in done)

    def _report(self, done: Sequence[Done]) -> None:
        try:
            self.on_done(done)
        except Exception:  # noqa: BLE001 - the boundary: the thread must live
            _log.exception("what was done could not be reported")

    def _tell(self, what: Callable[..., None], *arguments: Any) -> None:
        assert self._loop is not None
        try:
            self._loop.call_soon_threadsafe(what, *arguments)
        except RuntimeError:  # the loop has ended, and all who waited with it
            _log.debug("nobody is there to be told")

    def _refuse_waiting(self) -> None:
        with self._ready:
            left = [future for _, future in self._waiting]
            self._waiting.clear()
        _resolve(left, [Done(error=Overloaded()) for _ in left])


def _resolve(futures: list[asyncio.Future[Any]], done: list[Done]) -> None:
    for future, end in zip(futures, done, strict=True):
        if future.done():
            continue
        if end.error is None:
            future.set_result(end.result)
        elif isinstance(end.error, StopIteration):
            # A future refuses to carry it.
            future.set_exception(RuntimeError("StopIteration"))
        else:
            future.set_exception(end.error)
