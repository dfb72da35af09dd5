"""What a group really lived through, read from its deployment's database, never written to.

Kept are messages (their texts, quotes and mentions for `RETAIN_TEXT_DAYS`), memberships, closed
tasks and what was booked. Not kept, and therefore not played: answers accepted by a button,
earlier memberships of who came back, and when a role or a payment changed.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from typing import Any, Final, TypeVar
from zoneinfo import ZoneInfo

from bot.rehearsal.past import Coverage, Past, rewound
from bot.rehearsal.past_claims import claims_before
from bot.rehearsal.past_likes import appreciation_before, norms_before
from bot.rehearsal.recorded_lines import CHOICES, Happenings
from handlers.ports import Store
from handlers.tasks import task_turns, tasks
from handlers.threads import open_threads
from sop import channels
from sop.book import Book
from sop.model import (
    BOT,
    Aside,
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
    Member,
    Message,
    Note,
    Occurrence,
    Offer,
    Person,
    PoolUse,
    Record,
    StepRun,
    Strike,
    Task,
    Thread,
    ThreadReply,
    Voice,
)
from sop.times import localtime
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

INVITE: Final = "invite:"
"""How the source of a paid invitation begins; the guest's number follows."""

KEPT: Final[tuple[type[Record], ...]] = (BadgeHeld, LevelReached)
"""What somebody was given, or has reached, and keeps."""


def day_begins(at: int, zone: ZoneInfo) -> int:
    """Return the local midnight before an instant: caps and budgets begin there."""
    return localtime.local_midnight(localtime.local_date(at, zone), zone)


def read_past(store: Store, group: Group, book: Book, since: int, until: int) -> Past:
    """Return what the group lived through from `since` up to (without) `until`.

    `book` tells how words were commands then. The caller sees to it that `store` is thrown away.
    """
    return _Reader(store, group, book, since, until).past()


@dataclass(frozen=True)
class _Reader:
    store: Store
    group: Group
    book: Book
    since: int
    until: int

    def past(self) -> Past:
        members = self._all(Member, group=self.group.id)
        messages = self._all(
            Message, group=self.group.id, at__ge=self.since, at__lt=self.until, order="id"
        )
        ids = {each.person for each in members if not each.left_at or each.left_at >= self.since}
        ids |= {each.person for each in messages if each.person != BOT}
        closed = self._closed()
        ids |= {task.closed_by for task in closed if task.closed_by}
        people = {each.id: each for each in self._of(Person, ids, by="id")}
        later = self._later(ids)
        guests = set(_guests(later.values()))
        said = sorted([*messages, *self._private(ids)], key=lambda each: each.id)
        happened = Happenings(
            group=self.group,
            book=self.book,
            since=self.since,
            until=self.until,
            people=people,
            members=members,
            messages=said,
            asides={each.message: each for each in self._all(Aside, at__ge=self.since)},
            closed=closed,
            later=later,
        )
        open_ = self._all(Task, group=self.group.id, status="open", created_at__lt=self.since)
        return Past(
            community=self.group.community,
            groups=self._groups(),
            since=self.since,
            until=self.until,
            people=tuple(self._as_then(each, later, guests) for each in people.values()),
            members=tuple(filter(None, map(self._present, members))),
            records=tuple(self._earlier(ids, [*open_, *closed])),
            runs=tuple(self._all(StepRun, group=self.group.id, at__ge=self.since)),
            cues=happened.cues(),
            coverage=self._coverage(said, later),
        )

    def _as_then(
        self, person: Person, later: Mapping[int, Sequence[Record]], guests: set[int]
    ) -> Person:
        paid = person.invite_paid and person.id not in guests
        rows = later.get(person.id, ())
        return rewound(replace(person, invite_paid=paid), rows, self.since, self.book.zone)

    def _all(self, kind: type[R], /, **where: Any) -> Sequence[R]:
        return self.store.find(kind, community=self.group.community, **where)

    def _of(
        self, kind: type[R], ids: Iterable[int], /, by: str = "person", **where: Any
    ) -> Iterator[R]:
        wanted = sorted(ids)
        for start in range(0, len(wanted), CHUNK):
            yield from self._all(kind, **{f"{by}__in": wanted[start : start + CHUNK]}, **where)

    def _closed(self) -> list[Task]:
        """What people answered in these days; what was voided settled itself."""
        found = self._all(
            Task, group=self.group.id, closed_at__ge=self.since, closed_at__lt=self.until
        )
        return [task for task in found if task.status in CHOICES]

    def _private(self, ids: set[int]) -> list[Message]:
        found = self._all(Message, group="", at__ge=self.since, at__lt=self.until)
        return [each for each in found if each.person in ids]

    def _later(self, ids: set[int]) -> "defaultdict[int, list[Record]]":
        """What was booked and decided about each person since, to be taken back."""
        later: defaultdict[int, list[Record]] = defaultdict(list)
        for kind in (LedgerEntry, Strike):
            for each in self._of(kind, ids, at__ge=self.since):
                later[each.person].append(each)  # type: ignore[attr-defined] # both have one
        for note in self._all(Note, do="layer", order="id"):
            person = int(note.body["person"])
            if person in ids:
                later[person].append(note)
        return later

    def _groups(self) -> tuple[Group, ...]:
        """The group as it stood, and the core group its members may be moved to."""
        spoken = self.group.spoken_at
        if spoken >= self.since:
            earlier = self._all(
                Message, group=self.group.id, person__ne=BOT, at__lt=self.since, order="-at",
                limit=1,
            )  # fmt: skip
            began = self.group.created_at or self.group.adopted_at
            spoken = earlier[0].at if earlier else min(began or self.since, self.since)
        threads = tuple((each.id, each.kind) for each in self._threads())
        group = replace(self.group, spoken_at=spoken, threads=threads, paused=False)
        cores = self._all(Group, kind="core", retired=False)
        return (group, *(replace(each, threads=()) for each in cores if each.id != group.id))

    def _threads(self) -> list[Thread]:
        found = self._all(
            Thread, group=self.group.id, opened_at__lt=self.since, closes_at__gt=self.since
        )
        return [replace(each, status="open", version="") for each in found]

    def _present(self, member: Member) -> Member | None:
        """The membership as it stood, if it had begun and not ended."""
        if member.joined_at >= self.since or 0 < member.left_at < self.since:
            return None
        known = member.introduced_at < self.since
        return replace(
            member,
            left_at=0,
            introduced_at=member.introduced_at if known else 0,
            last_at=member.last_at if member.last_at < self.since else member.joined_at,
            recent=tuple(each for each in member.recent if each[0] < self.since),
        )

    def _earlier(self, ids: set[int], waiting: Sequence[Task]) -> Iterator[Record]:
        """The rest of the state, as far as it reaches into these days."""
        threads = self._threads()
        numbers = [each.id for each in threads]
        yield from self._of(Identity, ids)
        yield from self._ledger(ids)
        yield from (
            replace(each, reversed_at=0) if each.reversed_at >= self.since else each
            for each in self._of(Strike, ids, at__lt=self.since)
        )
        for kind in KEPT:
            yield from self._of(kind, ids, at__lt=self.since)
        yield from claims_before(self._all(Claim, at__lt=self.since, order="id"), self.since)
        yield from self._all(Offer, at__lt=self.since)
        yield from self._all(
            Message, group=self.group.id, at__lt=self.since, at__ge=self.since - QUOTABLE_MS
        )
        items = self._all(
            Item, group=self.group.id, at__lt=self.since, order="-number", limit=ITEMS
        )
        yield from items
        yield from threads
        for reply in self._all(ThreadReply, thread__in=numbers) if numbers else ():
            if reply.at < self.since:
                yield reply
        yield from self._closings(numbers)
        yield from self._all(
            StepRun, group=self.group.id, at__lt=self.since, at__ge=self.since - EARLIER_MS
        )
        before = [task for task in waiting if task.created_at < self.since]
        yield from (_as_waited(task, self.since) for task in before)
        yield from self._reminders({str(task.id) for task in before})
        yield from appreciation_before(
            self._all(Like, group=self.group.id),
            self._of(Voice, ids),
            self._all(Comment, group=self.group.id),
            since=self.since, zone=self.book.zone,
        )  # fmt: skip
        yield from norms_before(self._all(LikeNorm), since=self.since, zone=self.book.zone)
        yield from self._all(PoolUse, scope__in=["", self.group.id])
        yield from self._counters(items)

    def _ledger(self, ids: set[int]) -> Iterator[LedgerEntry]:
        window = self.book.pack.score.window_ms
        first = self.since - max(window, EARLIER_MS) if window is not None else 0
        return self._of(LedgerEntry, ids, at__lt=self.since, at__ge=first)

    def _closings(self, threads: Sequence[int]) -> Iterator[Occurrence]:
        wanted = set(map(str, threads))
        found = self._all(
            Occurrence, group=self.group.id, kind=open_threads.CLOSE, due_at__ge=self.since
        )
        for row in found:
            if row.subject in wanted:
                yield replace(row, status="pending", run_at=row.due_at, version="")

    def _reminders(self, wanted: set[str]) -> Iterator[Occurrence]:
        """What was to remind of tasks that waited, and to pass them on."""
        found = self._all(
            Occurrence, group=self.group.id, kind__in=TASK_TIMES, due_at__ge=self.since
        )
        for row in found:
            if row.subject in wanted:
                yield replace(row, status="pending", run_at=row.due_at)

    def _counters(self, items: Sequence[Item]) -> Iterator[Counter]:
        """Numbers go on where they are, but those people type: these go on where they were."""
        tasks = self._all(Task, created_at__lt=self.since, order="-id", limit=1)
        typed = {
            f"item:{self.group.id}": max((item.number for item in items), default=0),
            "task": tasks[0].id if tasks else 0,
        }
        yield from (each for each in self._all(Counter) if each.name not in typed)
        for name, value in typed.items():
            yield Counter(community=self.group.community, name=name, value=value)

    def _coverage(
        self, messages: Sequence[Message], later: Mapping[int, Sequence[Record]]
    ) -> Coverage:
        said = [each for each in messages if each.person != BOT]
        strikes = [each for rows in later.values() for each in rows if isinstance(each, Strike)]
        here = [each for each in strikes if each.group == self.group.id and not each.observed]
        return Coverage(
            messages=len(said),
            unknown=sum(1 for each in said if not each.text),
            hears_all=channels.hears_all(self.group.channels),
            knows_members=channels.knows_members(self.group.channels),
            strikes=len(here),
        )


def _guests(later: Iterable[Sequence[Record]]) -> Iterator[int]:
    """For whom an invitation was paid in these days: it has not been paid yet."""
    for row in chain.from_iterable(later):
        if isinstance(row, LedgerEntry) and row.source.startswith(INVITE):
            yield int(row.source.removeprefix(INVITE))


def _as_waited(task: Task, since: int) -> Task:
    """Return a task as it was then, before anybody closed it, took it or was reminded of it."""
    if task.taken_at >= since:
        task = replace(task, taken_by=0, taken_at=0)
    if task.reminded_at >= since:
        task = replace(task, reminded_at=0, told=())
    return replace(task, status="open", closed_at=0, closed_by=0, claimed_at=0, declined=())
