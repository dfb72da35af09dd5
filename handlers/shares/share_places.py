"""The places of a share day: a conversation that is planned, with who was asked for each place.

A place is open (nobody is asked), asked (one person is, by the task of that number) or taken.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from handlers.people import people
from handlers.ports import Context
from handlers.shares import topics
from handlers.tasks import tasks
from handlers.threads import open_threads
from handlers.timing import ahead
from sop.model import Group, Member, Person, Thread
from sop.pack.pack_actions import Invite
from sop.pack.pack_steps import Step
from sop.texts import quoted, text
from sop.times import localtime

PLANNED: Final = "planned"
"""The status of a share day that is still to come."""

OPEN: Final = "open"
ASKED: Final = "asked"
TAKEN: Final = "taken"


@dataclass(frozen=True, slots=True)
class Place:
    """One place: whose it is or may be, and the task that asks them."""

    status: str = OPEN
    person: int = 0
    task: int = 0


def new_day(context: Context, group: Group, step: Step, due: int, invite: Invite) -> Thread:
    """Store a share day that is to begin at `due`, with so many open places."""
    day = Thread(
        community=context.community,
        id=context.store.number(context.community, "thread"),
        group=group.id, step=step.id, kind=open_threads.SHARE, title="", text="",
        opened_at=due, closes_at=due, status=PLANNED,
        body={
            "due": due, "by": invite.by, "asked": [], "places": [["open", 0, 0]] * invite.pick,
        },
    )  # fmt: skip
    context.store.put(day)
    return day


def planned(context: Context, group: Group, step: str) -> Sequence[Thread]:
    """Return the step's share days that are still to come, or never came."""
    return context.store.find(
        Thread, community=context.community, group=group.id, status=PLANNED,
        kind=open_threads.SHARE, step=step, order="id",
    )  # fmt: skip


def day_of(context: Context, number: int) -> Thread | None:
    """Return the share day of that number."""
    found = context.store.get(Thread, context.community, number)
    return found if found is not None and found.kind == open_threads.SHARE else None


def target_of(context: Context, target: str) -> tuple[Thread | None, int]:
    """Return the share day and the place a target names."""
    number, _, place = target.partition("|")
    return day_of(context, int(number)), int(place)


def places(day: Thread) -> tuple[Place, ...]:
    """Return the places of a share day, in order; none where nobody was invited."""
    return tuple(Place(*each) for each in day.body.get("places", ()))


def put(context: Context, day: Thread, number: int, place: Place) -> Thread:
    """Store one place; who is asked is not asked for any other."""
    rows: list[Any] = [[each.status, each.person, each.task] for each in places(day)]
    rows[number] = [place.status, place.person, place.task]
    asked = [*day.body["asked"], *([place.person] if place.status == ASKED else [])]
    day = replace(day, body={**day.body, "places": rows, "asked": list(dict.fromkeys(asked))})
    context.store.put(day)
    return day


def starts_at(context: Context, group: Group, day: Thread) -> int:
    """Return when the share day really begins."""
    return ahead.goes_out_at(context, group, day.body["due"])


def present(context: Context, group: Group, person: int) -> Person | None:
    """Return the person if they are in the group."""
    found = people.current(context.store, context.community, person)
    if found is None:
        return None
    member = context.store.get(Member, context.community, group.id, found.id)
    return found if member is not None and not member.left_at else None


def speakers(context: Context, group: Group, day: Thread) -> tuple[Person, ...]:
    """Return who took a place and is still in the group, in the order of the places."""
    taken = (each.person for each in places(day) if each.status == TAKEN)
    found = (present(context, group, person) for person in taken)
    return tuple({person.id: person for person in found if person is not None}.values())


def title(context: Context, step_id: str, group: str) -> str:
    """Return what a step's share day is called in a group: its own title, and a chosen topic."""
    step = context.book.step(step_id)
    named = next((each.title for each in ahead.share_days(step) if each.title), "") if step else ""
    named = named or (step.title if step else "") or text("actions.share_day")
    topic = topics.chosen(context, group, step_id)
    return text("topics.titled", title=named, topic=topic) if topic else named


def fields(context: Context, group: Group, day: Thread) -> dict[str, str]:
    """Return what texts about a share day may name: group, title, date and time."""
    at = localtime.wall_time(starts_at(context, group, day), context.book.zone)
    return {
        "group": group.title or group.id, "title": quoted(title(context, day.step, group.id)),
        "day": text("share-days.day", month=at.month, day=at.day), "time": f"{at:%H:%M}",
    }  # fmt: skip


def about(day: Thread, number: int) -> str:
    """Name what the task of a place is about."""
    return f"share-day:{day.id}:place-{number + 1}"


def about_rest(day: Thread) -> str:
    """Name what the task for places nobody is left for is about."""
    return f"share-day:{day.id}:rest"


def release(context: Context, day: Thread) -> None:
    """Close every open task about the share day: nobody need answer any more."""
    names: Iterable[str] = (about(day, number) for number in range(len(places(day))))
    for name in (*names, about_rest(day)):
        tasks.void(context, name)
