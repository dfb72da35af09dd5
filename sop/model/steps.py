"""What the clock owes: occurrences, runs, and what they used."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sop.frozen import quick
from sop.model.record import Record


@quick
@dataclass(frozen=True, slots=True, kw_only=True)
class Occurrence(Record):
    """Something the clock will do. status: pending, done, skipped, dropped.

    `due_at` is the moment that was planned and part of the key; `run_at` is when to wake
    (later than `due_at` when held). `kind` is `step` or names a deadline of the program's own.
    `version` is that of the pack under which it began (held, in an open batch, of an open
    thread) and will end; empty for what has not begun: that follows the pack in force.
    `rank` orders what is due at one instant, see `sop.budgets.budget.rank_of`.
    """

    KEY = ("community", "group", "kind", "step", "subject", "cause", "due_at")
    community: str
    group: str
    kind: str
    step: str
    subject: str
    cause: str
    due_at: int
    run_at: int
    status: str = "pending"
    body: Mapping[str, Any] = field(default_factory=dict)
    version: str = ""
    rank: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class StepRun(Record):
    """A step whose actions were handed to delivery, for limits, step_done and {after: …}."""

    KEY = ("community", "id")
    community: str
    id: int
    group: str
    step: str
    person: int
    at: int
    due_at: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Trace(Record):
    """What became of one occurrence of a step, and why; one row each, the latest word of it.

    `verdict` is run, held, merged, dropped or not-fired; `reason` one machine word; `figures`
    what was asked and found, one sentence each. `held` says when (ms) and why it had to wait.
    `subject` is the step's member, as text, where it has one.
    """

    KEY = ("community", "group", "step", "subject", "cause", "due_at")
    community: str
    group: str
    step: str
    subject: str
    cause: str
    due_at: int
    at: int
    verdict: str
    reason: str = ""
    figures: tuple[str, ...] = ()
    held: tuple[tuple[int, str], ...] = ()
    version: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Spending(Record):
    """What the bot has started by itself against one limit.

    `scope` is `group:ID` and `member:ID` (messages), `bundle:ID` (bundles sent), each per
    `period` (a local day or ISO week), or `all:ID`: the instants of @all, without a period.
    """

    KEY = ("community", "scope", "period")
    community: str
    scope: str
    period: str
    at: int
    spent: int = 0
    instants: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PoolUse(Record):
    """How far a content pool is used.

    `used` are the marks of the items used up, the newest last; `taken` of them on the local day
    `day`. `warned` tells with which content people were last told that it runs low.
    """

    KEY = ("community", "scope", "pool")
    community: str
    scope: str
    pool: str
    used: tuple[str, ...] = ()
    day: str = ""
    taken: int = 0
    warned: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Preparation(Record):
    """What a person was asked to bring for one occurrence of a step, and what they brought.

    `scope` is the group, empty where one item is for all of the community. `due_at` is the
    occurrence's; `text` is empty until something was given.
    """

    KEY = ("community", "scope", "step", "due_at")
    community: str
    scope: str
    step: str
    due_at: int
    text: str = ""
    by: int = 0
