"""Reports of what others wrote: staff look at it, one yes or no, and nobody learns who asked.

A report never strikes by itself. Who reports too much, or what is found groundless again and
again, is asked to wait; what several members report is one task.
"""

from dataclasses import replace
from typing import Final, NamedTuple

from handlers.moderation import doubts, learning, moderation
from handlers.moderation.passages import passage
from handlers.people import people, places
from handlers.ports import Context, Outcome
from handlers.recognition import recognition
from handlers.replies import confidential, discreetly, excerpt, privately, stopping
from handlers.tasks import tasks
from handlers.threads import naming
from sop import channels
from sop.actions import Action
from sop.detectors.detect_behaviour import REPETITION
from sop.detectors.verdicts import Utterance, Verdict
from sop.events import MessageReceived
from sop.model import BOT, Group, Message, Person, Report, Strike, Task
from sop.text import fingerprint, normalise
from sop.texts import text
from sop.times.durations import DAY_MS

KIND: Final = "report"
"""The kind of task about a message of a member: staff say whether it broke the rules."""

LOOK: Final = "report-look"
"""The kind of task about what can only be looked at: behaviour, or a text nobody heard."""

REMEMBERED_MS: Final = 30 * DAY_MS
"""How long a groundless report counts against who sent it."""

SAME_PERSON: Final = 2
"""Open reports about one person by one reporter; more of them say nothing new."""

MANY: Final = 3
"""Reporters of one thing from which on the owner is told that it is not one voice."""


class Matter(NamedTuple):
    """What is reported: of whom, in which message as far as it was heard, and why."""

    person: Person | None
    message: Message | None
    quoted: str
    reason: str


def report(event: MessageReceived, context: Context, argument: str) -> Outcome:
    """Have a quoted text, or a member, looked at by staff; nobody learns who asked for it."""
    matter, problem = _matter(event, context, argument)
    if problem:
        return stopping(confidential(privately(problem)))
    # The message may not be quoted again in private: nobody is sent there to say it once more.
    known = _dealt_with(context, matter) or _too_many(context, matter.person)
    lines = () if known else _bring(event, context, matter)
    words = known or text("commands.reported")
    return stopping(*lines, confidential(discreetly(event, context, words)))


def _matter(event: MessageReceived, context: Context, argument: str) -> tuple[Matter, str]:
    """Return what is reported, or what to answer instead."""
    message = naming.quoted(event, context)
    quoted = quoted_text(event, message)
    found = Matter(naming.author(event, context), message if quoted else None, quoted, argument)
    if naming.points(event, context, argument):
        meant = naming.resolve(event, context, argument)
        if meant.person is None:
            return found, meant.problem
        found = found._replace(person=meant.person, reason=meant.rest)
    elif not quoted:
        return found, text("commands.report-form")
    if found.person is not None and found.person.id == context.person_id:
        return found, text("commands.report-self")
    return found, ""


def is_report(event: MessageReceived, context: Context) -> bool:
    """Tell whether a message reports something: staff see it, and its words are about others.

    It is not judged, since a question about it would show who reports.
    """
    command = recognition.recognise(event, context)
    if command is None or command.name not in ("report", "advert"):
        return False
    quotes = bool(event.quote or event.quote_id)
    return quotes or naming.points(event, context, command.argument)


def quoted_text(event: MessageReceived, message: Message | None) -> str:
    """Return the text that is quoted: our own copy if there is one, nothing of the bot's."""
    if message is None:
        return event.quote
    return "" if message.person == BOT else message.text or event.quote


def _dealt_with(context: Context, matter: Matter) -> str:
    """Say that a message was struck, or people have answered for it; empty where neither is so."""
    said = matter.message
    if said is None:
        return ""
    struck = context.store.find(
        Strike, community=context.community, group=context.group_id, source=said.message_id,
        at=said.at, observed=False,
    )  # fmt: skip
    if any(not each.reversed_at for each in struck):
        return text("commands.report-dealt")
    answered = struck or context.store.count(
        Task, community=context.community, group=context.group_id, kind=KIND,
        target=_target(said), status__in=("approved", "rejected"),
    )  # fmt: skip
    return text("commands.report-answered") if answered else ""


def _target(message: Message) -> str:
    return f"{message.at} {message.message_id}"


def _too_many(context: Context, person: Person | None) -> str:
    """Say why no more is taken from this reporter at present; empty where it is."""
    limits = context.book.pack.rules.reports
    sent = context.store.find(
        Report, community=context.community, reporter=context.person_id,
        at__gt=context.now - REMEMBERED_MS,
    )  # fmt: skip
    groundless = sum(each.status == "groundless" for each in sent)
    allowed = 1 if groundless >= limits.groundless else limits.per_day
    if sum(each.at > context.now - DAY_MS for each in sent) >= allowed:
        return text("commands.report-enough")
    about = [_subject(context, each) for each in sent if each.status == "open"]
    if person is not None and about.count(person.id) >= SAME_PERSON:
        return text("commands.report-known")
    return ""


def _subject(context: Context, sent: Report) -> int:
    task = context.store.get(Task, context.community, sent.task)
    return task.person if task is not None else 0


def _bring(event: MessageReceived, context: Context, matter: Matter) -> tuple[Action, ...]:
    subject = matter.person.id if matter.person else 0
    about = f"report:{context.group_id}:{subject}:{fingerprint(matter.quoted)}"
    known = tasks.find_open(context, about)
    if known is not None:
        return _join(context, known)
    lines = _open(event, context, matter, about)
    opened = tasks.find_open(context, about)
    assert opened is not None
    _note(context, opened)
    return lines


def _note(context: Context, task: Task) -> None:
    context.store.put(
        Report(
            community=context.community, id=context.store.number(context.community, "report"),
            reporter=context.person_id, task=task.id, at=context.now,
        )
    )  # fmt: skip


def _join(context: Context, task: Task) -> tuple[Action, ...]:
    """Add one more voice to what is open; the owner hears of it when there are several."""
    voices = _reports_of(context, task)
    if any(each.reporter == context.person_id for each in voices):
        return ()
    _note(context, task)
    if len(voices) + 1 != MANY:
        return ()
    words = text("commands.report-many", count=MANY, number=task.id, text=task.text)
    person = people.current(context.store, context.community, task.person)
    to = task.to if people.role_of(person, context.group) == "owner" else "owner"
    return (Action(do="dm", group=task.group, to=to, text=words),)


def _reports_of(context: Context, task: Task) -> list[Report]:
    return list(context.store.find(Report, community=context.community, task=task.id, order="id"))


def _open(
    event: MessageReceived, context: Context, matter: Matter, about: str
) -> tuple[Action, ...]:
    message, person, quoted = matter.message, matter.person, matter.quoted
    met = _judged(event, context, quoted) if quoted else None
    rule = met.rule if met else ""
    decidable = message is not None and person is not None
    decidable = decidable and not people.is_staff(person, context.group)
    verdict = moderation.rule_name(context, rule) if rule else text("commands.report-clear")
    if met is not None and not met.violated:
        verdict = text("commands.report-unsure", rule=verdict)
    key = "commands.report-said-task" if quoted else "commands.report-member-task"
    if person is None:
        key = "commands.report-unnamed-task"
    if decidable:
        key = "commands.report-task"

    def words(number: int) -> str:
        told = text(
            key, name=people.shown(person), group=places.title(context, context.group_id),
            verdict=verdict, text=passage(quoted, met) if met else excerpt(quoted), number=number,
        )  # fmt: skip
        why = (text("appeals.reason", text=excerpt(matter.reason)),) if matter.reason else ()
        return "\n".join((told, *why))

    return tasks.open_task(
        context, kind=KIND if decidable else LOOK, to=_looks(context, person),
        person=person.id if person else 0, rule=rule, about=about, words=words,
        target=_target(message) if message else "", group=context.group_id,
    )  # fmt: skip


def _looks(context: Context, person: Person | None) -> str:
    """Return who looks at what somebody did: for staff the owner, for the owner staff if any."""
    whose = {"owner": "staff" if tasks.has_others(context.group) else "owner", "staff": "owner"}
    return whose.get(people.role_of(person, context.group), "staff")


def _judged(event: MessageReceived, context: Context, quoted: str) -> Verdict | None:
    """Return the verdict of the rule that the quoted text breaks, or may break."""
    verdicts = context.book.rules.judge(
        Utterance(
            text=quoted, normal=normalise(quoted), at=event.at, known=learning.known(context)
        ),
        REPETITION,
    )
    return next((each for each in verdicts if each.violated), None) or next(
        (each for each in verdicts if each.doubtful), None
    )


def decide(context: Context, task: Task, choice: str) -> tuple[Action, ...]:
    """Carry out what staff say of a reported message, and tell those who reported it."""
    group = context.store.get(Group, context.community, task.group)
    person = people.current(context.store, context.community, task.person)
    at, _, message_id = task.target.partition(" ")
    said = moderation.Said(int(at), message_id)
    lines = doubts.learn(context, task, said, choice)
    if choice == "approve" and group is not None and person is not None:
        rule = task.rule or moderation.BY_HAND
        lines += moderation.strike(context, group, person, rule, event=said)
    status = "founded" if choice == "approve" else "groundless"
    return (*lines, *_tell(context, task, group, status))


def seen(context: Context, task: Task, choice: str) -> tuple[Action, ...]:
    """Tell those who reported it that staff have looked."""
    del choice
    group = context.store.get(Group, context.community, task.group)
    return _tell(context, task, group, "seen")


def _tell(context: Context, task: Task, group: Group | None, status: str) -> tuple[Action, ...]:
    """Close the reports, and thank each reporter alone; what came of it is the member's own."""
    reports = [each for each in _reports_of(context, task) if each.status == "open"]
    for each in reports:
        context.store.put(replace(each, status=status))
    if group is None or not channels.can(group.channels, "dm"):
        return ()
    words = text(f"commands.reported-{status}")
    return tuple(
        confidential(Action(do="dm", group=group.id, to=to, member=to, text=words))
        for to in (str(each.reporter) for each in reports)
    )
