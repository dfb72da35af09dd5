"""From elected to a tier and to the end: probation, certification, rising, lowering, farewell.

What is bad news is told to the leader alone, with the figures and one clear next step.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Final

from handlers import overrides
from handlers.leaders import leader_handovers, leader_measures, leader_questions, volunteers
from handlers.people import leader_records, letters, people
from handlers.people.leader_records import CANDIDATE, ENDED, LEADING, PROBATION, REFUSED, SERVING
from handlers.ports import Context, Outcome
from handlers.replies import privately, stopping
from handlers.tasks import tasks
from handlers.timing import deadlines, scheduling
from sop.actions import Action
from sop.events import MessageReceived, StepDue
from sop.model import Group, Leader, Person, Task
from sop.pack.pack_people import Tier
from sop.standing import leaders
from sop.standing.leaders import Figure, Held
from sop.texts import text
from sop.times import localtime, quiet
from sop.told_events import RoleChanged

KIND: Final = "leader-probation"
"""The kind of occurrence that is the end of a probation."""

CERTIFY: Final = leader_questions.CERTIFY
"""The kind of task that asks people to certify where nobody can know the figures."""


def elect(context: Context, leader: Leader, person: Person, *, by: int = 0) -> tuple[Action, ...]:
    """Take somebody on, on probation: what they show in that time decides."""
    elected = leader_records.change(context, leader, "elected", by=by)
    line = leader_records.change(context, leader, "probation", status=PROBATION, failed=0, tier="")
    wanted = context.book.pack.leaders
    length = wanted.probation_ms if wanted is not None else 0
    day = _plan_end(context, leader, length)
    if wanted is None or not length:
        return (elected, line)
    words = text("leaders.probation", name=people.addressed(person), month=day.month, day=day.day)
    first = wanted.tiers[0] if wanted.tiers else None
    words = "\n".join((words, *_brought(context, first)))
    return (elected, line, *letters.tell(context, person, words, leader.group))


def _plan_end(context: Context, leader: Leader, length: int) -> date:
    """Plan to look at somebody on probation after so long (ms), by day; returns the local date."""
    due = context.now + length
    group = context.store.get(Group, context.community, leader.group)
    hours = overrides.quiet_of(context, group) if group is not None else None
    scheduling.plan(
        context, leader.group, KIND, due, subject=str(leader.person),
        run_at=quiet.quiet_end(hours, due, context.book.zone),
    )  # fmt: skip
    return localtime.local_date(due, context.book.zone)


def _brought(context: Context, tier: Tier | None) -> Sequence[str]:
    """Say what a tier brings and what it asks for."""
    pack = context.book.pack
    if tier is None or pack.leaders is None:
        return ()
    lines = []
    titles = [found.title for each in tier.benefits if (found := pack.benefit(each))]
    if titles:
        joined = text("people.joiner").join(titles)
        lines.append(text("leaders.brings", tier=tier.title, titles=joined))
    owed = leaders.duties(pack.leaders, tier.id)
    if owed:
        parts = [leader_measures.owed_words(name, rate) for name, rate in owed.items()]
        lines.append(text("leaders.owes", duties=text("leaders.joiner").join(parts)))
    return lines


def probation_over(event: StepDue, context: Context) -> Outcome:
    """Certify who keeps the first tier; the first time that falls short is not the last word."""
    if not deadlines.settle(event, context):
        return Outcome()
    person = people.current(context.store, context.community, int(event.subject))
    leader = leader_records.of(context, person.id) if person is not None else None
    wanted = context.book.pack.leaders
    if person is None or leader is None or leader.status != PROBATION or wanted is None:
        return Outcome()
    if not wanted.tiers:
        return Outcome()
    held = leaders.held(wanted.tiers[0].keep, leader_measures.of(context, person))
    if held.holds:
        return Outcome(_certified(context, leader, person, held.figures))
    if held.holds is None:
        return Outcome(_ask_people(context, leader, person, held))
    if leader.failed:
        return Outcome(end(context, leader, person, "keep", held=held))
    lines = warn(context, leader, person, held)
    _plan_end(context, leader, wanted.probation_ms or leaders.WINDOW_MS)
    return Outcome(lines)


def _certified(
    context: Context, leader: Leader, person: Person, figures: Sequence[Figure] = (), *,
    by: int = 0,
) -> tuple[Action, ...]:  # fmt: skip
    wanted = context.book.pack.leaders
    assert wanted is not None
    held = Held(holds=True, figures=tuple(figures))
    return move(context, leader, person, wanted.tiers[0].id, held=held, key="certified", by=by)


def _ask_people(
    context: Context, leader: Leader, person: Person, held: Held
) -> tuple[Action, ...]:
    group = context.store.get(Group, context.community, leader.group)
    figures = leader_measures.told(held.figures)
    return tasks.open_task(
        context, kind=CERTIFY, group=leader.group, person=person.id,
        to=tasks.deciders(group),
        about=leader_questions.about(CERTIFY, person.id),
        words=lambda number: text(
            "leaders.certify-task", name=people.shown(person),
            figures=text("leaders.joiner").join(figures), number=number,
        ),
    )  # fmt: skip


def decide_certify(context: Context, task: Task, choice: str) -> tuple[Action, ...]:
    """Certify, or end a probation, as people say who could see more than the bot."""
    person = people.current(context.store, context.community, task.person)
    leader = leader_records.of(context, person.id) if person is not None else None
    wanted = context.book.pack.leaders
    if person is None or leader is None or leader.status != PROBATION:
        return ()
    if choice == "approve" and wanted is not None and wanted.tiers:
        return _certified(context, leader, person, by=task.closed_by)
    return end(context, leader, person, "staff", by=task.closed_by)


def move(
    context: Context, leader: Leader, person: Person, tier: str, *, held: Held, key: str,
    by: int = 0,
) -> tuple[Action, ...]:  # fmt: skip
    """Put somebody into a tier and tell them what it brings; `key`: certified, up or down."""
    figures = leader_measures.told(held.figures)
    line = leader_records.change(
        context, leader, tier, reason="" if key == "certified" else key, by=by, figures=figures,
        status=SERVING, tier=tier, failed=0,
    )  # fmt: skip
    wanted = context.book.pack.leaders
    assert wanted is not None
    found = wanted.tiers[leaders.place_of(wanted.tiers, tier)]
    words = text(
        f"leaders.tier-{key}", name=people.addressed(person), tier=found.title,
        short=_short(held),
    )  # fmt: skip
    words = "\n".join((words, *_brought(context, found)))
    return (line, *letters.tell(context, person, words, leader.group))


def warn(context: Context, leader: Leader, person: Person, held: Held) -> tuple[Action, ...]:
    """Tell somebody alone what fell short this time; nothing changes for them yet."""
    line = leader_records.change(
        context, leader, "warned", reason="keep", figures=leader_measures.told(held.short),
        failed=leader.failed + 1,
    )  # fmt: skip
    word = context.book.words.shown("leader")
    words = text("leaders.warned", name=people.addressed(person), short=_short(held), word=word)
    return (line, *letters.tell(context, person, words, leader.group))


def end(
    context: Context, leader: Leader, person: Person, reason: str, *, held: Held | None = None,
    by: int = 0,
) -> tuple[Action, ...]:  # fmt: skip
    """End somebody's time as a leader with thanks, and hand over what they looked after.

    `reason`: keep, staff, away, own (they said so), left.
    """
    figures = leader_measures.told(held.short) if held is not None else ()
    leader_questions.end(context, person.id)
    handed = leader_handovers.hand_over(context, leader, person)
    line = leader_records.change(
        context, leader, "ended", reason=reason, by=by, figures=figures, status=ENDED, tier="",
        failed=0,
    )  # fmt: skip
    if reason in ("left", "own"):
        return (line, *handed)
    words = text(f"leaders.ended-{reason}", name=people.addressed(person))
    return (line, *letters.tell(context, person, words, leader.group), *handed)


def _short(held: Held) -> str:
    return text("leaders.joiner").join(leader_measures.told(held.short))


def step_down(event: MessageReceived, context: Context, argument: str) -> Outcome:
    """Let a leader give back their office by their own word, or a candidate think better of it."""
    del event, argument
    person = context.person
    leader = leader_records.of(context, context.person_id)
    if person is None:
        return Outcome()
    if leader is not None and leader.status in LEADING:
        lines = end(context, leader, person, "own")
        words = text("leaders.ended-own", name=people.addressed(person))
        return stopping(*lines, privately(words))
    withdrawn = _withdrawn(context, person, leader)
    return stopping(
        *withdrawn, privately(text("leaders.withdrawn" if withdrawn else "leaders.not-leading"))
    )


def _withdrawn(context: Context, person: Person, leader: Leader | None) -> tuple[Action, ...]:
    """Take back what somebody has applied for, as a leader or as a volunteer."""
    lines = volunteers.withdraw(context, person)
    if leader is None or leader.status not in CANDIDATE:
        return lines
    leader_questions.end(context, person.id)
    line = leader_records.change(context, leader, "ended", reason="withdrawn", status=REFUSED)
    return (*lines, line)


def appointed(event: RoleChanged, context: Context) -> Outcome:
    """Follow what staff or WeCom say: a leader by appointment serves in the first tier."""
    person = people.person_of(context.store, context.community, event.member)
    wanted, known = context.book.pack.leaders, leader_records.of(context, person.id)
    serves = known is not None and known.status == SERVING
    if event.role == people.LEADER and wanted is not None and wanted.tiers and not serves:
        found = known or leader_records.fresh(context, person.id, event.group)
        leader = replace(found, group=event.group)
        leader_questions.end(context, person.id)
        tier = wanted.tiers[0].id
        line = leader_records.change(
            context, leader, tier, reason="appointed", status=SERVING, tier=tier, failed=0
        )
        return Outcome((line,))
    if event.role == "member" and known is not None and known.status in LEADING:
        return Outcome(end(context, known, person, "staff"))
    return Outcome()
