"""Orders that a shop tells: each somebody's, or kept for staff with the reason why not."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Final

from handlers.people import people
from handlers.ports import Context, Outcome
from handlers.posting.editing import told_in
from handlers.replies import excerpt
from handlers.tasks import tasks
from sop.actions import Action
from sop.activities.orders import Told
from sop.model import Order, Person
from sop.text import fingerprint, normalise, safe_name
from sop.texts import text
from sop.told_events import OrdersTold

ABOUT: Final = "orders"
"""What the one open task about orders without a member is about."""

NAMED: Final = 10
"""Buyers whom nobody knows that are named at most."""

LONGEST: Final = 20
"""Characters of a buyer that are told."""

UNKNOWN: Final = "unknown"
SEVERAL: Final = "several"


def told(community: str, table: Iterable[Told], mark: str, now: int) -> OrdersTold:
    """Return the event of a table that was read; `mark` tells it from others of that instant."""
    return OrdersTold(
        key=f"orders:{community}:{now}:{mark}",
        community=community,
        at=now,
        orders=tuple(
            (each.order, each.buyer, each.at, each.cents, each.what, each.refunded)
            for each in table
        ),
    )


def note(event: OrdersTold, context: Context) -> Outcome:
    """Keep every order, told again with its last word; tell staff of those without a member.

    One whose time is not told is of when it was told first.
    """
    names = _names(context)
    for number, buyer, at, cents, what, refunded in event.orders:
        known = context.store.get(Order, context.community, number)
        person, why = _buyer(context, buyer, names, known.person if known else 0)
        context.store.put(
            Order(
                community=context.community,
                order=number,
                person=person,
                buyer="" if person else buyer,
                why=why,
                at=at or (known.at if known else context.now),
                cents=cents,
                what=what,
                refunded=refunded,
                told_at=context.now,
            )
        )
    _look_again(context, names)
    return Outcome(_tell(context))


def _look_again(context: Context, names: Mapping[str, Sequence[int]]) -> None:
    """Give those their orders who have become known since they were told."""
    for each in held(context):
        person, why = _buyer(context, each.buyer, names)
        if person:
            context.store.put(replace(each, person=person, buyer="", why=why))


def _names(context: Context) -> Mapping[str, Sequence[int]]:
    found: defaultdict[str, list[int]] = defaultdict(list)
    for number, name in context.store.rows(
        Person, ("id", "name"), community=context.community, merged_into=0
    ):
        if name:
            found[normalise(name)].append(number)
    return found


def _buyer(
    context: Context, buyer: str, names: Mapping[str, Sequence[int]], before: int = 0
) -> tuple[int, str]:
    """Return whose an order is, or 0 and why nobody can tell.

    An id is certain; a name is less so than `before`, whose it was found to be already.
    """
    found = people.find_person(context.store, context.community, buyer)
    if found is not None or before:
        return found.id if found else before, ""
    named = names.get(normalise(safe_name(buyer)), ())
    if len(named) == 1:
        return named[0], ""
    return 0, SEVERAL if named else UNKNOWN


def is_known(context: Context, userid: str) -> bool:
    """Tell whether a member has that platform id."""
    return people.find_person(context.store, context.community, userid) is not None


def held(context: Context) -> Sequence[Order]:
    """Return the orders that are nobody's yet, the oldest first."""
    return context.store.find(Order, community=context.community, person=0, order="at")


def _tell(context: Context) -> tuple[Action, ...]:
    """Let one task say which orders are nobody's; nothing where all are somebody's."""
    waiting, group = held(context), told_in(context)
    target = fingerprint(" ".join(each.order for each in waiting))
    open_now = tasks.find_open(context, ABOUT)
    if open_now is not None and open_now.target == target:
        return ()
    tasks.void(context, ABOUT)
    if not waiting or group is None:
        return ()
    buyers = dict.fromkeys((each.buyer, each.why) for each in waiting)
    named = text("people.joiner").join(
        text(f"orders.buyer-{why}", buyer=excerpt(buyer, LONGEST))
        for buyer, why in list(buyers)[:NAMED]
    )

    def words(number: int) -> str:
        return text("orders.held", count=len(waiting), buyers=named, number=number)

    return tasks.open_task(
        context, kind="orders", to="staff", about=ABOUT, group=group.id, target=target, words=words
    )
