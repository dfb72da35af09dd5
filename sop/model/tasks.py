"""What people are asked to do, and what they were advised."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sop.model.record import Record


@dataclass(frozen=True, slots=True, kw_only=True)
class Task(Record):
    """Something only a person can do.

    status: open, done, approved, rejected, declined (nobody could do it), void (it settled
    itself). `about` names the thing it is for: no two open tasks share it. `to` is owner, staff,
    leader or a person id as text, `told` which of them it was passed on to since. `prepared` are
    words to be sent on as they are. `taken_by` is who does it, `declined` who cannot.
    `claimed_at`: it was said to be done, and is looked for.
    """

    KEY = ("community", "id")
    community: str
    id: int
    group: str
    kind: str
    to: str
    text: str
    about: str
    step: str = ""
    rule: str = ""
    person: int = 0
    target: str = ""
    status: str = "open"
    created_at: int
    due_at: int = 0
    reminded_at: int = 0
    closed_at: int = 0
    closed_by: int = 0
    prepared: str = ""
    told: tuple[str, ...] = ()
    taken_by: int = 0
    taken_at: int = 0
    declined: tuple[int, ...] = ()
    claimed_at: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskCard(Record):
    """The delivery `sent` carries a card whose buttons answer a task; `at` is 0 once it closes."""

    KEY = ("community", "task", "sent")
    community: str
    task: int
    sent: int
    at: int


@dataclass(frozen=True, slots=True, kw_only=True)
class BulkAnswer(Record):
    """One answer of `by` to all entries that wait in some collections, and how far it has come.

    Each of `groups` with the one of `steps` at its place is a collection; `last` is the newest
    task that is meant. status: asked, confirmed, done.
    """

    KEY = ("community", "id")
    community: str
    id: int
    by: int
    at: int
    choice: str
    last: int
    groups: tuple[str, ...]
    steps: tuple[str, ...]
    status: str = "asked"
    done: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class AdviceGiven(Record):
    """Something the program advised for a group, and what people said to it; kept for ever.

    status: open, accepted, declined, undone, overruled (an edit of a file says otherwise since),
    replaced (by a newer one about the same thing), lapsed (nobody said anything until the next).
    `about` names the thing, `reason` and `facts` make its words. `change` is what it changes, in
    the form of `Group.override`, `before` what the group had there when it was accepted; without
    a change accepting it makes the task `task`.
    """

    KEY = ("community", "id")
    community: str
    id: int
    group: str
    about: str
    reason: str
    at: int
    facts: Mapping[str, Any] = field(default_factory=dict)
    change: Mapping[str, Any] = field(default_factory=dict)
    before: Mapping[str, Any] = field(default_factory=dict)
    status: str = "open"
    task: int = 0
    closed_at: int = 0
    closed_by: int = 0
