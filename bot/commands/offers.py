"""`qunyun offers` and `orders`: what offers bring, and the orders that tell it."""

import json
from collections.abc import Callable, Iterator
from dataclasses import asdict
from enum import StrEnum
from hashlib import blake2b
from pathlib import Path
from typing import Annotated, Any, TypeVar

import typer

from bot.broken import Broken
from bot.commands.shared import UNUSABLE, AsJson, deployment_or_exit, fail, read_file
from bot.operations.operating import Operation, operating
from handlers.offers import offer_figures, offer_orders
from handlers.offers.offer_figures import Arm, StepFigures
from sop.activities.lift import Lift
from sop.activities.orders import Told, read_orders
from sop.events import OrdersTold
from sop.model import Order
from sop.times.durations import DAY_MS

T = TypeVar("T")

Community = Annotated[str, typer.Option(help="One community, where there are several.")]


class Work(StrEnum):
    """What to do."""

    IMPORT = "import"
    LIST = "list"
    ASSIGN = "assign"


def offers(
    community: Community = "",
    days: Annotated[int, typer.Option(min=1, max=400, help="Of the last so many days.")] = 90,
    *,
    as_json: AsJson = False,
) -> None:
    """Show what each offer brought: clicks, claims, orders, and how sure it is that it did."""

    def look(operation: Operation) -> dict[str, list[StepFigures]]:
        since = operation.now - days * DAY_MS
        return {
            name: operation.look(name, lambda context: offer_figures.figures(context, since))
            for name in operation.communities(community)
        }

    found = _done(look)
    if as_json:
        rows = [
            {"community": name, **_as_dict(each)}
            for name, steps in found.items()
            for each in steps
        ]
        typer.echo(json.dumps(rows, ensure_ascii=False))
        return
    for name, steps in found.items():
        typer.echo(name if steps else f"{name}: nothing was offered")
        for each in steps:
            for line in _told(each):
                typer.echo(f"  {line}")


def _done(work: Callable[[Operation], T]) -> T:
    try:
        with operating(*deployment_or_exit()) as operation:
            return work(operation)
    except Broken as error:
        raise fail(str(error), UNUSABLE) from None


def _told(found: StepFigures) -> Iterator[str]:
    links = f", {found.clicks} clicks by {found.visitors} visitors" if found.clicks else ""
    yield f"{found.step} ({found.benefit}){links}"
    yield f"  offered to {_arm(found.offered)}"
    if found.held.people:
        yield f"  left out: {_arm(found.held)}"
    for what, lift in (("claims", found.claims), ("orders", found.orders)):
        if lift is not None:
            yield f"  {what}: {_lift(lift)}"
    if not found.held.people and found.offered.people:
        yield "  nobody was left out: what would have come anyway cannot be told"
    if found.posts:
        posts = f"{found.posts} post(s) to whole groups, {found.after_posts} claims after them"
        yield f"  {posts}: chance is not told apart"


def _arm(arm: Arm) -> str:
    money = f" for {arm.cents / 100:,.2f}" if arm.cents else ""
    return f"{arm.people} member(s): {arm.claimed} claimed, {arm.ordered} ordered{money}"


def _lift(lift: Lift) -> str:
    sure = "more than chance" if lift.low > 0 else "less than without" if lift.high < 0 else (
        "may be chance"
    )  # fmt: skip
    few = ", few people" if lift.few else ""
    points = f"{lift.value * 100:+.1f} points"
    return f"{points} (95 %: {lift.low * 100:+.1f} to {lift.high * 100:+.1f}): {sure}{few}"


def _as_dict(found: StepFigures) -> dict[str, Any]:
    lifts = {"claims": found.claims, "orders": found.orders}
    told = {
        name: {**asdict(lift), "certain": lift.is_certain} if lift else None
        for name, lift in lifts.items()
    }
    return {**asdict(found), "lift": told}


def orders(
    work: Annotated[Work, typer.Argument(help="What to do.")],
    what: Annotated[str, typer.Argument(help="import: a CSV table; assign: the order.")] = "",
    member: Annotated[str, typer.Argument(help="assign: the buyer's userid.")] = "",
    community: Community = "",
    *,
    as_json: AsJson = False,
) -> None:
    """Take orders over from a shop's table, list those without a member, or say whose one is.

    A table with a line that cannot be read changes nothing (exit 1). Unknown buyers are kept for
    staff with the reason; the same order again is the same order. The bot may be running.
    """
    doing = {Work.IMPORT: _import, Work.LIST: _list, Work.ASSIGN: _assign}[work]
    for line in _done(
        lambda operation: doing(operation, _only(operation, community), what, member, as_json)
    ):
        typer.echo(line)


def _only(operation: Operation, wanted: str) -> str:
    known = operation.communities(wanted)
    if len(known) != 1:
        raise Broken(f"say --community: there are {', '.join(known) or 'none'}")
    return known[0]


def _import(operation: Operation, name: str, what: str, _member: str, as_json: bool) -> list[str]:  # noqa: FBT001 - as given
    if not what:
        raise Broken("say the table: qunyun orders import FILE.csv")
    data = read_file(Path(what))
    table = read_orders(data, operation.library.shelf.books[name].zone, operation.now)
    for fault in table.faults:
        typer.echo(f"{what}: {fault}", err=True)
    if table.faults:
        raise fail(f"{len(table.faults)} line(s) are wrong: nothing was changed")
    _tell(operation, name, table.orders, blake2b(data, digest_size=8).hexdigest())
    waiting = _held(operation, name)
    if as_json:
        return [json.dumps({"orders": len(table.orders), "held": len(waiting)})]
    return [f"{len(table.orders)} order(s) taken over", *_waiting(waiting)]


def _tell(operation: Operation, name: str, told: tuple[Told, ...], mark: str) -> None:
    operation.handle(
        OrdersTold(
            key=f"orders:{name}:{operation.now}:{mark}",
            community=name,
            at=operation.now,
            orders=tuple(
                (each.order, each.buyer, each.at, each.cents, each.what, each.refunded)
                for each in told
            ),
        )
    )


def _held(operation: Operation, name: str) -> list[Order]:
    return operation.look(name, lambda context: list(offer_orders.held(context)))


def _waiting(orders: list[Order]) -> Iterator[str]:
    if not orders:
        return
    yield f"{len(orders)} order(s) are nobody's yet:"
    for each in orders:
        yield f"  {each.order}  {each.buyer}: {_WHY[each.why]}"


_WHY = {
    offer_orders.UNKNOWN: "no member has this id or name; qunyun orders assign ORDER USERID",
    offer_orders.SEVERAL: "several members are called so; qunyun orders assign ORDER USERID",
}


def _list(operation: Operation, name: str, _what: str, _member: str, as_json: bool) -> list[str]:  # noqa: FBT001 - as given
    waiting = _held(operation, name)
    if as_json:
        return [json.dumps([asdict(each) for each in waiting], ensure_ascii=False)]
    return list(_waiting(waiting)) or ["every order is somebody's"]


def _assign(operation: Operation, name: str, what: str, member: str, as_json: bool) -> list[str]:  # noqa: FBT001 - as given
    found = next((each for each in _held(operation, name) if each.order == what), None)
    if found is None or not member:
        raise Broken("say one of the orders of qunyun orders list, and the userid of its buyer")
    told = Told(
        line=1, order=found.order, buyer=member, at=found.at, cents=found.cents, what=found.what,
        refunded=found.refunded,
    )  # fmt: skip
    if not operation.look(name, lambda context: offer_orders.is_known(context, member)):
        raise Broken(f"no member has the id {member}")
    _tell(operation, name, (told,), found.order)
    if as_json:
        return [json.dumps({"order": found.order, "member": member}, ensure_ascii=False)]
    return [f"order {found.order} is {member}'s"]
