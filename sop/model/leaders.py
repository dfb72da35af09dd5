"""Who has an office, how they came by it, and whom they look after."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sop.model.record import Record


@dataclass(frozen=True, slots=True, kw_only=True)
class Leader(Record):
    """How far somebody is on the way of leaders, in one community; kept when it is over.

    status: applied (staff look at it), voting, refused (or not elected), probation, serving (in
    `tier`), ended. `since` is when it became that. `failed` counts the reviews failed in a row.
    """

    KEY = ("community", "person")
    community: str
    person: int
    group: str
    status: str
    since: int
    tier: str = ""
    failed: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class LeaderChange(Record):
    """One thing that happened on somebody's way as a leader; kept for ever.

    `what` is the word of the line `leader`, or kept and unknown (of reviews that changed
    nothing) and led (they opened `reason` for the group). `body` holds the figures as they were
    told, and of what was led its thread or step. `by` is 0 where nobody decided it.
    """

    KEY = ("community", "id")
    community: str
    id: int
    person: int
    group: str
    at: int
    what: str
    reason: str = ""
    by: int = 0
    body: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Volunteer(Record):
    """Somebody helps as staff for a term. status: applied, serving (until `until`), ended."""

    KEY = ("community", "person", "duty")
    community: str
    person: int
    duty: str
    group: str
    status: str
    since: int
    until: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class CircleMember(Record):
    """Somebody is in the circle of a tag by their own word; `left_at` is 0 while they are."""

    KEY = ("community", "tag", "person")
    community: str
    tag: str
    person: int
    group: str
    at: int
    left_at: int = 0
