"""What each offer brought, in lines for people and as a table for programs."""

from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from handlers.offers.offer_figures import Arm, StepFigures
from sop.activities.lift import Lift


def lines(found: StepFigures) -> Iterator[str]:
    """Yield what to print of one step's offers."""
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


def as_dict(found: StepFigures) -> dict[str, Any]:
    """Return the same for programs; `lift` is None where nobody was left out or offered it."""
    claims, orders = found.claims, found.orders
    lift = claims and orders and {
        "few": claims.few, "claims": _interval(claims), "orders": _interval(orders)
    }  # fmt: skip
    return {**asdict(found), "lift": lift}


def _interval(lift: Lift) -> dict[str, Any]:
    return {
        "value": lift.value, "low": lift.low, "high": lift.high, "certain": lift.is_certain,
    }  # fmt: skip
