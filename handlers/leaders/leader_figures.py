"""Figures of leaders for the operator: what each brings about, and who follows them how far."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from handlers.leaders import circles_led, leader_measures
from handlers.people import leader_records, leading, people
from handlers.people.leader_records import CANDIDATE, PROBATION, SERVING
from handlers.ports import Context
from handlers.questions.contributions import OFFERED
from sop.activities.collecting import SHOWN
from sop.model import (
    CircleMember,
    Enrolment,
    Invitation,
    Item,
    Leader,
    LeaderChange,
    Member,
    Person,
    Signup,
    Thread,
    ThreadReply,
)
from sop.standing.leaders import Measures
from sop.times.durations import DAY_MS

STAGES: Final = ("entered", "followed", "took_part", "shared", "invited")
"""进入, 关注领袖, 参与, 分享, 邀请: what leaders lead newcomers to, in this order."""


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """One stage of the funnel: how many newcomers did this, and how many all up to here."""

    name: str
    reached: int
    through: int


def contributions(context: Context, days: int) -> tuple[Contribution, ...]:
    """Return the figures of everybody who leads, or is on the way there, by person."""
    found = context.store.find(
        Leader, community=context.community, order="person",
        status__in=(*CANDIDATE, PROBATION, SERVING),
    )  # fmt: skip
    since = context.now - days * DAY_MS
    pairs = (
        (each, people.current(context.store, context.community, each.person)) for each in found
    )
    return tuple(_of(context, each, person, since) for each, person in pairs if person is not None)


def _of(context: Context, leader: Leader, person: Person, since: int) -> Contribution:
    led = _led(context, since, person.id)
    took_part = {one for thread in _threads(context, led) for one in takers(context, thread)}
    inside = {each.person for each in circles_led.rows(context, person) if not each.left_at}
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


def _led(context: Context, since: int, person: int = 0) -> Sequence[LeaderChange]:
    own: dict[str, Any] = {"person": person} if person else {}
    return context.store.find(
        LeaderChange, community=context.community, at__gt=since, what=leading.OPENED, order="id",
        **own,
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


def takers(context: Context, thread: Thread) -> set[int]:
    """Return who took part in something open: by a reply, an entry, a place, a challenge."""
    where: dict[str, Any] = {"community": context.community, "thread": thread.id}
    found = {
        *context.store.rows(ThreadReply, ("person",), **where),
        *context.store.rows(Item, ("person",), **where),
        *context.store.rows(Signup, ("person",), status__ne="gone", **where),
        *context.store.rows(Enrolment, ("person",), **where),
    }
    return {person for (person,) in found if person}


def funnel(context: Context, days: int) -> tuple[Stage, ...]:
    """Return how far those got who came within `days`: each stage, and with all before it."""
    since = context.now - days * DAY_MS
    reached = _reached(context, since)
    stages, through = [], reached["entered"]
    for name in STAGES:
        through = through & reached[name]
        stages.append(
            Stage(name=name, reached=len(reached[name] & reached["entered"]), through=len(through))
        )
    return tuple(stages)


def _reached(context: Context, since: int) -> dict[str, set[int]]:
    led = _threads(context, _led(context, since))
    return {
        "entered": _persons(context, Member, joined_at__gt=since),
        "followed": _persons(context, CircleMember, at__gt=since),
        "took_part": {one for thread in led for one in takers(context, thread)},
        "shared": _persons(
            context, Item, at__gt=since, kind__in=OFFERED, status__in=SHOWN, person__ne=0
        ),
        "invited": _persons(context, Invitation, "inviter", at__gt=since, status="counted"),
    }


def _persons(context: Context, kind: Any, column: str = "person", **where: Any) -> set[int]:
    found = context.store.rows(kind, (column,), community=context.community, **where)
    return {person for (person,) in found}
