"""The guard of offers: they stop in a group when complaints or leaves rise, and staff are told.

While that task is open nothing is offered there. A yes lets offers go on, counted anew from then;
a no lets them rest for the guard's time once more.
"""

from collections.abc import Callable
from typing import Final

from handlers.moderation import reporting
from handlers.people import people, places
from handlers.ports import Context
from handlers.tasks import tasks
from sop import channels
from sop.actions import Action
from sop.activities import offers
from sop.activities.offers import Harm, Stop
from sop.model import Group, Member, Task
from sop.texts import text
from sop.times.durations import DAY_MS

KIND: Final = "offers"

COMPLAINTS: Final = (reporting.KIND, reporting.LOOK, "appeal")
"""The kinds of tasks that members' complaints become."""


def check(context: Context, group: Group) -> tuple[bool, tuple[Action, ...]]:
    """Tell whether offers are stopped in a group, with the task if they have to stop just now."""
    guard = context.book.pack.offers.guard
    last = _last(context, group)
    if last is not None and last.status == "open":
        return True, ()
    since = last.closed_at if last is not None else 0
    if last is not None and last.status == "rejected" and context.now < since + guard.within_ms:
        return True, ()
    stop = offers.stopped_by(guard, counts(context, group, since))
    return stop is not None, () if stop is None else _tell(context, group, stop)


def counts(context: Context, group: Group, since: int) -> dict[Harm, tuple[int, int] | None]:
    """Return complaints and leaves of the guard's time and of that before, from `since` on."""
    whole = context.book.pack.offers.guard.within_ms
    start = max(context.now - whole, since)
    before = max(start - whole, since)

    def both(count: Callable[[Context, Group, int, int], int]) -> tuple[int, int]:
        return count(context, group, start, context.now), count(context, group, before, start)

    known = channels.knows_members(group.channels)
    return {"complaints": both(_complaints), "leaves": both(_leaves) if known else None}


def _complaints(context: Context, group: Group, since: int, until: int) -> int:
    return context.store.count(
        Task, community=context.community, group=group.id, kind__in=COMPLAINTS,
        created_at__gt=since, created_at__le=until,
    )  # fmt: skip


def _leaves(context: Context, group: Group, since: int, until: int) -> int:
    """Count who has left the community by this group; who was moved is not gone."""
    gone = context.store.find(
        Member, community=context.community, group=group.id, left_at__gt=since, left_at__le=until
    )
    return sum(1 for each in gone if not people.memberships(context, each.person))


def _last(context: Context, group: Group) -> Task | None:
    found = context.store.find(
        Task, community=context.community, about=f"{KIND}:{group.id}", order="-id", limit=1,
        status__in=("open", "void", *tasks.CHOICES.values()),
    )  # fmt: skip
    return found[0] if found else None


def _tell(context: Context, group: Group, stop: Stop) -> tuple[Action, ...]:
    days = _days(context)

    def words(number: int) -> str:
        return text(
            f"offers.stopped-{stop.harm}", group=places.title(context, group.id), days=days,
            now=stop.now, before=stop.before, number=number,
        )  # fmt: skip

    return tasks.open_task(
        context, kind=KIND, to="staff", about=f"{KIND}:{group.id}", group=group.id, words=words
    )


def decide(context: Context, task: Task, choice: str) -> tuple[Action, ...]:
    """Say what follows from the answer; that it was given is all the next offer looks at."""
    days = _days(context)
    key = "offers.resting" if choice == "reject" else "offers.going-on"
    words = text(key, group=places.title(context, task.group), days=days)
    return (Action(do="dm", group=task.group, to=str(task.closed_by), text=words),)


def _days(context: Context) -> int:
    """Return the guard's time in days, at least one."""
    return max(1, round(context.book.pack.offers.guard.within_ms / DAY_MS))
