"""Asking newcomers: in private, one question at a time, once more if need be; else people do.

All that waits is a planned occurrence: a restart forgets nothing, and nobody is asked at night.
"""

from dataclasses import replace
from typing import Final

from handlers import overrides
from handlers.admission import admitting
from handlers.limits import budgets
from handlers.people import people
from handlers.ports import Context, Outcome
from handlers.replies import privately, stopping
from handlers.tasks import tasks
from handlers.timing import deadlines, scheduling
from sop import channels
from sop.actions import Action
from sop.activities import admissions
from sop.events import MessageReceived, StepDue
from sop.model import Group, Member, Newcomer, Occurrence, Person
from sop.pack.pack_people import Admission
from sop.texts import text
from sop.times import quiet
from sop.times.durations import DAY_MS

ASK: Final = "ask-newcomer"
"""The kind of occurrence at which a newcomer is asked, reminded, and given over to people."""

REMIND_MS: Final = DAY_MS
"""Who has not answered is asked once more after this time."""

GIVE_UP_MS: Final = 3 * DAY_MS
"""After this time people are to see to whoever has not answered."""

LONGEST_ANSWER: Final = 500
"""Characters of an answer that are kept."""

_STILL_HEARD: Final = frozenset({admissions.ASKED, admissions.WAITING})


def begin(
    context: Context, group: Group, person: Person, member: Member, before: Member | None = None
) -> tuple[Action, ...]:
    """Ask somebody who has just joined, once in the community; who was admitted stays so.

    So does who was in the group `before` anybody was asked, and is back.
    """
    wanted = context.in_force.pack.admission
    trusted = people.role_of(person, group) != "member" or person.layer == "core"
    if wanted is None or trusted or group.kind == "core":
        return ()
    if _is_known(context, group, person, before):
        return ()
    newcomer = Newcomer(
        community=context.community, person=person.id, group=group.id, at=member.joined_at,
        status=admissions.ASKED, asked=1 if wanted.questions else 0,
    )  # fmt: skip
    context.store.put(newcomer)
    if not wanted.questions and wanted.approve == "staff":
        return admitting.hand_over(context, newcomer, "admission.task-unasked")
    if wanted.questions and not _can_ask(group, person):
        return admitting.hand_over(context, replace(newcomer, asked=0), "admission.task-by-hand")
    for cause, after in (("1", 0), ("2", REMIND_MS), ("3", GIVE_UP_MS)):
        if cause == "1" or wanted.questions:
            _plan(context, group, newcomer, cause, after)
    return ()


def _is_known(context: Context, group: Group, person: Person, before: Member | None) -> bool:
    """Tell whether somebody was let in, or is asked in another group; a trial goes on here."""
    known = context.store.get(Newcomer, context.community, person.id)
    if known is None:
        return before is not None and not before.came_at
    if known.status == admissions.REFUSED:
        return False
    elsewhere = known.group != group.id and _is_there(context, known)
    if known.status == admissions.TRIAL and not elsewhere:
        admitting.come_back(context, known, group)
    return elsewhere or known.status in (admissions.TRIAL, admissions.FULL)


def _is_there(context: Context, newcomer: Newcomer) -> bool:
    member = context.store.get(Member, context.community, newcomer.group, newcomer.person)
    return member is not None and not member.left_at


def _plan(context: Context, group: Group, newcomer: Newcomer, cause: str, after: int) -> None:
    hours = overrides.quiet_of(context, group)
    due = quiet.quiet_end(hours, context.now + after, context.book.zone)
    scheduling.plan(
        context, group.id, ASK, due, subject=str(newcomer.person),
        cause=f"{cause}:{newcomer.at}",
    )  # fmt: skip


def _can_ask(group: Group, person: Person) -> bool:
    return channels.can(group.channels, "dm") and not person.nudges_off


def due(event: StepDue, context: Context) -> Outcome:
    """Ask, ask once more, or let people see to a newcomer who has not answered."""
    occurrence = deadlines.pending(event, context)
    if occurrence is None:
        return Outcome()
    context.store.put(replace(occurrence, status="done"))
    newcomer = _asked(context, occurrence)
    wanted = context.in_force.pack.admission
    if newcomer is None or wanted is None:
        return Outcome()
    group = context.store.get(Group, context.community, newcomer.group)
    if group is None or group.retired:
        return Outcome()
    if not newcomer.asked:
        return Outcome(admitting.admit(context, newcomer))
    turn = event.cause.partition(":")[0]
    if turn == "3":
        key = "admission.task-partly" if newcomer.answers else "admission.task-silent"
        return Outcome(admitting.hand_over(context, newcomer, key))
    return Outcome(_question(context, group, newcomer, wanted, again=turn == "2"))


def _asked(context: Context, occurrence: Occurrence) -> Newcomer | None:
    """Return the newcomer it is about, while they are there and have still to answer."""
    newcomer = context.store.get(Newcomer, context.community, int(occurrence.subject))
    if newcomer is None or newcomer.status != admissions.ASKED:
        return None
    present = _is_there(context, newcomer)
    return newcomer if present and occurrence.cause.endswith(f":{newcomer.at}") else None


def _question(
    context: Context, group: Group, newcomer: Newcomer, wanted: Admission, *, again: bool
) -> tuple[Action, ...]:
    person = context.store.get(Person, context.community, newcomer.person)
    if person is None or newcomer.asked > len(wanted.questions) or person.nudges_off:
        return ()
    words = text(
        "admission.remind" if again else "admission.hello", name=people.addressed(person),
        group=group.title or group.id, count=len(wanted.questions),
        question=wanted.questions[newcomer.asked - 1].ask,
    )  # fmt: skip
    to = str(person.id)
    line = Action(do="dm", group=group.id, to=to, member=to, text=words)
    return budgets.charge(context, group, (line,)) if again else (line,)


def hear(event: MessageReceived, context: Context) -> Outcome:
    """Take what a newcomer writes in private for the answer to the question they were asked.

    Who was asked to say more has answered with all of it together. An answer that comes after
    people were to see to it is one, too, as long as they have not.
    """
    wanted = context.in_force.pack.admission
    newcomer = context.store.get(Newcomer, context.community, context.person_id)
    if wanted is None or newcomer is None or newcomer.status not in _STILL_HEARD:
        return Outcome()
    if not 0 < newcomer.asked <= len(wanted.questions):
        return Outcome()
    question, before = wanted.questions[newcomer.asked - 1], newcomer.answers[: newcomer.asked - 1]
    parts = (*newcomer.answers[len(before) :], event.text.strip())
    said = text("admission.joiner").join(parts)[:LONGEST_ANSWER]
    fits = admissions.will_do(question, said)
    newcomer = replace(newcomer, answers=(*before, said))
    if not fits and not newcomer.again:
        context.store.put(replace(newcomer, again=True))
        return stopping(privately(text("admission.again", question=question.ask)))
    answered = replace(
        newcomer, asked=newcomer.asked + 1, again=False, passed=newcomer.passed + int(fits)
    )
    context.store.put(answered)
    if answered.asked <= len(wanted.questions):
        following = wanted.questions[answered.asked - 1].ask
        return stopping(privately(text("admission.next", question=following)))
    return _finish(context, answered, wanted)


def _finish(context: Context, newcomer: Newcomer, wanted: Admission) -> Outcome:
    """Let a newcomer in whose answers all do, where nobody else is to say so."""
    if wanted.approve == "auto" and newcomer.passed == len(wanted.questions):
        tasks.void(context, admitting.about(newcomer.person))
        return stopping(
            *admitting.admit(context, newcomer, told=False),
            privately(admitting.welcome(context, newcomer)),
        )
    return stopping(
        *admitting.hand_over(context, newcomer, "admission.task"),
        privately(text("admission.received")),
    )
