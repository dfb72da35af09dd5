"""Being judged and judging: appeals against a strike, and reports of what others wrote.

A report never strikes and is never told to the group; an appeal is decided by a person, once.
"""

from typing import Final

from handlers.moderation import doubts, moderation
from handlers.moderation.clemency import forgive
from handlers.people import people, places
from handlers.ports import Context, Outcome
from handlers.replies import discreetly, excerpt, privately, stopping
from handlers.tasks import tasks
from handlers.threads import naming
from sop.actions import Action
from sop.detectors.verdicts import Utterance
from sop.events import MessageReceived
from sop.model import BOT, Message, Person, Strike, Task
from sop.text import fingerprint, normalise
from sop.texts import text

REPORTS_A_DAY: Final = 5
"""Reports by one person within a day: enough for a bad day, too few to flood the staff."""

DAY_MS: Final = 86_400_000

REPETITION: Final = frozenset({"flood", "repeats"})
"""Detectors that need the author's other messages: a quoted text has none."""


def appeal(event: MessageReceived, context: Context, argument: str) -> Outcome:
    """Ask people to look at the newest strike; within the time the pack gives, and once."""
    del event
    person = context.person
    assert person is not None
    rules = context.book.pack.rules.appeal
    if rules is None:
        return stopping(privately(text("appeals.closed")))
    found = _newest_strike(context, person, context.now - rules.within_ms)
    if found is None:
        return stopping(privately(text("appeals.nothing")))
    about = f"appeal:{found.id}"
    earlier = context.store.find(Task, community=context.community, about=about, limit=1)
    if earlier:
        key = "appeals.open" if earlier[0].status == "open" else "appeals.decided"
        return stopping(privately(text(key)))
    lines = tasks.open_task(
        context, kind="appeal", to="staff", about=about, group=found.group, person=person.id,
        target=str(found.id), rule=found.rule,
        words=lambda number: _appeal_words(context, person, found, argument, number),
    )  # fmt: skip
    return stopping(*lines, privately(text("appeals.opened")))


def _newest_strike(context: Context, person: Person, since: int) -> Strike | None:
    found = context.store.find(
        Strike, community=context.community, person=person.id, observed=False, reversed_at=0,
        at__ge=since, order="-at", limit=1,
    )  # fmt: skip
    return found[0] if found else None


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
        rule=moderation.rule_name(context, strike.rule), number=number,
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
        doubts.unlearn(context, strike)
        return forgive(context, strike)
    person = context.store.get(Person, context.community, strike.person)
    return (
        Action(
            do="dm", group=strike.group, to=str(strike.person), member=str(strike.person),
            text=text("appeals.rejected", name=people.shown(person)),
        ),
    )  # fmt: skip


def report(event: MessageReceived, context: Context, argument: str) -> Outcome:
    """Have a quoted text, or a member, looked at by staff; nobody learns who asked for it."""
    quoted = _quoted(event, context)
    named = naming.points(event, context, argument)
    if not quoted and not named:
        return stopping(privately(text("commands.report-form")))
    if _reports_today(context) >= REPORTS_A_DAY:
        return stopping(privately(text("commands.report-enough")))
    person, reason = naming.author(event, context), argument
    if named:
        meant = naming.resolve(event, context, argument)
        if meant.person is None:
            return stopping(privately(meant.problem))
        person, reason = meant.person, meant.rest
    lines = _open_report(event, context, person, quoted, reason)
    return stopping(*lines, discreetly(event, context, text("commands.reported")))


def _quoted(event: MessageReceived, context: Context) -> str:
    """Return the text the report quotes: our own copy if there is one, nothing of the bot's."""
    message = naming.quoted(event, context)
    if message is None:
        return event.quote
    return "" if message.person == BOT else message.text or event.quote


def _reports_today(context: Context) -> int:
    return context.store.count(
        Task, community=context.community, kind="report", target=str(context.person_id),
        created_at__gt=context.now - DAY_MS,
    )  # fmt: skip


def _open_report(
    event: MessageReceived, context: Context, person: Person | None, quoted: str, reason: str
) -> tuple[Action, ...]:
    key = "commands.report-task" if quoted else "commands.report-member-task"
    if person is None:
        key = "commands.report-unnamed-task"
    verdict = _judged(event, context, quoted) if quoted else ""

    def words(number: int) -> str:
        told = text(
            key, name=people.shown(person), group=places.title(context, context.group_id),
            verdict=verdict, text=excerpt(quoted), number=number,
        )  # fmt: skip
        why = (text("appeals.reason", text=excerpt(reason)),) if reason else ()
        return "\n".join((told, *why))

    subject = person.id if person else 0
    return tasks.open_task(
        context, kind="report", to="staff", person=subject, target=str(context.person_id),
        about=f"report:{context.group_id}:{subject}:{fingerprint(quoted)}", words=words,
        group=context.group_id,
    )  # fmt: skip


def _judged(event: MessageReceived, context: Context, quoted: str) -> str:
    """Return in words what the rules say to the quoted text."""
    verdicts = context.book.rules.judge(
        Utterance(text=quoted, normal=normalise(quoted), at=event.at), REPETITION
    )
    if not verdicts or not verdicts[0].violated:
        return text("commands.report-clear")
    return moderation.rule_name(context, verdicts[0].rule)
