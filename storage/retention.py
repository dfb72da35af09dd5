"""What is forgotten when: pruning by age, a few rows at a time so that no event waits for it.

Occurrences that are one of a kind (they have a cause: a membership, a spell of silence) are
kept long, since their row is what keeps them from being planned again. Counters, ledger,
strikes, claims, numbered contributions and memberships stay for ever. Answers and what they
answer are what a group knows, and keep their words; a question without an answer loses them, and
so does an entry of a collection that is shown to nobody: refused, too late, or never looked at.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final

from sop.activities import collecting
from sop.model import (
    Aside,
    Attempt,
    DeadEvent,
    Item,
    LinkHour,
    LinkPlace,
    LinkVisitor,
    Message,
    Nonce,
    Note,
    Occurrence,
    Outgoing,
    Preparation,
    Reason,
    Record,
    Relay,
    Report,
    SeenEvent,
    Spending,
    TaskCard,
    Trace,
)
from sop.times.durations import DAY_MS
from storage.unit_of_work import Overlay

LONG_DAYS: Final = 400

EACH: Final = "each"
"""The cause of a timed step's occurrence for one of its members (see `handlers.limits.rounds`)."""

SETTLED: Final = ("done", "skipped", "dropped")
UNANSWERED: Final = ("open", "escalated", "known", "seen-to")
UNSHOWN: Final = tuple(sorted(collecting.HIDDEN - {collecting.WITHDRAWN}))
FORGOTTEN: Final = "forgotten"
"""The status of a question whose words are gone; it can still be answered."""

DELIVERED: Final = ("sent", "failed", "unknown", "dropped")


@dataclass(frozen=True, slots=True)
class Rule:
    """Records of one kind go when `column` is older than `days`, if they are like `where`.

    With `texts` they hold people's words: they go with the texts of messages, no earlier than
    after `days`.
    """

    kind: type[Record]
    column: str
    days: int
    where: Mapping[str, Any] = field(default_factory=dict)
    texts: bool = False


RULES: Final[tuple[Rule, ...]] = (
    # A nonce cannot come back once its timestamp is out of the accepted ten minutes.
    Rule(Nonce, "stamped_at", 2),
    # The longest window of a channel limit is a day.
    Rule(Attempt, "at", 2),
    # A repeat is answered with these; the platform repeats within minutes.
    Rule(Outgoing, "not_before", 2, {"status__in": DELIVERED}, texts=True),
    Rule(DeadEvent, "at", 2, texts=True),
    Rule(Aside, "at", 2, texts=True),
    # What people brought for a step that is long over.
    Rule(Preparation, "due_at", 30, texts=True),
    # What people signed is booked by then; whom a nickname means is kept.
    Rule(Relay, "at", 30, texts=True),
    Rule(Reason, "at", 2, texts=True),
    Rule(SeenEvent, "at", 30),
    Rule(Occurrence, "run_at", 30, {"status__in": SETTLED, "cause": ""}),
    # A step that runs for each of many members plans a row for each of them, every time.
    Rule(Occurrence, "run_at", 30, {"status__in": SETTLED, "cause": EACH}),
    Rule(Occurrence, "run_at", LONG_DAYS, {"status__in": SETTLED}),
    Rule(Trace, "at", 90),
    Rule(Report, "at", 90),
    Rule(Spending, "at", LONG_DAYS),
    Rule(Note, "at", LONG_DAYS),
    Rule(LinkHour, "hour", LONG_DAYS),
    # A mark of who opened a link: whoever comes back later counts as somebody new, unpaid.
    Rule(LinkVisitor, "at", 90),
    Rule(LinkPlace, "at", 90),
    # No card can be changed for longer than three days.
    Rule(TaskCard, "at", 4),
)


def prune(store: Any, now: int, *, retain_text_days: int, limit: int) -> int:
    """Forget up to `limit` records' worth of what is too old; returns how many.

    `store` is an event's `Overlay`, `now` ms UTC. While the answer is not 0 there is more.
    """
    assert isinstance(store, Overlay)
    before = now - retain_text_days * DAY_MS
    done = _empty_texts(store, before, limit)
    done += _empty_questions(store, before, limit - done) if done < limit else 0
    done += _empty_entries(store, before, limit - done) if done < limit else 0
    for rule in RULES:
        if done >= limit:
            return done
        days = max(rule.days, retain_text_days) if rule.texts else rule.days
        older = {f"{rule.column}__lt": now - days * DAY_MS}
        done += store.remove(
            rule.kind, order=rule.column, limit=limit - done, **rule.where, **older
        )
    return done


def _empty_texts(store: Overlay, before: int, limit: int) -> int:
    """Empty old messages; who said it when, and its fingerprint, stay."""
    found = store.find(Message, text__ne="", at__lt=before, order="at", limit=limit)
    store.amend(Message, [replace(message, text="") for message in found])
    return len(found)


def _empty_questions(store: Overlay, before: int, limit: int) -> int:
    """Empty old questions that nobody answered; nothing finds them any more."""
    found = store.find(
        Item, kind="question", status__in=UNANSWERED, at__lt=before, order="at", limit=limit
    )
    for item in found:
        store.put(replace(item, text="", status=FORGOTTEN))
        store.index(item.community, item.group, item.number, item.kind, ())
    return len(found)


def _empty_entries(store: Overlay, before: int, limit: int) -> int:
    """Empty old entries that are shown to nobody, as if they had been taken back."""
    found = store.find(
        Item, kind__in=collecting.KINDS, status__in=UNSHOWN, at__lt=before, order="at", limit=limit
    )
    for item in found:
        store.put(replace(item, text="", status=collecting.WITHDRAWN))
    return len(found)
