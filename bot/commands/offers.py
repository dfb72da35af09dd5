"""`qunyun offers` and `orders`: what offers bring, and the orders that tell it."""

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict
from enum import StrEnum
from hashlib import blake2b
from pathlib import Path
from typing import Annotated, TypeVar

import typer

from bot.broken import Broken
from bot.commands.shared import AsJson, deployment_or_exit, fail, read_file, unbroken_or_exit
from bot.operations import offer_lines
from bot.operations.operating import Operation, operating
from handlers.offers import offer_figures, offer_orders
from handlers.offers.offer_figures import StepFigures
from sop.activities.orders import Told, read_orders
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
            {"community": name, **offer_lines.as_dict(each)}
            for name, steps in found.items()
            for each in steps
        ]
        typer.echo(json.dumps(rows, ensure_ascii=False))
        return
    for name, steps in found.items():
        typer.echo(name if steps else f"{name}: nothing was offered")
        for each in steps:
            for line in offer_lines.lines(each):
                typer.echo(f"  {line}")


def _done(work: Callable[[Operation], T]) -> T:
    with unbroken_or_exit(), operating(*deployment_or_exit()) as operation:
        return work(operation)


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
        lambda operation: doing(operation, operation.community(community), what, member, as_json)
    ):
        typer.echo(line)


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
    waiting, told = _held(operation, name), {each.order for each in table.orders}
    of_these = sum(1 for each in waiting if each.order in told)
    if as_json:
        found = {"orders": len(told), "held_of_these": of_these, "held_in_all": len(waiting)}
        return [json.dumps(found)]
    held = f", {of_these} of them nobody's yet" if of_these else ""
    return [f"{len(told)} order(s) taken over{held}", *_waiting(waiting)]


def _tell(operation: Operation, name: str, table: Iterable[Told], mark: str) -> None:
    operation.handle(offer_orders.told(name, table, mark, operation.now))


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
