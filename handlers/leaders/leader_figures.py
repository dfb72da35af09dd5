"""Figures of leaders for the operator: what each of them brings about."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from handlers.leaders import circles_led, leader_measures
from handlers.people import leader_records, leading, people
from handlers.people.leader_records import CANDIDATE, PROBATION, SERVING
from handlers.ports import Context
from sop.model import (
    Enrolment,
    Invitation,
    Item,
    Leader,
    LeaderChange,
    Person,
    Signup,
    Thread,
    ThreadReply,
)
from sop.standing.leaders import Measures
from sop.times.durations import DAY_MS

MOST: Final = 200
"""Leaders and candidates that are looked at."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Contribution:
    """What one leader has brought about in `days`; those on their way there have a status only.

    `measures` are those of the last 30 days, by which they are reviewed. `led` counts what they
    opened, `took_part` who took part in it, `circle` who is in their circles, `brought` guests.
    """

    person: int
    name: str
    status: str
    tier: str
    failed: int
    measures: Measures
    led: int
    took_part: int
    circle: int
    brought: int


def contributions(context: Context, days: int) -> tuple[Contribution, ...]:
    """Return the figures of everybody who leads, or is on the way there, by person."""
    found = context.store.find(
        Leader, community=context.community, order="person", limit=MOST,
        status__in=(*CANDIDATE, PROBATION, SERVING),
    )  # fmt: skip
    since = context.now - days * DAY_MS
    pairs = (
        (each, people.current(context.store, context.community, each.person)) for each in found
    )
    return tuple(_of(context, each, person, since) for each, person in pairs if person is not None)


def _of(context: Context, leader: Leader, person: Person, since: int) -> Contribution:
    led = _led(context, since, person.id)
    took_part = {one for thread in _threads(context, led) for one in _takers(context, thread)}
    rows = circles_led.rows(context, person)
    inside = {each.person for each in rows if circles_led.is_in(context, each)}
    brought = context.store.count(
        Invitation, community=context.community, inviter=person.id, status="counted",
        at__gt=since,
    )  # fmt: skip
    return Contribution(
        person=person.id, name=people.shown(person), status=leader.status,
        tier=leader_records.title_of(context, leader.tier), failed=leader.failed,
        measures=leader_measures.of(context, person), led=len(led),
        took_part=len(took_part - {person.id}), circle=len(inside - {person.id}),
        brought=brought,
    )  # fmt: skip


def _led(context: Context, since: int, person: int) -> Sequence[LeaderChange]:
    return context.store.find(
        LeaderChange, community=context.community, at__gt=since, what=leading.OPENED, order="id",
        person=person,
    )  # fmt: skip


def _threads(context: Context, led: Sequence[LeaderChange]) -> Iterator[Thread]:
    """Yield what was opened: by number, else the first of its step after that."""
    for each in led:
        if "thread" in each.body:
            found = context.store.get(Thread, context.community, each.body["thread"])
        else:
            rows = context.store.find(
                Thread, community=context.community, group=each.group,
                status__in=("open", "closed"), step=each.body.get("step", ""),
                opened_at__ge=each.at, order="id", limit=1,
            )  # fmt: skip
            found = rows[0] if rows else None
        if found is not None:
            yield found


def _takers(context: Context, thread: Thread) -> set[int]:
    """Return who took part in something open: by a reply, an entry, a place, a challenge."""
    where: dict[str, Any] = {"community": context.community, "thread": thread.id}
    found = {
        *context.store.rows(ThreadReply, ("person",), **where),
        *context.store.rows(Item, ("person",), **where),
        *context.store.rows(Signup, ("person",), status__ne="gone", **where),
        *context.store.rows(Enrolment, ("person",), **where),
    }
    return {person for (person,) in found if person}
