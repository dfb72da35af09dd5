"""What members' contribution is worth: balance, standing, level, and what comes next.

Owner and staff may ask the same about anyone, in private.
"""

from handlers.benefits import benefits
from handlers.challenges import enrolments
from handlers.leaders import leader_accounts
from handlers.ledger.ledger import as_of_now
from handlers.people import people
from handlers.ports import Context, Outcome
from handlers.recognition import badges
from handlers.replies import privately, stopping
from handlers.threads.whose import whose
from sop.events import MessageReceived
from sop.model import Person
from sop.pack.pack_score import Level
from sop.standing import standing
from sop.texts import text


def points(event: MessageReceived, context: Context, argument: str) -> Outcome:
    """Tell the person privately balance, standing, and what is missing to the next level."""
    about = whose(event, context, argument, "points")
    if about.person is None:
        return stopping(privately(about.problem))
    person = as_of_now(context, about.person.id)
    level = standing.level_for(context.book.pack.levels, person.score)
    at_level = text("commands.points-level", title=level.title) if level else ""
    words = text(
        "commands.points", name=people.shown(person), balance=person.balance,
        score=person.score, level=at_level,
    )  # fmt: skip
    return stopping(privately("\n".join((words, *missing(context, person)))))


def missing(context: Context, person: Person) -> tuple[str, ...]:
    """Return the line that says how far the next level is, where there is one."""
    following = standing.next_level(context.book.pack.levels, person.score)
    if following is None:
        return ()
    left = following.at - person.score
    return (text("commands.points-next", missing=left, title=following.title),)


def growth(event: MessageReceived, context: Context, argument: str) -> Outcome:
    """Tell the person privately what their level brings now and what comes next."""
    about = whose(event, context, argument, "growth")
    if about.person is None:
        return stopping(privately(about.problem))
    person = as_of_now(context, about.person.id)
    levels = context.book.pack.levels
    level = standing.level_for(levels, person.score)
    lines = [_stands(person, level)]
    lines.extend(badges.lines(context, person))
    lines.extend(enrolments.lines(context, person.id))
    lines.extend(leader_accounts.lines_of(context, person))
    lines.extend(_listed("commands.growth-claim", benefits.open_to(context, person)))
    lines.extend(_listed("commands.growth-redeem", _affordable(context, person)))
    lines.extend(missing(context, person))
    following = standing.next_level(levels, person.score)
    if following is not None:
        lines.extend(_listed("commands.growth-brings", _brought_by(context, level, following)))
    return stopping(privately("\n".join(lines)))


def _stands(person: Person, level: Level | None) -> str:
    """Say how somebody stands: by their level, or (none, or none yet) by what they gave lately."""
    name = people.shown(person)
    if level is not None:
        return text("commands.growth-now", name=name, title=level.title)
    if person.score > 0:
        return text("commands.growth-score", name=name, score=person.score)
    return text("commands.growth-start", name=name)


def _affordable(context: Context, person: Person) -> list[str]:
    """What the person has points enough for now, with its price."""
    return [
        text("benefits.with-price", title=each.title, price=each.price)
        for each in benefits.priced(context, person)
        if each.price <= person.balance
    ]


def _brought_by(context: Context, level: Level | None, following: Level) -> list[str]:
    """Titles of the benefits that the next level opens and the present one does not."""
    return [
        benefit.title
        for benefit in context.book.pack.benefits
        if following.id in benefit.levels and (level is None or level.id not in benefit.levels)
    ]


def _listed(key: str, titles: list[str]) -> tuple[str, ...]:
    return (text(key, titles=text("people.joiner").join(titles)),) if titles else ()
