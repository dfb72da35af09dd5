"""Being judged: appeals against a strike, each decided by a person, once."""

from handlers.moderation import amends, doubts, learning, moderation, reasons
from handlers.moderation.clemency import forgive, once
from handlers.people import people, places
from handlers.ports import Context, Outcome
from handlers.replies import excerpt, privately, stopping
from handlers.tasks import tasks
from sop.actions import Action
from sop.events import MessageReceived
from sop.model import Message, Person, Strike, Task
from sop.texts import text
from sop.times import localtime


def appeal(event: MessageReceived, context: Context, argument: str) -> Outcome:
    """Ask people to look at the newest strike nobody has looked at; each in its time, and once."""
    del event
    person = context.person
    assert person is not None
    rules = context.book.pack.rules.appeal
    if rules is None:
        return stopping(privately(text("appeals.closed")))
    strikes = _open_to_appeal(context, person, context.now - rules.within_ms)
    if not strikes:
        return stopping(privately(text("appeals.nothing")))
    asked = [_asked(context, each) for each in strikes]
    if "open" in asked or "" not in asked:
        key = "appeals.open" if "open" in asked else "appeals.decided"
        return stopping(privately(text(key)))
    found = strikes[asked.index("")]
    lines = tasks.open_task(
        context, kind="appeal", to="staff", about=f"appeal:{found.id}", group=found.group,
        person=person.id, target=str(found.id), rule=found.rule,
        words=lambda number: _appeal_words(context, person, found, argument, number),
    )  # fmt: skip
    return stopping(*lines, privately(_opened(context, found, is_newest=found == strikes[0])))


def _open_to_appeal(context: Context, person: Person, since: int) -> list[Strike]:
    """Return what somebody may still object to, the newest first."""
    found = context.store.find(
        Strike, community=context.community, person=person.id, observed=False, reversed_at=0
    )
    return [each for each in moderation.newest_first(found) if each.known_from >= since]


def _asked(context: Context, strike: Strike) -> str:
    """Return how far an appeal against a strike has come; empty where there was none."""
    found = context.store.find(
        Task, community=context.community, about=f"appeal:{strike.id}", limit=1
    )
    return found[0].status if found else ""


def _opened(context: Context, strike: Strike, *, is_newest: bool) -> str:
    if is_newest:
        return text("appeals.opened")
    day = localtime.local_date(strike.at, context.book.zone)
    rule = reasons.of_strike(context, strike)
    return text("appeals.opened-earlier", month=day.month, day=day.day, rule=rule)


def _appeal_words(
    context: Context, person: Person, strike: Strike, argument: str, number: int
) -> str:
    numbers = people.numbers_of(context.store, context.community, person.id)
    said = context.store.find(
        Message, community=context.community, group=strike.group, at=strike.at,
        message_id=strike.source, person__in=numbers,
    )  # fmt: skip
    words = text(
        "appeals.task", name=people.shown(person), group=places.title(context, strike.group),
        rule=reasons.of_strike(context, strike), number=number,
    )  # fmt: skip
    parts = [words]
    if said and said[0].text:
        parts.append(text("appeals.said", text=excerpt(said[0].text)))
    if argument:
        parts.append(text("appeals.reason", text=excerpt(argument)))
    return "\n".join(parts)


def decide_appeal(context: Context, task: Task, choice: str) -> tuple[Action, ...]:
    """Carry out what a person decided about an appeal, and tell the member kindly."""
    strike = context.store.get(Strike, context.community, int(task.target))
    if strike is None:
        return ()
    if choice == "approve":
        before = learning.known(context)
        doubts.unlearn(context, strike, task.closed_by)
        return once(*forgive(context, strike), *amends.make(context, before))
    person = context.store.get(Person, context.community, strike.person)
    assert person is not None
    return (
        Action(
            do="dm", group=strike.group, to=str(strike.person), member=str(strike.person),
            text=text("appeals.rejected", name=people.addressed(person)),
        ),
    )  # fmt: skip
