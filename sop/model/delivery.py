"""What is to be sent, and what was tried."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sop.frozen import quick
from sop.model.record import Record


@quick
@dataclass(frozen=True, slots=True, kw_only=True)
class Outgoing(Record):
    """A delivery, written in the transaction that decided it.

    status: leased (to the waiting request until `not_before`), pending, sending, sent,
    failed, unknown, dropped. `klass` orders what shares a group and channel: reply before
    private before step. `body` holds the action's fields, `route` the ways an answer may take.
    """

    KEY = ("community", "id")
    community: str
    id: int
    event_key: str
    group: str
    do: str
    channel: str
    chat: str
    klass: str
    body: Mapping[str, Any]
    route: Mapping[str, Any] = field(default_factory=dict)
    status: str = "pending"
    created_at: int
    not_before: int
    expires_at: int = 0
    attempts: int = 0
    attempted_at: int = 0
    done_at: int = 0
    error: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt(Record):
    """An attempt that counts `amount` in a channel limit's sliding window."""

    KEY = ("window", "id")
    window: str
    id: int
    at: int
    amount: int = 1
