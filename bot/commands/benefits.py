"""`qunyun benefits` and `refund`: what is promised against what there is, and giving back."""

import json
from collections.abc import Iterator
from dataclasses import asdict
from typing import Annotated, Any

import typer

from bot.commands.shared import AsJson, deployment_or_exit, unbroken_or_exit
from bot.operations.benefit_desk import opened
from sop.activities.benefit_terms import Forecast, Offered

Community = Annotated[str, typer.Option(help="One community; default: all.")]


def benefits(community: Community = "", *, as_json: AsJson = False) -> None:
    """Show each benefit's stock and pace, and what points in members' hands could ask for."""
    with unbroken_or_exit(), opened(*deployment_or_exit()) as desk:
        found = {name: desk.forecast(name) for name in desk.chosen(community)}
    if as_json:
        listed = [{"community": name, **_as_dict(each)} for name, each in found.items()]
        typer.echo(json.dumps(listed, ensure_ascii=False))
        return
    for name, each in found.items():
        for line in _told(name, each):
            typer.echo(line)


def refund(
    claim: Annotated[int, typer.Argument(min=1, help="The claim's number.")],
    community: Community = "",
) -> None:
    """Take a benefit back: points return by a reversing entry, and the member is told.

    What was seen already (a code, a file, a link) goes to nobody else. The bot may be running.
    """
    with unbroken_or_exit(1), opened(*deployment_or_exit()) as desk:
        found = desk.refund(claim, community)
    back = f", {found.price} points back" if found.price else ""
    stock = "not back in stock: it was seen" if found.status == "spoiled" else "back in stock"
    typer.echo(f"claim {claim} ({found.title or found.benefit}) given back{back}; {stock}")


def _told(name: str, found: Forecast) -> Iterator[str]:
    yield name
    for each in found.offered:
        price = f"{each.price} points" if each.price else "free"
        pace = f"{each.lately} in 30 days"
        yield f"  {each.id}  {each.title}  {price}, {_stock(each)}, {pace}{_lasting(each)}"
    yield (
        f"  members hold {found.outstanding:,} points; in 30 days they earned {found.earned:,} "
        f"and spent {found.spent:,}"
    )
    if found.budget is not None:
        yield f"  this period's benefits cost {found.spent_budget:,} of {found.budget:,}"
    yield from (f"  warning: {each}" for each in _warnings(found))


def _stock(each: Offered) -> str:
    if each.withdrawn:
        return "no longer in the pack"
    return "no limit" if each.left is None else f"{each.left:,} left"


def _lasting(each: Offered) -> str:
    months = each.months_left
    return "" if months is None or each.withdrawn else f", lasts {months:g} months"


def _warnings(found: Forecast) -> Iterator[str]:
    for each in found.offered:
        if each.low:
            yield f"{each.id} lasts for less than another month"
    if found.promises_too_much:
        yield (
            f"all priced stock takes in {found.covered:,} points: for {found.uncovered:,} of "
            "those that members hold there is nothing to be had"
        )


def _as_dict(found: Forecast) -> dict[str, Any]:
    offered = [
        {**asdict(each), "months_left": each.months_left, "low": each.low}
        for each in found.offered
    ]
    return {
        "benefits": offered, "outstanding": found.outstanding, "earned": found.earned,
        "spent": found.spent, "covered": found.covered, "uncovered": found.uncovered,
        "budget": found.budget, "spent_budget": found.spent_budget,
        "warnings": list(_warnings(found)),
    }  # fmt: skip
