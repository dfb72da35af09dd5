"""What leaderboards stand on: kept with every entry, archived when a season is over.

A season's final standings are kept by whoever comes first: the member's next entry, or the look
at all members that is planned for the season's turn. Both keep the same.
"""

from dataclasses import replace
from typing import Final

from handlers.ledger import edits, streaks
from handlers.ports import Context, Outcome
from handlers.timing import scheduling
from sop.events import StepDue
from sop.model import LedgerEntry, Occurrence, Person, SeasonStanding
from sop.pack import season
from sop.standing import boards, standing
from sop.standing.boards import Periods
from sop.times import localtime

KIND: Final = "season"
"""The kind of occurrence at which a season turns."""

ZONE: Final = "boards-zone"
"""The subject of an occurrence at which all boards are counted anew, and the name under which the
time zone that they were counted in is remembered."""

KINDS: Final = "boards-seasons"
"""The name under which the seasons that boards were counted in are remembered."""

SLICE: Final = 100
"""Persons looked at in one event, so that messages need not wait for all of them."""


def periods_at(context: Context, at: int) -> Periods:
    """Return the week, month and season an instant is in."""
    book = context.in_force
    return boards.periods(book.pack.seasons, localtime.local_date(at, book.zone))


def boards_with(
    context: Context, person: Person, entry: LedgerEntry
) -> dict[str, tuple[str, int]]:
    """Return the person's boards with an entry that is about to be booked."""
    now = periods_at(context, entry.at)
    if entry.deed == "reversal":
        return dict(person.boards)
    turned = _turned(context, person, now[2])
    return boards.with_entry(turned.boards, entry.deed, entry.standing, now)


def boards_without(
    context: Context, person: Person, entry: LedgerEntry
) -> dict[str, tuple[str, int]]:
    """Return the person's boards with an entry that was reversed taken out."""
    then = periods_at(context, entry.at)
    return boards.without_entry(person.boards, entry.deed, entry.standing, then)


def _turned(context: Context, person: Person, current: str) -> Person:
    """Bring a person into the current season: the one before is archived, once."""
    known, points = person.boards.get(boards.SEASON, ("", 0))
    if known == current:
        return person
    if boards.begins_otherwise(person.boards, current):
        points_since = _since(context, person, current)
        return replace(person, boards={**person.boards, boards.SEASON: (current, points_since)})
    _archive(context, person, known, points, current)
    return person


def _archive(context: Context, person: Person, known: str, points: int, current: str) -> None:
    seasons = context.in_force.pack.seasons
    if seasons is None or not seasons.archive or not points or not known or known > current:
        return
    key = (context.community, known, person.id)
    if context.store.get(SeasonStanding, *key) is None:
        context.store.put(
            SeasonStanding(
                community=context.community, season=known, person=person.id, points=points,
                level=person.level, at=context.now,
            )
        )  # fmt: skip


def recounted(context: Context, person: int) -> dict[str, tuple[str, int]]:
    """Return a person's boards as the ledger has them now; a board nothing stands on is left out.

    For figures that were put together otherwise than entry by entry.
    """
    rows = context.store.rows(
        LedgerEntry, (*standing.BOOKED, "deed"), community=context.community, person=person
    )
    found = list(rows)
    undone = {row[3] for row in found}
    counted: dict[str, tuple[str, int]] = {}
    for points, at, number, reversal_of, deed in sorted(found, key=lambda row: row[1]):
        if not reversal_of and number not in undone:
            counted = boards.with_entry(counted, deed, points, periods_at(context, at))
    return counted


def _since(context: Context, person: Person, current: str) -> int:
    """Return what the person has won since a season began, from the ledger."""
    first = season_start(context, current)
    entries = context.store.rows(
        LedgerEntry, standing.BOOKED, community=context.community, person=person.id,
        at__ge=first,
    )  # fmt: skip
    return sum(entry[0] for entry in standing.standing_entries(entries))


def plan_turn(context: Context) -> None:
    """Plan the look at all members for when the current season ends; after an edit, for now."""
    _follow_edit(context)
    seasons = context.in_force.pack.seasons
    if seasons is None:
        return
    zone = context.in_force.zone
    today = localtime.local_date(context.now, zone)
    following = season.next_start(seasons, today)
    current = season.season_of(seasons, today)
    if current:
        scheduling.plan(context, "", KIND, season_start(context, current), subject=current)
    if following is not None:
        begins = season.season_of(seasons, following)
        scheduling.plan(context, "", KIND, season_start(context, begins), subject=begins)


def _follow_edit(context: Context) -> None:
    """After an edit of the time zone or the seasons, plan to count all boards anew."""
    pack = context.in_force.pack
    for name, value in ((ZONE, pack.timezone), (KINDS, pack.seasons)):
        if edits.is_edited(context, name, value):
            scheduling.plan(context, "", KIND, context.now, subject=ZONE)


def season_start(context: Context, name: str) -> int:
    """Return the instant a season begins."""
    return localtime.local_midnight(season.first_day(name), context.in_force.zone)


def turn(event: StepDue, context: Context) -> Outcome:
    """Bring every member into the season that has begun, in slices."""
    occurrence = context.store.get(Occurrence, *event.occurrence)
    if occurrence is None or occurrence.status != "pending":
        return Outcome()
    context.store.put(replace(occurrence, status="done"))
    if not event.cause:
        plan_turn(context)
    current = periods_at(context, context.now)[2]
    if not current and event.subject != ZONE:
        return Outcome()
    found = context.store.find(
        Person, community=context.community, id__gt=int(event.cause or 0), order="id", limit=SLICE
    )
    for person in found:
        if event.subject == ZONE:
            context.store.put(replace(person, boards=recounted(context, person.id)))
            streaks.recount(context, person.id)
        else:
            _turn(context, person, current)
    if len(found) == SLICE:
        scheduling.plan(
            context, "", KIND, event.due_at, subject=event.subject, cause=str(found[-1].id),
            run_at=context.now,
        )  # fmt: skip
    return Outcome()


def _turn(context: Context, person: Person, current: str) -> None:
    if not person.boards:
        return
    turned = _turned(context, person, current)
    known = turned.boards.get(boards.SEASON, ("", 0))[0]
    if known < current:
        begun = {**turned.boards, boards.SEASON: (current, 0)}
        turned = replace(turned, boards=begun)
    if turned is not person:
        context.store.put(turned)
