"""Who signed up: a row each, in order of coming; never more have a place than there are.

What another part of the program does to a list (an imported one, say) it does with `sign`.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Final, Literal

from handlers.people import people
from handlers.ports import Context
from handlers.posting import acknowledging
from handlers.replies import excerpt
from handlers.threads import open_threads
from handlers.threads.open_threads import SIGNUP
from handlers.timing import scheduling
from sop.actions import Action
from sop.activities import signups
from sop.model import Group, Person, Signup, Thread
from sop.texts import quoted, text
from sop.times import localtime

EVENT: Final = "event"
"""The phase of a sign-up in which names are no longer taken, and the event is still to be."""

TELL: Final = "tell-moved-up"
"""The kind of occurrence at which somebody hears in the morning that they have a place."""

LISTED: Final = 60
"""Names in a list; of the others it tells how many they are."""

Signed = signups.Status | Literal["full", "there"]


def number_of(thread: Thread) -> int:
    """Return the number that a sign-up's rows are kept under, in both of its phases."""
    return int(thread.body.get("signup", thread.id))


def rows(context: Context, thread: Thread, *statuses: signups.Status) -> Sequence[Signup]:
    """Return who is so in the list, in order of coming."""
    return context.store.find(
        Signup, community=context.community, thread=number_of(thread), status__in=statuses,
        order="number",
    )  # fmt: skip


def count(context: Context, thread: Thread, status: signups.Status) -> int:
    """Return how many are so in the list."""
    return context.store.count(
        Signup, community=context.community, thread=number_of(thread), status=status
    )


def left(context: Context, thread: Thread) -> int | None:
    """Return how many places are left; None: without bound."""
    places = thread.body["places"]
    return signups.free(count(context, thread, "in"), places) if places else None


def sign(
    context: Context, group: Group, thread: Thread, person: Person, guest: str = ""
) -> tuple[Signed, tuple[Action, ...]]:
    """Put somebody (or their companion `guest`) on the list; tells what became of it.

    The lines are about others, who had waited longer. Nobody is told here who was signed.
    """
    place_noted(context, thread)
    moved = move_up(context, group, thread)
    key = (context.community, number_of(thread), person.id, guest)
    known = context.store.get(Signup, *key)
    if known is not None and known.status in ("in", "waiting", "noted"):
        return "there", moved
    status = signups.status_of(
        taken=count(context, thread, "in"), places=thread.body["places"] or None,
        waiting=count(context, thread, "waiting"), waitlist=thread.body["waitlist"],
        early=_is_early(context, thread, person),
    )  # fmt: skip
    if status is None:
        return "full", moved
    put_new(context, thread, person.id, status, guest=guest)
    return status, moved


def place_noted(context: Context, thread: Thread) -> list[Signup]:
    """Give places to who was noted, as soon as it is open for all; returns all who were noted.

    They come before whoever signs up then: the clock may be late.
    """
    first = thread.body["first"]
    if not first or (context.now < first["until"] and thread.status == "open"):
        return []
    for each in rows(context, thread, "noted"):
        status = signups.status_of(
            taken=count(context, thread, "in"), places=thread.body["places"] or None,
            waiting=count(context, thread, "waiting"), waitlist=thread.body["waitlist"],
            early=False,
        )  # fmt: skip
        context.store.put(replace(each, status=status or "gone", noted=True))
    return [each for each in rows(context, thread, "in", "waiting", "gone") if each.noted]


def put_new(
    context: Context, thread: Thread, person: int, status: signups.Status, **fields: Any
) -> None:
    """Put a row at the end of the list."""
    number = number_of(thread)
    context.store.put(
        Signup(
            community=context.community, thread=number, person=person, status=status,
            number=context.store.number(context.community, f"signup:{number}"), at=context.now,
            **fields,
        )
    )  # fmt: skip


def _is_early(context: Context, thread: Thread, person: Person) -> bool:
    """Tell whether others come first, and the person is none of them."""
    first = thread.body["first"]
    return bool(first) and context.now < first["until"] and person.layer != first["layer"]


def of(context: Context, thread: Thread, person: int) -> list[Signup]:
    """Return the rows of a person and their companions that stand."""
    found = context.store.find(
        Signup, community=context.community, thread=number_of(thread), person=person,
        order="number",
    )  # fmt: skip
    return [each for each in found if each.status != "gone"]


def call_off(
    context: Context, group: Group, thread: Thread, given_up: Sequence[Signup]
) -> tuple[Action, ...]:
    """Take rows off the list; who has waited longest moves up."""
    for each in given_up:
        context.store.put(replace(each, status="gone", noted=False))
    return move_up(context, group, thread)


def move_up(context: Context, group: Group, thread: Thread) -> tuple[Action, ...]:
    """Give free places to who waits, in order, as long as the event has not begun."""
    waiting = count(context, thread, "waiting")
    if not waiting or 0 < thread.body["at"] <= context.now:
        return ()
    free = left(context, thread)
    lines: list[Action] = []
    for each in rows(context, thread, "waiting")[: waiting if free is None else free]:
        context.store.put(replace(each, status="in"))
        lines.extend(_tell(context, group, thread, each))
    return tuple(lines)


def _tell(context: Context, group: Group, thread: Thread, row: Signup) -> tuple[Action, ...]:
    """Tell somebody that they have a place; who sleeps hears it in the morning."""
    waits = acknowledging.sleeping(context, group)
    if waits is None:
        return moved_up(context, group, thread, row)
    scheduling.plan(
        context, group.id, TELL, waits.until, step=thread.step, subject=str(number_of(thread)),
        cause=f"{row.number}",
    )  # fmt: skip
    return ()


def moved_up(context: Context, group: Group, thread: Thread, row: Signup) -> tuple[Action, ...]:
    """Return the word to who has moved up: they have asked for it, so it is no nudge."""
    person = people.current(context.store, context.community, row.person)
    if person is None:
        return ()
    who = quoted(row.guest) if row.guest else text("signups.you")
    cancel = context.book.words.shown("cancel_signup")
    words = text(
        "signups.moved-up", name=people.addressed(person), who=who, title=quoted(thread.title),
        group=group.title or group.id, when=when(context, thread), word=cancel,
    )  # fmt: skip
    return (
        Action(
            do="dm", group=group.id, to=str(person.id), member=str(person.id), text=words,
            step=thread.step, expires_at=thread.body["at"] or thread.closes_at,
        ),
    )  # fmt: skip


def when(context: Context, thread: Thread) -> str:
    """Return when the event is, in brackets; nothing where that is untold."""
    at = thread.body["at"]
    return text("signups.when", when=moment(context, at)) if at else ""


def moment(context: Context, at: int) -> str:
    """Return an instant as people say it."""
    wall = localtime.wall_time(at, context.book.zone)
    day = text("share-days.day", month=wall.month, day=wall.day)
    return f"{day} {wall:%H:%M}"


def names(context: Context, found: Sequence[Signup]) -> str:
    """Return who is on a list, companions with whom they come; a long one is cut."""
    shown = [_name(context, each) for each in found[:LISTED]]
    joined = text("people.joiner").join(shown)
    return text("acks.and-more", names=joined, count=len(found)) if found[LISTED:] else joined


def _name(context: Context, row: Signup) -> str:
    person = people.shown(people.current(context.store, context.community, row.person))
    return (
        text("signups.guest", name=person, guest=excerpt(row.guest, 20)) if row.guest else person
    )


def leave(context: Context, group: Group, person: int) -> tuple[Action, ...]:
    """Call off what somebody who has left the group had signed up for there."""
    lines: list[Action] = []
    for thread in open_threads.open_at(context, group, context.now, SIGNUP):
        lines.extend(call_off(context, group, thread, of(context, thread, person)))
    return tuple(lines)
