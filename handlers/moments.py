"""What follows from decided lines: steps that begin when a level or a score is reached."""

from collections import Counter

from handlers import scheduling
from handlers.ports import Context
from sop import triggers
from sop.actions import Action
from sop.model import LedgerEntry, Person


def follow(context: Context, actions: tuple[Action, ...]) -> None:
    """Plan the steps that the lines of one event have set off."""
    entries: Counter[int] = Counter()
    for action in actions:
        if action.do == "level" and action.reason == "up":
            scheduling.member_moment(context, "level-up", int(action.member))
        if action.do == "points":
            entries[int(action.member)] += 1
    crossings = [
        step for step in context.book.pack.steps if isinstance(step.when, triggers.ScoreCrossed)
    ]
    if crossings:
        for person_id, count in entries.items():
            _cross(context, person_id, _gained(context, person_id, count))


def _gained(context: Context, person_id: int, count: int) -> int:
    """What the newest entries have added to the score: not what they added to the balance."""
    newest = context.store.find(
        LedgerEntry, community=context.community, person=person_id, order="-id", limit=count
    )
    return sum(entry.standing for entry in newest)


def _cross(context: Context, person_id: int, points: int) -> None:
    """Plan the steps whose score this person has just reached from below."""
    group = context.group
    person = context.store.get(Person, context.community, person_id)
    if group is None or person is None:
        return
    for step in context.book.pack.steps:
        trigger = step.when
        if not isinstance(trigger, triggers.ScoreCrossed) or not scheduling.runs_in(step, group):
            continue
        if person.score - points < trigger.n <= person.score:
            scheduling.plan(
                context, group.id, scheduling.STEP, context.now, step=step.id,
                subject=str(person_id), cause=f"score:{context.now}",
            )  # fmt: skip
