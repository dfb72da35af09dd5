"""Who brought whom: when it counts at once, when people look at it first, and when never.

Instants are ms UTC.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

from sop.model import Group, Invitation, Member
from sop.times.durations import DAY_MS

SAID_WITHIN_MS: Final = 7 * DAY_MS
"""So long after coming a guest may tell who brought them."""

STAY_MS: Final = 7 * DAY_MS
"""Who leaves sooner was no guest: what it brought is taken back."""

PER_DAY: Final = 10
PER_MONTH: Final = 30
"""Guests of one inviter in 24 hours and in 30 days that count without a look."""

MONTH_MS: Final = 30 * DAY_MS

LATEST: Final = 10
GONE: Final = 3
"""Where so many of the latest guests have left within days, people look at the next."""

Presence = Literal["new", "unseen", "before"]
"""A guest has come lately for certain; as far as anybody could see; or was here before."""

Refused = Literal["self", "known", "circle", "before", "late"]
Held = Literal["", "unseen", "day", "month", "leaving"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """What an invitation is judged by.

    `chain` are those who brought the inviter, and whoever brought them; `earlier` are the
    inviter's invitations of the last month, the oldest first. `trusted`: owner or staff.
    """

    guest: int
    inviter: int
    at: int
    joined_at: int
    presence: Presence
    known: bool = False
    chain: Sequence[int] = ()
    earlier: Sequence[Invitation] = ()
    trusted: bool = False


def refusal(case: Case) -> Refused | Literal[""]:
    """Return why it can never count; empty where it may."""
    if case.guest == case.inviter:
        return "self"
    if case.known:
        return "known"
    if case.guest in case.chain:
        return "circle"
    if case.presence == "before":
        return "before"
    return "late" if case.at - case.joined_at > SAID_WITHIN_MS else ""


def hold(case: Case) -> Held:
    """Return why people should look at it first; empty where it counts at once."""
    if case.presence == "unseen":
        return "unseen"
    if case.trusted:
        return ""
    if sum(1 for each in case.earlier if each.at > case.at - DAY_MS) >= PER_DAY:
        return "day"
    if len(case.earlier) >= PER_MONTH:
        return "month"
    gone = sum(1 for each in case.earlier[-LATEST:] if each.status == "gone")
    return "leaving" if gone >= GONE else ""


def presence(memberships: Sequence[tuple[Member, Group | None, bool]]) -> Presence:
    """Tell whether somebody came lately, by each membership, its group, and if joins are seen.

    Who was there when the group began, or when its members were first counted, was there before.
    """
    found = {_presence(*each) for each in memberships}
    if not found or "before" in found:
        return "before"
    return "unseen" if "unseen" in found else "new"


def _presence(member: Member, group: Group | None, seen: bool) -> Presence:  # noqa: FBT001 - one of three facts
    if member.stint > 1 or group is None:
        return "before"
    if member.joined_at in (group.created_at, group.adopted_at, group.roster_at):
        return "before"
    return "new" if seen and member.joined_at > group.roster_at else "unseen"
