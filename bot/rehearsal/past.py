"""A group's state as it was some days ago, so that a rehearsal can go on from there."""

from collections import Counter as Counting
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from zoneinfo import ZoneInfo

from bot.rehearsal.script import Cue
from handlers.ledger import ledger, seasons, streaks
from handlers.ports import Context, Store
from handlers.timing import scheduling
from sop.book import Book
from sop.model import (
    Counter,
    Group,
    LedgerEntry,
    Member,
    Note,
    Person,
    PoolUse,
    Record,
    StepRun,
    Strike,
)
from sop.pack.pack_actions import DropAction
from sop.pack.pack_score import Earn, Lose
from sop.standing import standing
from sop.times import localtime
from sop.triggers import schedule, triggers


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    """How much of what happened is known: `unknown` are messages whose text is gone.

    `strikes` are those really given in these days.
    """

    messages: int
    unknown: int
    hears_all: bool
    knows_members: bool
    strikes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Past:
    """The state at `since`, and what happened from then up to `until` (ms UTC).

    `groups` begins with the one it is about. `members` are those who were in it at `since`;
    `runs` are the runs of steps that came after, whose traces in pools and turns are taken back.
    """

    community: str
    groups: tuple[Group, ...]
    since: int
    until: int
    people: tuple[Person, ...]
    members: tuple[Member, ...]
    records: tuple[Record, ...]
    runs: tuple[StepRun, ...]
    cues: tuple[Cue, ...]
    coverage: Coverage


def rewound(person: Person, later: Iterable[Record], since: int, zone: ZoneInfo) -> Person:
    """Return the person as they were: what was booked and decided later is taken back.

    Name, role, payment, tags and wishes are as they are now; `tallies`, score and level depend
    on the pack and are computed when the rehearsal begins.
    """
    rows = list(later)
    entries = [each for each in rows if isinstance(each, LedgerEntry)]
    paid = {entry.deed for entry in entries if entry.points > 0}
    muted = any(isinstance(each, Strike) and each.measure == "mute-points" for each in rows)
    today = localtime.local_date(since, zone).isoformat()
    return replace(
        person,
        balance=person.balance - sum(entry.points for entry in entries),
        lifetime=tuple(deed for deed in person.lifetime if deed not in paid),
        muted_until=0 if muted else person.muted_until,
        layer=_layer(person, [each for each in rows if isinstance(each, Note)], since),
        active=tuple(day for day in person.active if day < today),
        recent=(),
        tallies={},
    )


def _layer(person: Person, notes: Sequence[Note], since: int) -> str:
    """The layer last given before; regular for who was first moved in these days."""
    if not any(note.at >= since for note in notes):
        return person.layer
    before = [str(note.body["layer"]) for note in notes if note.at < since]
    return before[-1] if before else "regular"


def restore(store: Store, past: Past, book: Book) -> None:
    """Put everything as it was; scores and levels as this pack sees them."""
    for record in (*past.groups, *past.members, *past.records, *past.people):
        store.put(record)
    runs = Counting(run.step for run in past.runs)
    _take_back_turns(store, past, runs)
    _take_back_items(store, past, book, runs)
    context = Context(store=store, book=book, community=past.community, now=past.since)
    tallies = _tallies(past, book)
    booked = {each.person for each in past.records if isinstance(each, LedgerEntry)}
    for person in past.people:
        scored = ledger.as_of_now(context, person.id)
        known = person.id in booked
        level = standing.level_for(book.pack.levels, scored.score) if known else None
        reached = level.id if level else ""
        boards = seasons.recounted(context, person.id)
        now = replace(scored, tallies=tallies[person.id].tallies, boards=boards, level=reached)
        store.put(now)
        streaks.recount(context, person.id)


def resume(store: Store, past: Past, book: Book) -> None:
    """Plan what began before and is still to come: steps some time after joining or founding."""
    context = Context(store=store, book=book, community=past.community, now=past.since)
    group = past.groups[0]
    for step in book.pack.steps:
        if not scheduling.runs_in(step, group):
            continue
        trigger = step.when
        if isinstance(trigger, triggers.GroupCreated | triggers.GroupAdopted):
            created = isinstance(trigger, triggers.GroupCreated)
            at = group.created_at if created else group.adopted_at
            due = schedule.offset_due(trigger.offset, at, book.zone) if at else 0
            _plan(context, past, step.id, due, cause="created" if created else "adopted")
        elif isinstance(trigger, triggers.MemberJoined):
            for member in _joined(past):
                due = schedule.offset_due(trigger.offset, member.joined_at, book.zone)
                subject, cause = str(member.person), f"stint:{member.stint}"
                _plan(context, past, step.id, due, subject=subject, cause=cause)


def _joined(past: Past) -> list[Member]:
    """Who came while the group was running: its first members did not join."""
    group = past.groups[0]
    began = group.created_at or group.adopted_at
    if not past.coverage.knows_members:
        return []
    return [member for member in past.members if member.joined_at > began]


def _plan(
    context: Context, past: Past, step: str, due: int, *, subject: str = "", cause: str = ""
) -> None:
    if due >= past.since:
        group = past.groups[0].id
        scheduling.plan(
            context, group, scheduling.STEP, due, step=step, subject=subject, cause=cause
        )


def _take_back_turns(store: Store, past: Past, runs: Mapping[str, int]) -> None:
    for step, times in runs.items():
        name = f"turn:{past.groups[0].id}:{step}"
        turn = store.get(Counter, past.community, name)
        if turn is not None:
            store.put(replace(turn, value=max(0, turn.value - times)))


def _take_back_items(store: Store, past: Past, book: Book, runs: Mapping[str, int]) -> None:
    """What a pool gave in these days has not been given yet."""
    for step in book.pack.steps:
        for action in step.do:
            if isinstance(action, DropAction) and runs.get(step.id):
                _give_back(store, past, action.pool, runs[step.id])


def _give_back(store: Store, past: Past, pool: str, times: int) -> None:
    for scope in ("", past.groups[0].id):
        use = store.get(PoolUse, past.community, scope, pool)
        if use is not None:
            used = use.used[: max(0, len(use.used) - times)]
            store.put(replace(use, used=used, day="", taken=0, warned=""))


def _tallies(past: Past, book: Book) -> "defaultdict[int, Person]":
    """Count again what each person was paid in the current day and week, for the caps."""
    counted: defaultdict[int, Person] = defaultdict(
        lambda: Person(community=past.community, id=0, userid="")
    )
    entries = (each for each in past.records if isinstance(each, LedgerEntry))
    for entry in sorted(entries, key=lambda each: each.at):
        spec = _spec(entry, book)
        if spec is not None and not entry.reversal_of:
            person = counted[entry.person]
            found: Any = standing.tally(spec, person, entry.deed, entry.at, book.zone)
            counted[entry.person] = replace(person, tallies=found)
    return counted


def _spec(entry: LedgerEntry, book: Book) -> Earn | Lose | None:
    score = book.pack.score
    return score.lost(entry.deed) or score.earned(entry.deed)
