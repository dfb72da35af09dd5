"""Booking points: every award and loss is one append-only entry, with what follows from it.

Balance, tallies and level on the person are derived; `verify` recomputes them from the entries.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

from handlers.ledger import seasons, streaks
from handlers.people import trials
from handlers.ports import Context
from sop.actions import Action
from sop.book import Book
from sop.frozen import replace
from sop.model import Invitation, LedgerEntry, Person
from sop.pack.pack_score import Earn, Lose
from sop.standing import standing
from sop.text import normalise
from sop.times import localtime

_NOTHING: Final[Mapping[str, Any]] = MappingProxyType({})


def credit(
    context: Context, person_id: int, deed: str, *, source: str, step: str = "", said: str = ""
) -> tuple[Action, ...]:
    """Book what the deed earns, if the pack pays it now.

    `source` pays a person the deed only once: storage refuses a second entry. `said` is the
    text behind the deed, for length and likeness. Returns the ledger line and what follows: a
    level reached, and (at a guest's first paid deed) the inviter's line.
    """
    spec = context.book.pack.score.earned(deed)
    person = context.store.get(Person, context.community, person_id)
    if spec is None or person is None:
        return ()
    normal = normalise(said) if said else ""
    award = standing.award_for(
        spec,
        _tallied(context, spec, person, deed),
        deed,
        at=context.now,
        zone=context.book.zone,
        normal=normal,
        score=context.book.pack.score,
        said=said,
    )
    if award.refused:
        return ()
    changes = {
        "tallies": standing.tally(spec, person, deed, context.now, context.book.zone),
        "lifetime": (*person.lifetime, deed) if spec.once else person.lifetime,
        "recent": standing.remember(person, deed, normal, spec.distinct),
    }
    lines = book_entry(
        context, person_id, deed, award.balance, score=award.score, source=source, step=step,
        changes=changes,
    )  # fmt: skip
    return (*lines, *credit_inviter(context, person_id))


def debit(context: Context, person_id: int, deed: str, *, source: str) -> tuple[Action, ...]:
    """Book what the deed costs, if the pack says so; the balance may go below zero."""
    spec = context.book.pack.score.lost(deed)
    person = context.store.get(Person, context.community, person_id)
    if spec is None or person is None:
        return ()
    tallied = _tallied(context, spec, person, deed)
    if standing.capped(spec, tallied, deed, context.now, context.book.zone):
        return ()
    tallies = standing.tally(spec, person, deed, context.now, context.book.zone)
    return book_entry(
        context, person_id, deed, -spec.points, score=-spec.points, source=source,
        changes={"tallies": tallies},
    )  # fmt: skip


def _tallied(context: Context, spec: Earn | Lose, person: Person, deed: str) -> Person:
    """Return the person with the awards of now's period, for deciding alone.

    What an event that comes days late, or a clock that was put back, leads to is no longer
    tallied, but booked.
    """
    at, zone = context.now, context.book.zone
    if spec.cap is None or not standing.is_forgotten(spec, person, deed, at, zone):
        return person
    since, until = standing.bounds_of(spec.cap.period, at, zone)
    own: dict[str, Any] = {"community": context.community, "person": person.id}
    booked = context.store.rows(LedgerEntry, ("id",), deed=deed, at__ge=since, at__lt=until, **own)
    undone = context.store.rows(LedgerEntry, ("reversal_of",), deed="reversal", **own)
    count = len({*booked} - {*undone})
    period = standing.period_of(spec.cap.period, at, zone)
    return replace(person, tallies={**person.tallies, deed: (period, count)})


def book_entry(
    context: Context,
    person_id: int,
    deed: str,
    points: int,
    *,
    score: int,
    source: str,
    step: str = "",
    reversal_of: int = 0,
    generation: int = 0,
    not_before: int = 0,
    changes: Mapping[str, Any] = _NOTHING,
) -> tuple[Action, ...]:
    """Append one entry as it stands: no cap, no condition. Returns its line and level changes.

    `changes` are further fields of the person that change with it. The entry is of now, or of
    the instant `not_before` if a clock was put back behind that.
    """
    person = context.store.get(Person, context.community, person_id)
    assert person is not None
    if not standing.fits(person.balance + points, person.score + score):
        return (_refused(context, person_id, deed, points),)
    entry = LedgerEntry(
        community=context.community,
        id=context.store.number(context.community, "ledger"),
        person=person_id,
        group=context.group_id,
        deed=deed,
        points=points,
        standing=score,
        source=source,
        step=step,
        version=context.book.version,
        at=max(context.now, not_before),
        reversal_of=reversal_of,
        generation=generation,
    )
    boards = seasons.boards_with(context, person, entry)
    context.store.put(entry)
    context.store.put(
        replace(
            person, balance=person.balance + points, score=person.score + score, boards=boards,
            **changes,
        )
    )  # fmt: skip
    if context.now < person.scored_at:
        # A clock that was put back: what is booked now is no later addition to that score.
        rescore(context, person_id)
    line = Action(
        do="points",
        group=context.group_id,
        member=str(person_id),
        points=points,
        standing=score,
        deed=deed,
        step=step,
    )
    return (line, *settle_level(context, person_id))


def _refused(context: Context, person_id: int, deed: str, points: int) -> Action:
    """Tell of an entry that no figure could hold: nothing is booked, and staff can see why."""
    return Action(
        do="error", group=context.group_id, member=str(person_id), deed=deed, reason="overflow",
        why=f"{points} points would leave what a figure can hold",
    )  # fmt: skip


def reverse(context: Context, entry: LedgerEntry, source: str) -> tuple[Action, ...]:
    """Append the reversing entry; the reversed one no longer counts for caps and once."""
    lines = book_entry(
        context,
        entry.person,
        "reversal",
        -entry.points,
        score=-entry.standing,
        source=source,
        reversal_of=entry.id,
        # Who reads a span of the ledger finds with what was booked that it was taken back.
        not_before=entry.at,
    )
    if lines[0].do == "error":
        return lines
    person = context.store.get(Person, context.community, entry.person)
    assert person is not None
    lifetime = person.lifetime
    if not _stands_elsewhere(context, entry):
        lifetime = tuple(deed for deed in person.lifetime if deed != entry.deed)
    tallies = standing.without(_spec(context, entry), person, entry, context.book.zone)
    stood = seasons.boards_without(context, person, entry)
    context.store.put(replace(person, lifetime=lifetime, tallies=tallies, boards=stood))
    if entry.deed == streaks.DEED:
        streaks.recount(context, entry.person)
    # What the entry still weighed is not what it once gave.
    rescore(context, entry.person)
    return (*lines, *settle_level(context, entry.person))


def _stands_elsewhere(context: Context, entry: LedgerEntry) -> bool:
    """Tell whether the deed was paid another time too: two who are one may both have had it."""
    own: dict[str, Any] = {"community": context.community, "person": entry.person}
    paid = context.store.rows(LedgerEntry, ("id",), deed=entry.deed, **own)
    undone = context.store.rows(LedgerEntry, ("reversal_of",), deed="reversal", **own)
    return bool({*paid} - {*undone})


def _spec(context: Context, entry: LedgerEntry) -> Earn | Lose | None:
    """What the pack in force says of an entry's deed."""
    score = context.in_force.pack.score
    return score.earned(entry.deed) if entry.points >= 0 else score.lost(entry.deed)


def rescore(context: Context, person_id: int) -> Person:
    """Compute the score from the ledger as of now and remember it on the person.

    The level is not settled: who only wants to look asks `as_of_now`.
    """
    person = as_of_now(context, person_id)
    context.store.put(person)
    return person


def as_of_now(context: Context, person_id: int) -> Person:
    """Return the person with the score as the ledger has it now; nothing is remembered."""
    person = context.store.get(Person, context.community, person_id)
    assert person is not None
    score = context.in_force.pack.score
    since = context.now - score.window_ms if score.window_ms is not None else -1
    entries = context.store.rows(
        LedgerEntry, standing.BOOKED, community=context.community, person=person_id, at__gt=since
    )
    return replace(
        person, score=standing.score_at(entries, context.now, score), scored_at=context.now
    )


def settle_level(context: Context, person_id: int) -> tuple[Action, ...]:
    """Notice a level reached or lost.

    The ledger is only read when the remembered score could tell something new: once a local
    day, or when it seems to cross a level's threshold.
    """
    person = context.store.get(Person, context.community, person_id)
    levels = context.in_force.pack.levels
    if person is None or not levels:
        return ()
    level = standing.level_for(levels, person.score)
    zone = context.book.zone
    day = localtime.local_date(context.now, zone)
    stale = localtime.local_date(person.scored_at, zone) != day
    if stale or (level.id if level else "") != person.level:
        person = rescore(context, person_id)
        level = standing.level_for(levels, person.score)
    reached = level.id if level else ""
    if reached == person.level:
        return ()
    context.store.put(replace(person, level=reached))
    if not person.level and level is not None and level.at <= 0:
        return ()
    rank = {each.id: each.at for each in levels}
    risen = rank.get(reached, -1) > rank.get(person.level, -1)
    way = "up" if risen else "down"
    return (
        Action(
            do="level", group=context.group_id, member=str(person_id), text=reached, reason=way
        ),
    )


def credit_inviter(context: Context, person_id: int) -> tuple[Action, ...]:
    """Credit who brought a guest, at the guest's first paid deed, once per guest for ever.

    A guest who is gone brings nothing: a message of theirs may come late. While either is on
    trial it waits for the next paid deed.
    """
    guest = context.store.get(Person, context.community, person_id)
    if guest is None or not guest.invited_by or guest.invite_paid:
        return ()
    invitation = context.store.get(Invitation, context.community, person_id)
    if invitation is not None and invitation.status != "counted":
        return ()
    if any(trials.is_new(context, each) for each in (guest.id, guest.invited_by)):
        return ()
    context.store.put(replace(guest, invite_paid=True))
    return credit(context, guest.invited_by, "invite", source=f"invite:{guest.id}")


def level_title_of(book: Book, person: Person) -> str:
    """Return the title of the person's level in a pack, or nothing."""
    level = standing.level_for(book.pack.levels, person.score)
    return level.title if level else ""
