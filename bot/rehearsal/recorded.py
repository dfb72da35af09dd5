"""What a group really lived through, read from its deployment's database, never written to.

Kept are messages (their texts, quotes and mentions for `RETAIN_TEXT_DAYS`), memberships, closed
tasks and what was booked. Not kept, and therefore not played: answers accepted by a button,
earlier memberships of who came back, and when a role or a payment changed.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from typing import Final
from zoneinfo import ZoneInfo

from bot.rehearsal.past import Coverage, Past, rewound
from bot.rehearsal.past_state import Rows, state_before
from bot.rehearsal.recorded_lines import CHOICES, Happenings
from handlers.ports import Store
from sop import channels
from sop.book import Book
from sop.model import (
    BOT,
    Aside,
    Group,
    LedgerEntry,
    Member,
    Message,
    Note,
    Person,
    Record,
    StepRun,
    Strike,
    Task,
)
from sop.times import localtime

INVITE: Final = "invite:"
"""How the source of a paid invitation begins; the guest's number follows."""


def day_begins(at: int, zone: ZoneInfo) -> int:
    """Return the local midnight before an instant: caps and budgets begin there."""
    return localtime.local_midnight(localtime.local_date(at, zone), zone)


def read_past(store: Store, group: Group, book: Book, since: int, until: int) -> Past:
    """Return what the group lived through from `since` up to (without) `until`.

    `book` tells how words were commands then. The caller sees to it that `store` is thrown away.
    """
    return _Reader(store, group, book, since, until).past()


@dataclass(frozen=True)
class _Reader(Rows):
    until: int

    def past(self) -> Past:
        members = self.here(Member)
        messages = self.here(Message, at__ge=self.since, at__lt=self.until, order="id")
        ids = {each.person for each in members if not each.left_at or each.left_at >= self.since}
        ids |= {each.person for each in messages if each.person != BOT}
        closed = self._closed()
        ids |= {task.closed_by for task in closed if task.closed_by}
        people = {each.id: each for each in self.of(Person, ids, by="id")}
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
            asides={each.message: each for each in self.all(Aside, at__ge=self.since)},
            closed=closed,
            later=later,
        )
        open_ = self.here(Task, status="open", created_at__lt=self.since)
        return Past(
            community=self.group.community,
            groups=self._groups(),
            since=self.since,
            until=self.until,
            people=tuple(self._as_then(each, later, guests) for each in people.values()),
            members=tuple(filter(None, map(self._present, members))),
            records=tuple(state_before(self, ids, [*open_, *closed])),
            runs=tuple(self.here(StepRun, at__ge=self.since)),
            cues=happened.cues(),
            coverage=self._coverage(said, later),
        )

    def _as_then(
        self, person: Person, later: Mapping[int, Sequence[Record]], guests: set[int]
    ) -> Person:
        paid = person.invite_paid and person.id not in guests
        rows = later.get(person.id, ())
        return rewound(replace(person, invite_paid=paid), rows, self.since, self.book.zone)

    def _closed(self) -> list[Task]:
        """What people answered in these days; what was voided settled itself."""
        found = self.here(Task, closed_at__ge=self.since, closed_at__lt=self.until)
        return [task for task in found if task.status in CHOICES]

    def _private(self, ids: set[int]) -> list[Message]:
        found = self.all(Message, group="", at__ge=self.since, at__lt=self.until)
        return [each for each in found if each.person in ids]

    def _later(self, ids: set[int]) -> "defaultdict[int, list[Record]]":
        """What was booked and decided about each person since, to be taken back."""
        later: defaultdict[int, list[Record]] = defaultdict(list)
        for kind in (LedgerEntry, Strike):
            for each in self.of(kind, ids, at__ge=self.since):
                later[each.person].append(each)  # type: ignore[attr-defined] # both have one
        for note in self.all(Note, do="layer", order="id"):
            person = int(note.body["person"])
            if person in ids:
                later[person].append(note)
        return later

    def _groups(self) -> tuple[Group, ...]:
        """The group as it stood, and the core group its members may be moved to."""
        spoken = self.group.spoken_at
        if spoken >= self.since:
            earlier = self.here(Message, person__ne=BOT, at__lt=self.since, order="-at",
                limit=1,
            )  # fmt: skip
            began = self.group.created_at or self.group.adopted_at
            spoken = earlier[0].at if earlier else min(began or self.since, self.since)
        threads = tuple((each.id, each.kind) for each in self.threads())
        group = replace(self.group, spoken_at=spoken, threads=threads, paused=False)
        cores = self.all(Group, kind="core", retired=False)
        return (group, *(replace(each, threads=()) for each in cores if each.id != group.id))

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
