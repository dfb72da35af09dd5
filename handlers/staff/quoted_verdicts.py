"""What staff say of a message they quote: an advert, or fine. It is learned, and acted on at once.

A quote is text alone: where nobody can be sure who said it, the text is learned, and nobody is
struck but whom staff name themselves.
"""

from collections.abc import Sequence
from typing import Final, NamedTuple

from handlers.moderation import amends, clemency, doubts, earned, learning, moderation, reporting
from handlers.moderation.moderation import Said
from handlers.people import people, places
from handlers.ports import Context, Outcome
from handlers.recognition import recognition
from handlers.replies import aside, can_whisper, discreetly, privately, stopping
from handlers.staff import consequences, task_commands
from handlers.tasks import tasks
from handlers.threads import naming
from sop.actions import Action
from sop.events import MessageReceived
from sop.model import BOT, Group, Message, Person, Strike, Task
from sop.text import fingerprint
from sop.texts import text

ASKED: Final = (doubts.KIND, reporting.KIND, reporting.LOOK)
"""Kinds of tasks that ask about a message what is said here without being asked."""

MOST_ALIKE: Final = 100
"""Messages of the same text looked at."""


class Quoted(NamedTuple):
    """What is quoted in which group: its text, and our copy of it as far as it was heard."""

    group: Group
    text: str
    message: Message | None

    @property
    def source(self) -> str:
        """Name what was said, as strikes and learned texts do."""
        if self.message is not None:
            return self.message.message_id
        return f"quote:{fingerprint(self.text)}"


def advert(event: MessageReceived, context: Context, argument: str) -> Outcome:
    """Learn a quoted advert, and strike who said it or is named; of a member it is a report."""
    if _quotes_question(event, context):
        return task_commands.approve(event, context, "")
    if event.group and not people.is_staff(context.person, context.group):
        return reporting.report(event, context, argument)
    context, problem = _placed(context, "advert")
    found = None if problem else _quoted(event, context)
    if found is None:
        return stopping(privately(problem or text("commands.judge-form")))
    meant = naming.Meant(person=naming.author(event, context))
    if naming.points(event, context, argument):
        meant = naming.resolve(event, context, argument)
    if people.is_staff(meant.person, found.group):
        return stopping(privately(text("commands.exempt", name=people.shown(meant.person))))
    return _confirmed(event, context, found, meant)


def _confirmed(
    event: MessageReceived, context: Context, found: Quoted, meant: naming.Meant
) -> Outcome:
    person = meant.person
    learned = learning.teach(
        context, found.text, is_advert=True, by=context.person_id, source=found.source
    )
    told = text("commands.judged-advert" if learned else "commands.judged-once")
    lines = _strike(event, context, found, person) if person else ()
    settled = _settle(context, found, "approve")
    if person is None:
        why = meant.problem or text("commands.judged-nobody")
        return stopping(
            *settled, aside(event, context, told + why if can_whisper(event, context) else told)
        )
    key = "commands.judged-struck" if lines else "commands.judged-before"
    told += text(key, name=people.shown(person))
    return stopping(*lines, *settled, discreetly(event, context, told))


def fine(event: MessageReceived, context: Context, argument: str) -> Outcome:
    """Learn that a quoted message is fine, and take back with an apology what it brought.

    Where it brought nothing, the word is talk unless it was said to the bot.
    """
    del argument
    if _quotes_question(event, context):
        return task_commands.reject(event, context, "")
    context, problem = _placed(context, "fine")
    found = None if problem else _quoted(event, context)
    strikes = _strikes(context, found) if found else ()
    asked = _questions(context, found) if found else ()
    if not (strikes or asked or recognition.addressed(event)):
        return Outcome()
    if found is None:
        return stopping(privately(problem or text("commands.judge-form")))
    before = learning.known(context)
    lines = tuple(line for each in strikes for line in clemency.forgive(context, each))
    rules = [each.rule for each in (*strikes, *asked) if each.rule]
    # What broke another rule says nothing about adverts.
    learned = (not rules or any(learning.is_advert_rule(context, rule) for rule in rules)) and (
        learning.teach(
            context, found.text, is_advert=False, by=context.person_id, source=found.source
        )
    )
    settled = _settle(context, found, "reject")
    forgiven = clemency.once(*lines, *_paid(context, found), *amends.make(context, before))
    told = text("commands.judged-undone" if strikes else "commands.judged-fine")
    if learned:
        told += text("commands.judged-known")
    return stopping(*forgiven, *settled, discreetly(event, context, told))


def _paid(context: Context, found: Quoted) -> tuple[Action, ...]:
    """Pay what it has lost as a breach that brought no strike, because one was under way."""
    said = found.message
    person = people.current(context.store, context.community, said.person) if said else None
    if said is None or person is None:
        return ()
    return earned.give_back(context, person.id, said.at, said.message_id)


def _quotes_question(event: MessageReceived, context: Context) -> bool:
    """Tell whether the bot's own question is quoted: the word is the answer to it."""
    task = task_commands.quoted(event, context)
    return task is not None and task.kind in (doubts.KIND, reporting.KIND)


def _placed(context: Context, name: str) -> tuple[Context, str]:
    """Return the context in a group where the person is staff, or what to ask instead."""
    if context.group is not None:
        return context, ""
    return places.only_one(context, staff=True, word=context.book.words.shown(name))


def _quoted(event: MessageReceived, context: Context) -> Quoted | None:
    assert context.group is not None
    message = naming.quoted(event, context)
    said = reporting.quoted_text(event, message)
    return Quoted(context.group, said, message) if said else None


def _strike(
    event: MessageReceived, context: Context, found: Quoted, person: Person
) -> tuple[Action, ...]:
    """Strike for it by the ladder, unless that was done."""
    theirs = [each for each in _strikes(context, found) if each.person == person.id]
    if any(found.message is None or each.source == found.source for each in theirs):
        return ()
    checks = context.book.pack.rules.checks
    rule = next((each.id for each in checks if each.detect == "ads"), moderation.BY_HAND)
    at = found.message.at if found.message else event.at
    return moderation.strike(context, found.group, person, rule, event=Said(at, found.source))


def _strikes(context: Context, found: Quoted) -> Sequence[Strike]:
    """Return what it brought; where several said the same, or who did is unclear, to all of them.

    Other rules than those about adverts may be broken by one and not by the other.
    """
    alike = context.store.find(
        Message, community=context.community, group=found.group.id, person__ne=BOT,
        fingerprint=fingerprint(found.text), at__gt=context.now - amends.WITHIN_MS, order="-at",
        limit=MOST_ALIKE,
    )  # fmt: skip
    strikes = context.store.find(
        Strike, community=context.community, group=found.group.id, observed=False, reversed_at=0,
        source__in=[found.source, *(each.message_id for each in alike)],
    )  # fmt: skip
    return [
        each
        for each in strikes
        if found.message is None
        or each.source == found.source
        or learning.is_advert_rule(context, each.rule)
    ]


def _questions(context: Context, found: Quoted) -> list[Task]:
    """Return what people are asked about it at present: about a text that was only shown, too."""
    said = found.message
    place = f"{said.at} {said.message_id}" if said else None
    mark = fingerprint(found.text)
    asked = context.store.find(
        Task, community=context.community, group=found.group.id, status="open", kind__in=ASKED
    )
    return [
        each
        for each in asked
        if each.target == place or (each.kind == reporting.LOOK and each.about.endswith(mark))
    ]


def _settle(context: Context, found: Quoted, choice: str) -> tuple[Action, ...]:
    """Answer what people are asked about it: they need not say it twice, and reporters hear."""
    lines: tuple[Action, ...] = ()
    for each in _questions(context, found):
        looked = each.kind == reporting.LOOK
        follow = consequences.DONE if looked else consequences.TABLE
        answer = "done" if looked else choice
        lines += tasks.answer(context, each, answer, context.person_id, follow)
    return lines
