"""Orders that a shop tells: each somebody's, or kept for staff with the reason why not."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Final

from handlers.people import people
from handlers.ports import Context, Outcome
from handlers.posting.editing import told_in
from handlers.replies import excerpt
from handlers.tasks import tasks
from sop.actions import Action
from sop.activities.orders import Told
from sop.events import OrdersTold
from sop.model import Order, Person
from sop.text import fingerprint, normalise
from sop.texts import text

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
    """Keep every order, told again with its last word; tell staff of those without a member."""
    names = _names(context)
    for number, buyer, at, cents, what, refunded in event.orders:
        person, why = _buyer(context, buyer, names)
        context.store.put(
            Order(
                community=context.community,
                order=number,
                person=person.id if person else 0,
                buyer="" if person else buyer,
                why=why,
                at=at,
                cents=cents,
                what=what,
                refunded=refunded,
                told_at=context.now,
            )
        )
    _look_again(context, names)
    return Outcome(_tell(context))


def _look_again(context: Context, names: dict[str, list[int]]) -> None:
    """Give those their orders who have become known since they were told."""
    for each in held(context):
        person, why = _buyer(context, each.buyer, names)
        if person is not None:
            context.store.put(replace(each, person=person.id, buyer="", why=why))


def _names(context: Context) -> dict[str, list[int]]:
    found: defaultdict[str, list[int]] = defaultdict(list)
    for number, name in context.store.rows(
        Person, ("id", "name"), community=context.community, merged_into=0
    ):
        if name:
            found[normalise(name)].append(number)
    return found


def _buyer(context: Context, buyer: str, names: dict[str, list[int]]) -> tuple[Person | None, str]:
    """Return whose an order is, or why nobody can tell."""
    found = people.find_person(context.store, context.community, buyer)
    if found is not None:
        return found, ""
    named = names.get(normalise(buyer), [])
    if len(named) == 1:
        return context.store.get(Person, context.community, named[0]), ""
    return None, SEVERAL if named else UNKNOWN


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
