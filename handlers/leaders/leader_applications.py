"""Becoming a leader begins with 申请: refused with the reason, or looked at by staff."""

from dataclasses import replace
from typing import Final

from handlers.leaders import leader_questions, leader_terms, leader_votes, volunteers
from handlers.ledger.facts import StoredFacts
from handlers.people import leader_records, letters, people, reviews
from handlers.people.leader_records import APPLIED, CANDIDATE, OVER, REFUSED
from handlers.ports import Context, Outcome
from handlers.replies import privately, stopping
from handlers.tasks import tasks
from sop.actions import Action
from sop.events import MessageReceived
from sop.model import Group, Leader, Person, Task
from sop.pack import conditions
from sop.pack.pack_people import Leaders
from sop.standing import layers, offices
from sop.texts import text
from sop.times.durations import DAY_MS

KIND: Final = "leader-application"
"""The kind of task by which staff look at an application."""

REMIND_MS: Final = 2 * DAY_MS


def apply(event: MessageReceived, context: Context, argument: str) -> Outcome:
    """Apply for leading in this group, or for a duty of volunteers that is named."""
    leaders, group, person = context.book.pack.leaders, context.group, context.person
    if group is None or person is None:
        return Outcome()
    if leaders is None:
        return stopping(privately(text("leaders.none")))
    if not (leaders.tiers and offices.leads(argument)):
        return volunteers.apply(event, context, argument)
    known = _known(context, person)
    obstacle = _obstacle(known, person, group)
    if obstacle:
        return stopping(
            _line(person, group, "refused", obstacle), privately(text(f"leaders.no-{obstacle}"))
        )
    facts = StoredFacts(context, group, person)
    ruling = conditions.ruling(leaders.apply, facts)
    if ruling.holds is False:
        return stopping(*_refused(context, group, person, known, leaders, facts))
    return stopping(*_applied(context, group, person, known, leaders, facts))


def _known(context: Context, person: Person) -> Leader | None:
    """Return how far somebody is; what began in a group that is bound no longer ends here."""
    found = leader_records.of(context, person.id)
    if found is None or found.status not in CANDIDATE:
        return found
    group = context.store.get(Group, context.community, found.group)
    if group is not None and not group.retired:
        return found
    leader_questions.end(context, person.id)
    return replace(found, status=REFUSED)


def _obstacle(known: Leader | None, person: Person, group: Group) -> str:
    """Why nothing else matters, as the end of a text's key; empty where it does."""
    if people.is_staff(person, group):
        return "staff"
    if known is not None and known.status in CANDIDATE:
        return "pending"
    return "leading" if known is not None and known.status not in OVER else ""


def _line(person: Person, group: Group, what: str, reason: str = "") -> Action:
    return Action(do="leader", group=group.id, member=str(person.id), text=what, reason=reason)


def _fresh(context: Context, group: Group, person: Person, known: Leader | None) -> Leader:
    found = known or leader_records.fresh(context, person.id, group.id)
    return replace(found, group=group.id, tier="", failed=0)


def _refused(
    context: Context, group: Group, person: Person, known: Leader | None, leaders: Leaders,
    facts: StoredFacts,
) -> tuple[Action, ...]:  # fmt: skip
    figures = tuple(
        reviews.figure_words(context, each) for each in layers.missing(leaders.apply, facts)
    )
    line = leader_records.change(
        context, _fresh(context, group, person, known), "refused", reason="condition",
        figures=figures,
    )  # fmt: skip
    reasons = text("leaders.joiner").join(figures) or text("leaders.other-condition")
    return (line, privately(text("leaders.refused", name=people.addressed(person), why=reasons)))


def _applied(
    context: Context, group: Group, person: Person, known: Leader | None, leaders: Leaders,
    facts: StoredFacts,
) -> tuple[Action, ...]:  # fmt: skip
    figures = tuple(
        reviews.figure_words(context, each) for each in layers.figures(leaders.apply, facts)
    )
    line = leader_records.change(
        context, _fresh(context, group, person, known), "applied", figures=figures, status=APPLIED
    )
    reasons = text("leaders.joiner").join(figures) or text("leaders.no-figures")
    if conditions.ruling(leaders.apply, facts).holds is None:
        reasons += text("leaders.partly-known")
    what = text("leaders.then-vote" if leaders.vote is not None else "leaders.then-probation")
    opened = tasks.open_task(
        context, kind=KIND, to=tasks.deciders(group), group=group.id,
        about=leader_questions.about(leader_questions.APPLICATION, person.id), person=person.id,
        due_at=context.now + REMIND_MS,
        words=lambda number: text(
            "leaders.application", name=people.shown(person), group=group.title or group.id,
            reasons=reasons, then=what, number=number,
        ),
    )  # fmt: skip
    words = [text("leaders.applied", name=people.addressed(person))]
    if leaders.charter.strip():
        words.append(text("leaders.charter", charter=leaders.charter.strip()))
    return (line, *opened, privately("\n".join(words)))


def decide(context: Context, task: Task, choice: str) -> tuple[Action, ...]:
    """Let the members vote on an application (or begin at once), or tell that it is not now."""
    found = leader_records.of(context, task.person)
    person = people.current(context.store, context.community, task.person)
    group = context.store.get(Group, context.community, task.group)
    leaders = context.book.pack.leaders
    if found is None or found.status != APPLIED or person is None or group is None:
        return ()
    if choice == "reject" or leaders is None or not people.is_present(context, group, person):
        reason = "staff" if choice == "reject" else "left"
        line = leader_records.change(
            context, found, "rejected", reason=reason, by=task.closed_by, status=REFUSED
        )
        words = text("leaders.rejected-staff", name=people.addressed(person))
        told = letters.tell(context, person, words, group.id)
        return (line, *(told if choice == "reject" else ()))
    if leaders.vote is None:
        return leader_terms.elect(context, found, person, by=task.closed_by)
    leader_votes.plan(context, found)
    return ()
