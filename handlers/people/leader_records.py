"""Where somebody stands on the way of leaders: every change is kept, and is a line of its own."""

from dataclasses import replace
from typing import Any, Final

from handlers.people import people
from handlers.ports import Context
from sop.actions import Action
from sop.model import Leader, LeaderChange, Person

APPLIED: Final = "applied"
VOTING: Final = "voting"
PROBATION: Final = "probation"
SERVING: Final = "serving"
ENDED: Final = "ended"
REFUSED: Final = "refused"
"""Refused, rejected, or not elected: who never led, or came forward again in vain."""

CANDIDATE: Final = (APPLIED, VOTING)
LEADING: Final = (PROBATION, SERVING)
OVER: Final = (ENDED, REFUSED)


def of(context: Context, person: int) -> Leader | None:
    """Return how far somebody is, None where they never came forward."""
    return context.store.get(Leader, context.community, person)


def fresh(context: Context, person: int, group: str) -> Leader:
    """Return the record of somebody who comes forward in a group for the first time; not kept."""
    return Leader(
        community=context.community, person=person, group=group, status=REFUSED,
        since=context.now,
    )  # fmt: skip


def change(
    context: Context, leader: Leader, what: str, *, reason: str = "", by: int = 0,
    figures: tuple[str, ...] = (), **fields: Any,
) -> Action:  # fmt: skip
    """Change where somebody stands (`fields`), keep what happened, and return its line.

    `since` is now where the status changes; the role follows it.
    """
    if fields.get("status", leader.status) != leader.status:
        fields["since"] = context.now
    leader = replace(leader, **fields)
    context.store.put(leader)
    keep(context, leader, what, reason=reason, by=by, body={"figures": figures})
    settle_role(context, leader.person)
    return Action(
        do="leader", group=leader.group, member=str(leader.person), text=what, reason=reason
    )


def keep(
    context: Context, leader: Leader, what: str, *, reason: str = "", by: int = 0,
    body: dict[str, Any] | None = None,
) -> None:  # fmt: skip
    """Keep one thing of somebody's way."""
    context.store.put(
        LeaderChange(
            community=context.community,
            id=context.store.number(context.community, "leader-change"),
            person=leader.person,
            group=leader.group,
            at=context.now,
            what=what,
            reason=reason,
            by=by,
            body=body or {},
        )
    )


def settle_role(context: Context, person: int) -> None:
    """Give somebody the role that follows from how they serve, unless they have a higher one."""
    known = context.store.get(Person, context.community, person)
    if known is None or known.role not in ("member", people.LEADER):
        return
    context.store.put(replace(known, role=standing_role(context, person)))


def standing_role(context: Context, person: int) -> str:
    """Return the role somebody has by themselves: leader while they serve, else member."""
    found = of(context, person)
    return people.LEADER if found is not None and found.status == SERVING else "member"


def title_of(context: Context, tier: str) -> str:
    """Return what a tier is called."""
    leaders = context.book.pack.leaders
    tiers = leaders.tiers if leaders is not None else ()
    return next((each.title for each in tiers if each.id == tier), tier)
