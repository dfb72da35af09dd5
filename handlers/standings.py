"""What members' contribution is worth: balance, standing, level, ledger, ranking, prospects."""

from dataclasses import dataclass
from typing import Final

from handlers import benefits, people
from handlers.ledger import as_of_now, rescore
from handlers.ports import Context, Outcome
from handlers.rendering import ranking as stored_ranking
from handlers.replies import can_whisper, openly, privately, stopping
from sop import localtime, standing, texts
from sop.actions import Action
from sop.events import MessageReceived
from sop.model import LedgerEntry, Person
from sop.pack_score import Level
from sop.texts import text

RANKED: Final = 10
"""Places shown to everybody."""

LOOKED_AT: Final = 30
"""Persons whose score is brought up to date for a ranking: old standing may have faded."""

ENTRIES: Final = 10
"""Ledger entries shown."""


def points(event: MessageReceived, context: Context, argument: str) -> Outcome:
    """Tell the person privately balance, standing, and what is missing to the next level."""
    del event, argument
    person = as_of_now(context, context.person_id)
    level = standing.level_for(context.book.pack.levels, person.score)
    at_level = text("commands.points-level", title=level.title) if level else ""
    words = text(
        "commands.points", name=people.shown(person), balance=person.balance,
        score=person.score, level=at_level,
    )  # fmt: skip
    return stopping(privately("\n".join((words, *_missing(context, person)))))


def _missing(context: Context, person: Person) -> tuple[str, ...]:
    following = standing.next_level(context.book.pack.levels, person.score)
    if following is None:
        return ()
    missing = following.at - person.score
    return (text("commands.points-next", missing=missing, title=following.title),)


def entries(event: MessageReceived, context: Context, argument: str) -> Outcome:
    """Show the person the newest entries of their ledger, with what each was for."""
    del event, argument
    found = context.store.find(
        LedgerEntry, community=context.community, person=context.person_id, order="-id",
        limit=ENTRIES,
    )  # fmt: skip
    if not found:
        return stopping(privately(text("commands.ledger-empty")))
    lines = [_entry_line(context, entry) for entry in found]
    return stopping(privately("\n".join((text("commands.ledger-heading"), *lines))))


def _entry_line(context: Context, entry: LedgerEntry) -> str:
    key = f"deeds.{entry.deed}"
    why = text(key) if texts.has(key) else entry.deed
    day = localtime.local_date(entry.at, context.book.zone)
    return text(
        "commands.ledger-line", month=day.month, day=day.day, why=why, points=f"{entry.points:+d}"
    )


@dataclass(frozen=True, slots=True)
class Place:
    """A person's place among all who are ranked; equal scores share the better one."""

    rank: int
    last: bool


def ranking(event: MessageReceived, context: Context, argument: str) -> Outcome:
    """Show the first places to all; one's own to oneself, and never that it is the last."""
    del argument
    best = _best(context)
    if not best:
        return stopping(openly(text("commands.ranking-empty")))
    lines = [
        text("commands.ranking-line", rank=rank, name=people.shown(person), score=person.score)
        for rank, person in enumerate(best, start=1)
    ]
    words = "\n".join((text("commands.ranking-heading"), *lines))
    own = _own_place(context, best)
    if not own:
        return stopping(openly(words))
    if not event.group:
        return stopping(openly(f"{words}\n{own}"))
    aside: tuple[Action, ...] = (privately(own),) if can_whisper(event, context) else ()
    return stopping(openly(words), *aside)


def _best(context: Context) -> list[Person]:
    """Return the first places by today's score: one computed on another day is redone."""
    today = localtime.local_date(context.now, context.book.zone)
    fresh = [
        person
        if localtime.local_date(person.scored_at, context.book.zone) == today
        else rescore(context, person.id)
        for person in stored_ranking(context, LOOKED_AT)
    ]
    fresh.sort(key=lambda person: (-person.score, person.id))
    return [person for person in fresh if person.score > 0][:RANKED]


def _own_place(context: Context, best: list[Person]) -> str:
    """Tell the person's own place; nothing where they are listed already, or unranked."""
    person = as_of_now(context, context.person_id)
    if person.unranked or any(each.id == person.id for each in best):
        return ""
    where = {"community": context.community, "unranked": False}
    ahead = context.store.count(Person, score__gt=person.score, **where)
    behind = context.store.count(Person, score__lt=person.score, score__gt=0, **where)
    if person.score <= 0 or not behind:
        missing = best[-1].score - person.score + 1
        return text("commands.ranking-missing", missing=missing) if len(best) == RANKED else ""
    return text("commands.ranking-mine", score=person.score, rank=ahead + 1)


def growth(event: MessageReceived, context: Context, argument: str) -> Outcome:
    """Tell the person privately what their level brings now and what comes next."""
    del event, argument
    person = as_of_now(context, context.person_id)
    levels = context.book.pack.levels
    level = standing.level_for(levels, person.score)
    lines = [
        text("commands.growth-now", name=people.shown(person), title=level.title)
        if level
        else text("commands.growth-start", name=people.shown(person))
    ]
    lines.extend(_listed("commands.growth-claim", benefits.open_to(context, person)))
    lines.extend(_missing(context, person))
    following = standing.next_level(levels, person.score)
    if following is not None:
        lines.extend(_listed("commands.growth-brings", _brought_by(context, level, following)))
    return stopping(privately("\n".join(lines)))


def _brought_by(context: Context, level: Level | None, following: Level) -> list[str]:
    """Titles of the benefits that the next level opens and the present one does not."""
    return [
        benefit.title
        for benefit in context.book.pack.benefits
        if following.id in benefit.levels and (level is None or level.id not in benefit.levels)
    ]


def _listed(key: str, titles: list[str]) -> tuple[str, ...]:
    return (text(key, titles=text("people.joiner").join(titles)),) if titles else ()
