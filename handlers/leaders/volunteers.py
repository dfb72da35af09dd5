"""Members who help as staff for a term: they ask, staff say yes, and the term ends by itself."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from handlers.ledger.facts import StoredFacts
from handlers.people import leader_records, letters, people
from handlers.ports import Context, Outcome
from handlers.replies import privately, stopping
from handlers.tasks import tasks
from handlers.timing import deadlines, scheduling
from sop.actions import Action
from sop.events import MessageReceived, StepDue
from sop.model import Group, Person, Task, Volunteer
from sop.pack.pack_people import Leaders, StaffRole
from sop.standing import offices
from sop.texts import text
from sop.times import localtime
from sop.times.durations import DAY_MS

KIND: Final = tasks.RIGHTS

TERM: Final = "volunteer-term"
"""The kind of occurrence that is the end of a term."""

REMIND_MS: Final = 2 * DAY_MS

STAFF: Final = "staff"


def apply(event: MessageReceived, context: Context, argument: str) -> Outcome:
    """Ask to help as staff for a term, by the duty's name or as the only one there is."""
    del event
    leaders, group, person = context.book.pack.leaders, context.group, context.person
    if leaders is None or group is None or person is None:
        return Outcome()
    found = _meant(leaders.staff, argument)
    if found is None:
        return stopping(privately(_which(context, leaders)))
    duty, wanted = found
    obstacle = _obstacle(context, group, person, duty, wanted)
    line = Action(
        do="leader", group=group.id, member=str(person.id), reason=duty,
        text="refused" if obstacle else "applied",
    )  # fmt: skip
    if obstacle:
        return stopping(line, privately(obstacle))
    context.store.put(
        Volunteer(
            community=context.community, person=person.id, duty=duty, group=group.id,
            status="applied", since=context.now,
        )
    )  # fmt: skip
    words = text(
        "leaders.volunteer-applied", name=people.addressed(person), role=offices.title(duty)
    )
    return stopping(line, *_ask(context, group, person, duty, wanted), privately(words))


def _meant(roles: Mapping[str, StaffRole], argument: str) -> tuple[str, StaffRole] | None:
    chosen = offices.duties_named(roles, argument) if argument else list(roles)
    return (chosen[0], roles[chosen[0]]) if len(chosen) == 1 else None


def _which(context: Context, leaders: Leaders) -> str:
    """Say what can be applied for."""
    titles = [offices.title(each) for each in leaders.staff]
    word = context.book.words.shown("apply")
    lead = text("leaders.or-lead", word=word) if leaders.tiers else ""
    if not titles:
        return lead or text("leaders.none")
    return lead + text(
        "leaders.volunteer-which", titles=text("people.joiner").join(titles),
        example=f"{word} {titles[0]}",
    )  # fmt: skip


def _obstacle(context: Context, group: Group, person: Person, duty: str, wanted: StaffRole) -> str:
    """Why somebody cannot help now, in words for them; empty where they can."""
    known = context.store.get(Volunteer, context.community, person.id, duty)
    if known is not None and known.status == "applied":
        return text("leaders.no-pending")
    if people.is_staff(person, group):
        return text("leaders.no-staff")
    facts = StoredFacts(context, group, person)
    if wanted.level is None or facts.level_reached(wanted.level):
        return ""
    levels = {each.id: each.title for each in context.book.pack.levels}
    return text(
        "leaders.volunteer-level", role=offices.title(duty), level=levels.get(wanted.level, "")
    )


def _ask(
    context: Context, group: Group, person: Person, duty: str, wanted: StaffRole
) -> tuple[Action, ...]:
    days = (wanted.term_ms or 0) // DAY_MS
    term = text("leaders.term", days=days) if days else text("leaders.no-term")
    return tasks.open_task(
        context, kind=KIND, to=tasks.deciders(group), group=group.id,
        person=person.id, target=duty, about=f"volunteer:{person.id}:{duty}",
        due_at=context.now + REMIND_MS,
        words=lambda number: text(
            "leaders.volunteer-task", name=people.shown(person), role=offices.title(duty),
            group=group.title or group.id, term=term, number=number,
        ),
    )  # fmt: skip


def decide(context: Context, task: Task, choice: str) -> tuple[Action, ...]:
    """Let somebody help from now on, until the end of the term."""
    found = context.store.get(Volunteer, context.community, task.person, task.target)
    person = people.current(context.store, context.community, task.person)
    pack = context.book.pack.leaders
    wanted = pack.staff.get(task.target) if pack is not None else None
    if found is None or found.status != "applied" or person is None:
        return ()
    if choice == "reject" or wanted is None:
        context.store.put(replace(found, status="ended", since=context.now))
        words = text(
            "leaders.volunteer-rejected", name=people.addressed(person),
            role=offices.title(found.duty),
        )  # fmt: skip
        line = _line(found, "rejected")
        return (line, *letters.tell(context, person, words, found.group))
    return _begun(context, found, person, wanted)


def _begun(
    context: Context, found: Volunteer, person: Person, wanted: StaffRole
) -> tuple[Action, ...]:
    until = context.now + wanted.term_ms if wanted.term_ms else 0
    context.store.put(replace(found, status="serving", since=context.now, until=until))
    context.store.put(replace(person, role=STAFF))
    if until:
        scheduling.plan(
            context, found.group, TERM, until, subject=str(person.id), cause=found.duty
        )
    words = text(
        "leaders.volunteer-begun", name=people.addressed(person), role=offices.title(found.duty),
        term=term_words(context, until), word=context.book.words.shown("tasks"),
    )  # fmt: skip
    line = _line(found, found.duty)
    return (line, *letters.tell(context, person, words, found.group))


def term_words(context: Context, until: int) -> str:
    """Say until when a term lasts; 0: it has no end."""
    if not until:
        return text("leaders.no-term")
    day = localtime.local_date(until, context.book.zone)
    return text("leaders.until", month=day.month, day=day.day)


def _line(found: Volunteer, what: str) -> Action:
    return Action(
        do="leader", group=found.group, member=str(found.person), text=what,
        reason="" if what == found.duty else found.duty,
    )  # fmt: skip


def term_over(event: StepDue, context: Context) -> Outcome:
    """End a term with thanks; who wants to go on says so once more."""
    if not deadlines.settle(event, context):
        return Outcome()
    person = people.current(context.store, context.community, int(event.subject))
    if person is None:
        return Outcome()
    found = context.store.get(Volunteer, context.community, person.id, event.cause)
    if found is None or found.status != "serving" or found.until != event.due_at:
        return Outcome()
    lines = end(context, found, person)
    word = f"{context.book.words.shown('apply')} {offices.title(found.duty)}"
    words = text(
        "leaders.volunteer-over", name=people.addressed(person), role=offices.title(found.duty),
        word=word,
    )  # fmt: skip
    return Outcome((*lines, *letters.tell(context, person, words, found.group)))


def end(context: Context, found: Volunteer, person: Person) -> tuple[Action, ...]:
    """Take back the rights of a term; who leads beside it goes on leading."""
    context.store.put(replace(found, status="ended", since=context.now))
    others = context.store.count(
        Volunteer, community=context.community, person=person.id, status="serving"
    )
    if not others and person.role == STAFF:
        role = leader_records.standing_role(context, person.id)
        context.store.put(replace(person, role=role))
    return (_line(found, "ended"),)


def left(context: Context, person: Person) -> tuple[Action, ...]:
    """End the terms of somebody who is in no group any more."""
    if people.memberships(context, person.id):
        return ()
    return _ended(context, person, ("applied", "serving"))


def withdraw(context: Context, person: Person) -> tuple[Action, ...]:
    """Take back what somebody has applied for and nobody has answered yet."""
    return _ended(context, person, ("applied",))


def _ended(context: Context, person: Person, status: tuple[str, ...]) -> tuple[Action, ...]:
    found = context.store.find(
        Volunteer, community=context.community, person=person.id, status__in=status
    )
    lines: list[Action] = []
    for each in found:
        tasks.void(context, f"volunteer:{person.id}:{each.duty}")
        now = context.store.get(Person, context.community, person.id) or person
        lines.extend(end(context, each, now))
    return tuple(lines)
