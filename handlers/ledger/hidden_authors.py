"""Who gave an anonymous entry: kept apart from it, and read for four things alone.

Its author may withdraw it and cannot like it; it is paid without source at the next local
midnight, one sum per member and day; and staff may ask, with a reason, which is told the owner.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Final

from handlers.ledger import ledger
from handlers.people import people
from handlers.ports import Context, Outcome
from handlers.timing import deadlines, scheduling
from sop.actions import Action
from sop.events import StepDue
from sop.model import HiddenAuthor, Item, Person, Thread
from sop.standing import standing
from sop.times import localtime

KIND: Final = "anonymous-sums"
"""The kind of occurrence at which what was given anonymously is paid."""

SOURCE: Final = "anonymous:"
"""How the source of such a sum begins; the local date follows."""


def day_of(context: Context, at: int) -> int:
    """Return the beginning of the local day, which is all that is kept of when."""
    zone = context.book.zone
    return localtime.local_midnight(localtime.local_date(at, zone), zone)


def hide(context: Context, found: Item, person: int) -> None:
    """Keep whose an entry is where nothing that shows entries looks."""
    context.store.put(
        HiddenAuthor(
            community=found.community, group=found.group, number=found.number, person=person,
            thread=found.thread,
        )
    )  # fmt: skip


def of(context: Context, found: Item) -> HiddenAuthor | None:
    """Return whose an entry is, if it is anonymous."""
    return context.store.get(HiddenAuthor, *found.key)


def is_by(context: Context, found: Item, person: int) -> bool:
    """Tell whether an anonymous entry is that person's."""
    author = of(context, found)
    now = people.current(context.store, context.community, author.person) if author else None
    return now is not None and now.id == person


def entries_of(context: Context, thread: Thread, person: int) -> list[Item]:
    """Return what a person has given to an anonymous collection, in order."""
    hidden = context.store.find(
        HiddenAuthor, community=context.community, person=person, thread=thread.id, order="number"
    )
    found = (context.store.get(Item, each.community, each.group, each.number) for each in hidden)
    return [each for each in found if each is not None]


def owe(context: Context, found: Item) -> None:
    """Let an entry that is shown now be paid at the next local midnight."""
    author = of(context, found)
    if author is None:
        return
    zone = context.book.zone
    tomorrow = localtime.local_date(context.now, zone) + timedelta(days=1)
    due = localtime.local_midnight(tomorrow, zone)
    context.store.put(replace(author, due_at=due))
    scheduling.plan(context, "", KIND, due)


def forget_debt(context: Context, found: Item) -> None:
    """Let an entry that was withdrawn before it was paid be paid no more."""
    author = of(context, found)
    if author is not None and author.due_at:
        context.store.put(replace(author, due_at=0))


def book(event: StepDue, context: Context) -> Outcome:
    """Pay what was given on the day that is over: one entry per member and deed."""
    if not deadlines.settle(event, context):
        return Outcome()
    owed: dict[tuple[int, str], list[Item]] = {}
    due = context.store.find(
        HiddenAuthor, community=context.community, due_at__gt=0, due_at__le=event.due_at
    )
    for author in sorted(due, key=lambda each: each.key):
        context.store.put(replace(author, due_at=0))
        person = people.current(context.store, context.community, author.person)
        found = context.store.get(Item, *author.key)
        if person is not None and found is not None:
            owed.setdefault((person.id, found.kind), []).append(found)
    day = localtime.local_date(event.due_at - 1, context.book.zone).isoformat()
    lines = (
        _sum(context, person, deed, found, day, event.due_at - 1)
        for (person, deed), found in owed.items()
    )
    return Outcome(tuple(line for each in lines for line in each))


def _sum(
    context: Context, person_id: int, deed: str, found: Sequence[Item], day: str, at: int
) -> tuple[Action, ...]:
    """Book what the entries of one member bring together, within the deed's cap of that day."""
    spec = context.book.pack.score.earned(deed)
    person = context.store.get(Person, context.community, person_id)
    if spec is None or person is None:
        return ()
    # What was said is remembered nowhere: likeness to earlier texts is for the collection itself.
    spec = spec.model_copy(update={"distinct": 0})
    points = score = 0
    for each in found:
        award = standing.award_for(
            spec, person, deed, at=at, zone=context.book.zone, normal="",
            score=context.book.pack.score, said=each.text,
        )  # fmt: skip
        if award.refused:
            continue
        points, score = points + award.balance, score + award.score
        person = replace(
            person,
            tallies=standing.tally(spec, person, deed, at, context.book.zone),
            lifetime=(*person.lifetime, deed) if spec.once else person.lifetime,
        )
    if not points and not score:
        return ()
    return ledger.book_entry(
        context, person_id, deed, points, score=score, source=f"{SOURCE}{day}",
        changes={"tallies": person.tallies, "lifetime": person.lifetime},
    )  # fmt: skip
