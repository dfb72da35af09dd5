"""The one writer: runs jobs inside shared transactions, so that a commit serves many events.

A job that raises dies alone and leaves no trace. If the shared transaction fails, every job of
the batch is run again in one of its own, so that only the guilty one dies; if the database
cannot be used at all, nobody is guilty and all are told so.
"""

import logging
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from handlers.ports import Store
from sop.frozen import quick
from sop.model import Record
from storage.database import Database
from storage.unit_of_work import Batch, Unwritable

Key = tuple[type[Record], tuple[Any, ...]]

_log = logging.getLogger(__name__)


@quick
@dataclass(frozen=True, slots=True)
class Job:
    """Work on the state. It may be run twice, so it must touch nothing but the state.

    `phases` tell, one after the other, which records `run` is going to read, so that a batch
    reads them in bulk; a later phase may look at what an earlier one brought.
    `rescue` is run in a fresh view, in the same transaction, when `run` raised: its result
    (the dead event's record, say) stands for the job's. It is not run when the database could
    not be used: the job is innocent then, and may come again.
    """

    run: Callable[[Store], Any]
    rescue: Callable[[Store, Exception], Any] | None = None
    phases: tuple[Callable[[Batch], Iterable[Key]], ...] = ()


@quick
@dataclass(frozen=True, slots=True)
class Done:
    """What came of a job: its result, or the exception it died of."""

    result: Any = None
    error: Exception | None = None


_TRIAL: Final = Job(run=lambda store: store.number("", "trial"))
"""Something to write, for its own sake."""


class Writer:
    """Runs jobs against the database. Not thread-safe: one thread owns it.

    `refusing` tells whether the database has refused to be written, and not been seen to take
    anything since: a full one can still be read.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self.refusing = False

    def run(self, jobs: Sequence[Job]) -> list[Done]:
        """Run the jobs in order in one transaction, and commit. Raises nothing of a job's.

        A job that could not be kept because the database cannot be used has `Unwritable` as
        its error.
        """
        if not self.refusing:
            done = self._run(jobs)
            self._note(done)
            return done
        *done, trial = self._run([*jobs, _TRIAL])
        if trial.error is None:
            self.refusing = False
            _log.info("the database can be written again")
        return done

    def _note(self, done: Iterable[Done]) -> None:
        """Say once that nothing is kept, however many are told so."""
        refused = [each.error for each in done if isinstance(each.error, Unwritable)]
        if refused:
            self.refusing = True
            _log.error("the database cannot be written: %s", refused[0])

    def _run(self, jobs: Sequence[Job]) -> list[Done]:
        try:
            batch = self._database.batch()
        except Unwritable as error:
            return _refused(jobs, error)
        if len(jobs) == 1:
            return [self._single(batch, jobs[0])]
        try:
            return _together(batch, jobs)
        except Exception:  # noqa: BLE001 - the boundary: the guilty job is found one by one
            return self._one_by_one(jobs)

    def _one_by_one(self, jobs: Sequence[Job]) -> list[Done]:
        done: list[Done] = []
        for place, job in enumerate(jobs):
            try:
                batch = self._database.batch()
            except Unwritable as error:
                return done + _refused(jobs[place:], error)
            done.append(self._single(batch, job))
        return done

    def _single(self, batch: Batch, job: Job) -> Done:
        try:
            return _together(batch, [job])[0]
        except Exception as error:  # noqa: BLE001 - the boundary: this job is the guilty one
            return self._alone(job, error)

    def _alone(self, job: Job, error: Exception) -> Done:
        """A job whose very commit failed: keep what can be kept of it."""
        if job.rescue is None or isinstance(error, Unwritable):
            return Done(error=error)
        try:
            batch = self._database.batch()
            return _kept(batch, lambda: [_rescued(batch, job, error)])[0]
        except Exception as second:  # noqa: BLE001 - nothing can be written: tell the caller
            return Done(error=second)


def _refused(jobs: Sequence[Job], error: Unwritable) -> list[Done]:
    # Finding out took the whole patience for a locked database: once for all of them is enough.
    return [Done(error=Unwritable(str(error))) for _ in jobs]


def _together(batch: Batch, jobs: Sequence[Job]) -> list[Done]:
    def work() -> list[Done]:
        _load(batch, jobs)
        return [attempt(batch, job) for job in jobs]

    return _kept(batch, work)


def _kept(batch: Batch, work: Callable[[], list[Done]]) -> list[Done]:
    """Return what the work gives, once it is committed.

    The commit refuses if any statement failed meanwhile, whoever caught it.
    """
    try:
        done = work()
    except BaseException:
        batch.rollback()
        raise
    batch.commit()
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


def attempt(batch: Batch, job: Job) -> Done:
    """Run one job as an event of the batch; if it raises, only its rescue leaves a trace."""
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
