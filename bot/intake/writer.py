"""The one writer: runs jobs inside shared transactions, so that a commit serves many events.

A job that raises dies alone and leaves no trace. If the shared flush or commit fails, every
job of the batch is run again in a transaction of its own, so that only the guilty one dies.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from handlers.ports import Store
from sop.model import Record
from storage.database import Database
from storage.unit_of_work import Batch

Key = tuple[type[Record], tuple[Any, ...]]


@dataclass(frozen=True, slots=True)
class Job:
    """Work on the state.

    `phases` tell, one after the other, which records `run` is going to read, so that a batch
    reads them in bulk; a later phase may look at what an earlier one brought.
    `rescue` is run in a fresh view, in the same transaction, when `run` raised: its result
    (the dead event's record, say) stands for the job's.
    """

    run: Callable[[Store], Any]
    rescue: Callable[[Store, Exception], Any] | None = None
    phases: tuple[Callable[[Batch], Iterable[Key]], ...] = ()


@dataclass(frozen=True, slots=True)
class Done:
    """What came of a job: its result, or the exception it died of."""

    result: Any = None
    error: Exception | None = None


class Writer:
    """Runs jobs against the database. Not thread-safe: one thread owns it."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def run(self, jobs: Sequence[Job]) -> list[Done]:
        """Run the jobs in order in one transaction, and commit. Raises nothing of a job's."""
        try:
            return self._together(jobs)
        except Exception as error:  # noqa: BLE001 - the boundary: the guilty job is found below
            if len(jobs) == 1:
                return [self._alone(jobs[0], error)]
            return [done for job in jobs for done in self.run([job])]

    def _together(self, jobs: Sequence[Job]) -> list[Done]:
        batch = self._database.batch()
        try:
            _load(batch, jobs)
            done = [_attempt(batch, job) for job in jobs]
        except BaseException:
            batch.rollback()
            raise
        batch.commit()
        return done

    def _alone(self, job: Job, error: Exception) -> Done:
        """A job whose very commit failed: keep what can be kept of it."""
        if job.rescue is None:
            return Done(error=error)
        try:
            batch = self._database.batch()
            done = _rescued(batch, job, error)
            batch.commit()
        except Exception as second:  # noqa: BLE001 - nothing can be written: tell the caller
            return Done(error=second)
        return done


def _load(batch: Batch, jobs: Sequence[Job]) -> None:
    """Read in bulk what the jobs will read by key, phase by phase."""
    for number in range(max((len(job.phases) for job in jobs), default=0)):
        wanted: dict[type[Record], list[tuple[Any, ...]]] = defaultdict(list)
        for job in jobs:
            if number < len(job.phases):
                for kind, key in job.phases[number](batch):
                    wanted[kind].append(key)
        for kind, keys in wanted.items():
            batch.load(kind, keys)


def _attempt(batch: Batch, job: Job) -> Done:
    try:
        with batch.event() as store:
            return Done(result=job.run(store))
    except Exception as error:  # noqa: BLE001 - the boundary per event: it dies alone
        return _rescued(batch, job, error)


def _rescued(batch: Batch, job: Job, error: Exception) -> Done:
    if job.rescue is None:
        return Done(error=error)
    try:
        with batch.event() as store:
            return Done(result=job.rescue(store, error))
    except Exception as second:  # noqa: BLE001 - what cannot be rescued is the caller's
        return Done(error=second)
