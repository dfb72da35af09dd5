"""What offers bring: from those who were offered something, and from those who were left out.

A person counts once for each step, from the first time it turned to them; a claim or an order
counts within the pack's time after that. Orders of any product count: what was left out did not
know of this one. Who was left out and offered it all the same (found to be another member, or
after another share) is on neither side.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from handlers.ports import Context
from sop.activities import benefit_terms
from sop.activities.lift import Lift, Share, lift
from sop.model import Claim, Offer, Order, ShortLink


@dataclass(frozen=True, slots=True, kw_only=True)
class Arm:
    """Members of one side: how many, who claimed, who ordered, and for how many cents."""

    people: int = 0
    claimed: int = 0
    ordered: int = 0
    cents: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class StepFigures:
    """What one step's offers of one benefit brought; `posts` went to a whole group.

    `clicks` and `visitors` are those of its short links, `after_posts` claims in those groups
    within the time after such a post, which nothing tells from chance.
    """

    step: str
    benefit: str
    offered: Arm
    held: Arm
    posts: int
    after_posts: int
    clicks: int
    visitors: int

    @property
    def claims(self) -> Lift | None:
        """How much more of the offered claimed; None where nobody was left out."""
        return _compare(self.offered, self.held, "claimed")

    @property
    def orders(self) -> Lift | None:
        """How much more of the offered ordered."""
        return _compare(self.offered, self.held, "ordered")


def _compare(one: Arm, other: Arm, did: str) -> Lift | None:
    return lift(Share(getattr(one, did), one.people), Share(getattr(other, did), other.people))


def figures(context: Context, since: int) -> list[StepFigures]:
    """Return the figures of each step that has offered something since then, by its id."""
    found: defaultdict[tuple[str, str], list[Offer]] = defaultdict(list)
    for each in context.store.find(Offer, community=context.community, at__ge=since, order="at"):
        found[each.step, each.benefit].append(each)
    orders = _by_person(context.store.find(
        Order, community=context.community, at__ge=since, refunded=False, person__gt=0
    ))  # fmt: skip
    return [
        _step(context, step, benefit, rows, orders)
        for (step, benefit), rows in sorted(found.items())
    ]


def _step(
    context: Context,
    step: str,
    benefit: str,
    rows: Sequence[Offer],
    orders: Mapping[int, Sequence[Order]],
) -> StepFigures:
    taken = context.store.find(
        Claim, community=context.community, benefit=benefit, at__ge=rows[0].at,
        status__in=benefit_terms.GONE,
    )  # fmt: skip
    claims = _by_person(taken)
    within = context.book.pack.offers.within_ms
    posts = [each for each in rows if not each.person]
    links = context.store.find(
        ShortLink, community=context.community, kind="benefit", name=benefit, step=step
    )
    offered, held = (_first(rows, held=held) for held in (False, True))
    arms = [
        _arm(
            [each for person, each in side.items() if person not in other], claims, orders, within
        )
        for side, other in ((offered, held), (held, offered))
    ]
    return StepFigures(
        step=step, benefit=benefit, offered=arms[0], held=arms[1], posts=len(posts),
        after_posts=sum(1 for each in taken if _follows(each, posts, within)),
        clicks=sum(each.clicks for each in links), visitors=sum(each.visitors for each in links),
    )  # fmt: skip


def _first(rows: Sequence[Offer], *, held: bool) -> dict[int, Offer]:
    """Return the first offer to each person, or (held) the first that was kept from them."""
    found: dict[int, Offer] = {}
    for each in rows:
        if each.person and each.held is held:
            found.setdefault(each.person, each)
    return found


def _follows(claim: Claim, posts: Iterable[Offer], within: int) -> bool:
    return any(each.group == claim.group and 0 <= claim.at - each.at <= within for each in posts)


def _arm(
    rows: Sequence[Offer],
    claims: Mapping[int, Sequence[Claim]],
    orders: Mapping[int, Sequence[Order]],
    within: int,
) -> Arm:
    claimed = [each for each in rows if _soon(claims.get(each.person, ()), each.at, within)]
    bought = [_soon(orders.get(each.person, ()), each.at, within) for each in rows]
    return Arm(
        people=len(rows), claimed=len(claimed), ordered=sum(1 for each in bought if each),
        cents=sum(order.cents for found in bought for order in found),
    )  # fmt: skip


R = TypeVar("R", Claim, Order)


def _soon(found: Sequence[R], at: int, within: int) -> list[R]:
    return [each for each in found if 0 <= each.at - at <= within]


def _by_person(found: Iterable[R]) -> dict[int, list[R]]:
    kept: defaultdict[int, list[R]] = defaultdict(list)
    for each in found:
        kept[each.person].append(each)
    return kept
