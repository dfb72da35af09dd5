"""The in-process lane: a bounded queue and one writer thread with group commit.

One thread means that every community's events are handled in order. Callbacks go before
clock work, which is fed in slices so that nobody waits for a thousand posts due at 08:00.
"""

import asyncio
import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from typing import Any, Final

from bot.intake.writer import Done, Job, Writer

BATCH_LIMIT: Final = 64
"""Jobs per transaction: more would make the first one wait for the last."""

SLICE_S: Final = 0.05
"""Writer time the clock may take before callbacks get their turn again, in seconds."""


class Overloaded(Exception):
    """The queue is full: the caller should be told to come again."""


class LocalIntake:
    """Takes jobs from the event loop, runs them in the writer thread, resolves their futures.

    `due_jobs(limit)` gives the next jobs of the clock; it is asked again as long as `wake` was
    called and it answers with something.
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
        self._thread = threading.Thread(target=self._work, name="writer", daemon=True)
        self._thread.start()

    async def stop(self, timeout_s: float = 8.0) -> None:
        """Finish what is queued, then end the thread; gives up after `timeout_s`."""
        with self._ready:
            self._stopping = True
            self._ready.notify()
        if self._thread is not None:
            await asyncio.to_thread(self._thread.join, timeout_s)

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
            self._ready.notify()
        return await future

    def wake(self) -> None:
        """Say that clock work may be due."""
        with self._ready:
            self._clock_due = True
            self._ready.notify()

    def _work(self) -> None:
        while True:
            with self._ready:
                while not (self._waiting or self._clock_due or self._stopping):
                    self._ready.wait()
                taken = [self._waiting.popleft() for _ in range(self._take())]
                clock_due = self._clock_due and not self._stopping
                if self._stopping and not taken:
                    return
            if taken:
                self._run(taken)
            if clock_due:
                self._run_slice()

    def _take(self) -> int:
        return min(len(self._waiting), BATCH_LIMIT)

    def _run(self, taken: list[tuple[Job, asyncio.Future[Any]]]) -> None:
        done = self._writer.run([job for job, _ in taken])
        assert self._loop is not None
        self._loop.call_soon_threadsafe(_resolve, [future for _, future in taken], done)
        self.on_done(done)

    def _run_slice(self) -> None:
        end = time.monotonic() + SLICE_S
        while time.monotonic() < end:
            # Cleared before looking: a wake that comes while we look is not lost.
            self._clock_due = False
            jobs = self._due_jobs(BATCH_LIMIT)
            if not jobs:
                return
            self.on_done(self._writer.run(jobs))
            self._clock_due = True
            if self._waiting:
                return


def _resolve(futures: list[asyncio.Future[Any]], done: list[Done]) -> None:
    for future, end in zip(futures, done, strict=True):
        if future.done():
            continue
        if end.error is not None:
            future.set_exception(end.error)
        else:
            future.set_result(end.result)
