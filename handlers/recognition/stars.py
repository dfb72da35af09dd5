"""The wall of stars: a group's people of the month, thanked by name in one post."""

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from typing import Final

from handlers.people import people
from handlers.ports import Context
from handlers.posting.step_run import Expanded, Run
from sop.actions import Action
from sop.model import LedgerEntry, Member, Person
from sop.standing import stars
from sop.texts import text
from sop.times import localtime

WALL: Final = "stars"
"""The wall that this is."""

COLUMNS: Final = ("id", "person", "deed", "at", "reversal_of")

Counts = Mapping[str, Mapping[int, int]]
"""By kind of star: how often each person did what counts for it."""


def wall(run: Run) -> Expanded:
    """Post who did most of what in the month, without places; nobody is named who minds."""
    context, zone = run.context, run.context.book.zone
    first, after = stars.month_of(localtime.local_date(run.due_at, zone))
    bounds = localtime.local_midnight(first, zone), localtime.local_midnight(after, zone)
    counts = _counts(context, run.group.id, bounds)
    lines = [
        text(f"stars.of-{kind}", names=_names(run, stars.best(_willing(run, counts[kind]))))
        for kind in stars.kinds()
        if _willing(run, counts[kind])
    ]
    if not lines:
        return (), run
    words = "\n".join((text("stars.heading", month=first.month), *lines, text("stars.thanks")))
    return (Action(do="post", group=run.group.id, text=words, step=run.step.id),), run


def _counts(context: Context, group: str, bounds: tuple[int, int]) -> Counts:
    """Count the deeds that stand; what was reversed, even later, never was one."""
    start, end = bounds
    wanted = {deed for deeds in stars.kinds().values() for deed in deeds}
    rows = list(
        context.store.rows(
            LedgerEntry, COLUMNS, community=context.community, at__ge=start,
            deed__in=(*sorted(wanted), "reversal"), group=group,
        )
    )  # fmt: skip
    undone = {reversal_of for *_, reversal_of in rows if reversal_of}
    found: defaultdict[str, Counter[int]] = defaultdict(Counter)
    for number, person, deed, at, _ in rows:
        if at < end and number not in undone:
            for kind in _kinds_of(deed):
                found[kind][person] += 1
    return found


def _kinds_of(deed: str) -> Collection[str]:
    return [kind for kind, deeds in stars.kinds().items() if deed in deeds]


def _willing(run: Run, counts: Mapping[int, int]) -> dict[int, int]:
    """Leave out who is gone, muted or does not want to be named, and who runs the group."""
    return {person: count for person, count in counts.items() if _may_shine(run, person)}


def _may_shine(run: Run, number: int) -> bool:
    context = run.context
    person = context.store.get(Person, context.community, number)
    member = context.store.get(Member, context.community, run.group.id, number)
    if person is None or member is None or member.left_at:
        return False
    shy = person.unranked or person.nudges_off or person.muted_until > run.due_at
    return not shy and not people.is_staff(person, run.group)


def _names(run: Run, found: Sequence[int]) -> str:
    persons = [run.context.store.get(Person, run.context.community, each) for each in found]
    names = people.named(persons[: stars.NAMED])
    if len(found) <= stars.NAMED:
        return names
    return text("stars.and-more", names=names, count=len(found))
