"""The review of leaders: each against what their tier asks, with every figure on record.

Nothing is decided on what cannot be known. Who has not been seen for a month is not judged by
that alone: staff are asked whether it is time to hand over.
"""

from typing import Final

from handlers.leaders import circles_led, leader_measures, leader_questions, leader_terms
from handlers.people import leader_records, people, reviews
from handlers.people.leader_records import SERVING
from handlers.ports import Context
from handlers.tasks import tasks
from sop import channels
from sop.actions import Action
from sop.model import Group, Leader, Person, Task
from sop.pack.pack_steps import Step
from sop.standing import leaders
from sop.standing.leaders import WINDOW_MS, Judgement
from sop.texts import text
from sop.times.durations import DAY_MS

AWAY: Final = leader_questions.AWAY
"""The kind of task that asks whether somebody who is away should be relieved."""


def review(context: Context, step: Step) -> tuple[Action, ...]:
    """Hold every leader of the community against their tier, once for all of its groups."""
    wanted = context.book.pack.leaders
    if wanted is None or not wanted.tiers or not reviews.first_of_its_review(context, step):
        return ()
    lines: list[Action] = []
    for leader in circles_led.serving(context):
        person = people.current(context.store, context.community, leader.person)
        if person is not None:
            lines.extend(_reviewed(context, leader, person))
    return tuple(lines)


def _reviewed(context: Context, leader: Leader, person: Person) -> tuple[Action, ...]:
    wanted = context.book.pack.leaders
    assert wanted is not None
    measures = leader_measures.of(context, person)
    found = leaders.judged(wanted.tiers, leader.tier, leader.failed, measures)
    return (*_followed(context, leader, person, found), *_if_away(context, leader, person))


def _followed(
    context: Context, leader: Leader, person: Person, found: Judgement
) -> tuple[Action, ...]:
    if found.verdict == "warned":
        return leader_terms.warn(context, leader, person, found.held)
    if found.verdict == "ended":
        return leader_terms.end(context, leader, person, "keep", held=found.held)
    if found.verdict in ("up", "down"):
        return leader_terms.move(
            context, leader, person, found.tier, held=found.held, key=found.verdict
        )
    failed = leader.failed if found.verdict == "unknown" else 0
    figures = leader_measures.told(found.held.figures)
    leader_records.change(context, leader, found.verdict, figures=figures, failed=failed)
    return ()


def _if_away(context: Context, leader: Leader, person: Person) -> tuple[Action, ...]:
    """Ask people about who has not been seen in any group for long, where all of it is heard."""
    now = leader_records.of(context, person.id)
    seen = _last_seen(context, person)
    if now is None or now.status != SERVING or seen is None:
        return ()
    if context.now - max(seen, leader.since) < WINDOW_MS:
        tasks.void(context, leader_questions.about(AWAY, person.id))
        return ()
    group = context.store.get(Group, context.community, leader.group)
    days = (context.now - seen) // DAY_MS
    return tasks.open_task(
        context, kind=AWAY, group=leader.group, person=person.id,
        to=tasks.deciders(group),
        about=leader_questions.about(AWAY, person.id),
        words=lambda number: text(
            "leaders.away-task", name=people.shown(person), days=days, number=number
        ),
    )  # fmt: skip


def _last_seen(context: Context, person: Person) -> int | None:
    """Return when somebody was last heard, None where that is not heard everywhere."""
    known = people.memberships(context, person.id)
    groups = (context.store.get(Group, context.community, each.group) for each in known)
    if not known or not all(each and channels.hears_all(each.channels) for each in groups):
        return None
    return max(max(each.last_at, each.joined_at) for each in known)


def decide_away(context: Context, task: Task, choice: str) -> tuple[Action, ...]:
    """Relieve who is away, with thanks, if people say so."""
    person = people.current(context.store, context.community, task.person)
    leader = leader_records.of(context, person.id) if person is not None else None
    if choice != "approve" or person is None or leader is None or leader.status != SERVING:
        return ()
    return leader_terms.end(context, leader, person, "away", by=task.closed_by)
