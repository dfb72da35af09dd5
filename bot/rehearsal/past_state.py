"""A group's stored state as it stood some days ago, as far as it reaches into the days since."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final, TypeVar

from bot.rehearsal.past_claims import claims_before
from bot.rehearsal.past_likes import appreciation_before, norms_before
from handlers.ports import Store
from handlers.tasks import task_turns, tasks
from handlers.threads import open_threads
from sop.book import Book
from sop.model import (
    BadgeHeld,
    Claim,
    Comment,
    Counter,
    Group,
    Identity,
    Item,
    LedgerEntry,
    LevelReached,
    Like,
    LikeNorm,
    Message,
    Occurrence,
    Offer,
    PoolUse,
    Record,
    StepRun,
    Strike,
    Task,
    Thread,
    ThreadReply,
    Voice,
)
from sop.times.durations import DAY_MS

R = TypeVar("R", bound=Record)

TASK_TIMES: Final = (tasks.REMINDER, task_turns.ESCALATE)
"""Kinds of occurrences that a task waits with."""

EARLIER_MS: Final = 60 * DAY_MS
"""How far back runs of steps and ledger entries are read where the pack asks for no more."""

QUOTABLE_MS: Final = 7 * DAY_MS
"""How far back messages are read that somebody may still quote."""

ITEMS: Final = 500
"""Numbered questions and answers read, the newest."""

CHUNK: Final = 500
"""Persons looked up by one statement."""

KEPT: Final[tuple[type[Record], ...]] = (BadgeHeld, LevelReached)
"""What somebody was given, or has reached, and keeps."""


@dataclass(frozen=True)
class Rows:
    """What is stored of a group and its community; the state asked for is that of `since`."""

    store: Store
    group: Group
    book: Book
    since: int

    def all(self, kind: type[R], /, **where: Any) -> Sequence[R]:
        """Return the community's rows of a kind."""
        return self.store.find(kind, community=self.group.community, **where)

    def here(self, kind: type[R], /, **where: Any) -> Sequence[R]:
        """Return the group's own rows of a kind."""
        return self.all(kind, group=self.group.id, **where)

    def of(
        self, kind: type[R], ids: Iterable[int], /, by: str = "person", **where: Any
    ) -> Iterator[R]:
        """Yield the rows of a kind of these persons."""
        wanted = sorted(ids)
        for start in range(0, len(wanted), CHUNK):
            yield from self.all(kind, **{f"{by}__in": wanted[start : start + CHUNK]}, **where)

    def threads(self) -> list[Thread]:
        """Return the conversations that were open."""
        found = self.here(Thread, opened_at__lt=self.since, closes_at__gt=self.since)
        return [replace(each, status="open", version="") for each in found]


def state_before(rows: Rows, ids: set[int], waiting: Sequence[Task]) -> Iterator[Record]:
    """Yield what was stored of these persons and the group; `waiting` are tasks not closed yet."""
    yield from _standing(rows, ids)
    yield from _talk(rows)
    yield from _tasks(rows, [task for task in waiting if task.created_at < rows.since])
    yield from appreciation_before(
        rows.here(Like), rows.of(Voice, ids), rows.here(Comment),
        since=rows.since, zone=rows.book.zone,
    )  # fmt: skip
    yield from norms_before(rows.all(LikeNorm), since=rows.since, zone=rows.book.zone)
    yield from rows.all(PoolUse, scope__in=["", rows.group.id])
    yield from _counters(rows)


def _standing(rows: Rows, ids: set[int]) -> Iterator[Record]:
    since = rows.since
    yield from rows.of(Identity, ids)
    window = rows.book.pack.score.window_ms
    first = since - max(window, EARLIER_MS) if window is not None else 0
    yield from rows.of(LedgerEntry, ids, at__lt=since, at__ge=first)
    for strike in rows.of(Strike, ids, at__lt=since):
        yield replace(strike, reversed_at=0) if strike.reversed_at >= since else strike
    for kind in KEPT:
        yield from rows.of(kind, ids, at__lt=since)
    yield from claims_before(rows.all(Claim, at__lt=since, order="id"), since)
    yield from rows.all(Offer, at__lt=since)


def _talk(rows: Rows) -> Iterator[Record]:
    since, threads = rows.since, rows.threads()
    numbers = [each.id for each in threads]
    yield from rows.here(Message, at__lt=since, at__ge=since - QUOTABLE_MS)
    yield from rows.here(Item, at__lt=since, order="-number", limit=ITEMS)
    yield from threads
    replies = rows.all(ThreadReply, thread__in=numbers) if numbers else ()
    yield from (each for each in replies if each.at < since)
    for row in _due(rows, numbers, open_threads.CLOSE):
        yield replace(row, version="")
    yield from rows.here(StepRun, at__lt=since, at__ge=since - EARLIER_MS)


def _tasks(rows: Rows, waiting: Sequence[Task]) -> Iterator[Record]:
    """Tasks that waited, and what was to remind of them, and to pass them on."""
    yield from (_as_waited(task, rows.since) for task in waiting)
    yield from _due(rows, [task.id for task in waiting], *TASK_TIMES)


def _due(rows: Rows, numbers: Iterable[int], *kinds: str) -> Iterator[Occurrence]:
    """What was to happen about these numbers: it has not yet."""
    wanted = set(map(str, numbers))
    for row in rows.here(Occurrence, kind__in=kinds, due_at__ge=rows.since):
        if row.subject in wanted:
            yield replace(row, status="pending", run_at=row.due_at)


def _counters(rows: Rows) -> Iterator[Counter]:
    """Numbers go on where they are, but those people type: these go on where they were."""
    items = rows.here(Item, at__lt=rows.since, order="-number", limit=1)
    tasks = rows.all(Task, created_at__lt=rows.since, order="-id", limit=1)
    typed = {
        f"item:{rows.group.id}": items[0].number if items else 0,
        "task": tasks[0].id if tasks else 0,
    }
    yield from (each for each in rows.all(Counter) if each.name not in typed)
    for name, value in typed.items():
        yield Counter(community=rows.group.community, name=name, value=value)


def _as_waited(task: Task, since: int) -> Task:
    """Return a task as it was then, before anybody closed it, took it or was reminded of it."""
    if task.taken_at >= since:
        task = replace(task, taken_by=0, taken_at=0)
    if task.reminded_at >= since:
        task = replace(task, reminded_at=0, told=())
    return replace(task, status="open", closed_at=0, closed_by=0, claimed_at=0, declined=())
