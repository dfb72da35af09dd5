"""What is forgotten when, and that nothing else is."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from sop.finding.ranking import kept, scope_of
from sop.model import (
    Attempt,
    DeadEvent,
    Item,
    LedgerEntry,
    Message,
    Nickname,
    Nonce,
    Note,
    Occurrence,
    Outgoing,
    Record,
    Relay,
    SeenEvent,
    Spending,
    Strike,
    Trace,
)
from sop.times.durations import DAY_MS
from storage import retention
from storage.database import Database
from tests.databases import in_memory

NOW = 2_000_000_000_000


@pytest.fixture
def database(any_database: Database) -> Database:
    return any_database


def put(database: Database, *records: Record) -> None:
    batch = database.batch()
    with batch.event() as store:
        for record in records:
            store.put(record)
    batch.commit()


def prune(database: Database, *, days: int = 90, limit: int = 100) -> int:
    batch = database.batch()
    with batch.event() as store:
        done = retention.prune(store, NOW, retain_text_days=days, limit=limit)
    batch.commit()
    return done


def everything(database: Database, kind: type[Record]) -> list[Record]:
    return list(database.read(lambda store: store.find(kind)))


def message(number: int, at: int, text: str = "早上好") -> Message:
    return Message(
        community="c", id=number, group="g", person=1, at=at, message_id=f"m{number}", text=text,
        fingerprint="f",
    )  # fmt: skip


def outgoing(number: int, at: int, status: str) -> Outgoing:
    return Outgoing(
        community="c", id=number, event_key="e", group="g", do="post", channel="app", chat="x",
        klass="step", body={"text": "words"}, status=status, created_at=at, not_before=at,
    )  # fmt: skip


def occurrence(step: str, at: int, status: str, cause: str = "") -> Occurrence:
    return Occurrence(
        community="c", group="g", kind="step", step=step, subject="", cause=cause, due_at=at,
        run_at=at, status=status,
    )  # fmt: skip


def trace(at: int) -> Trace:
    return Trace(
        community="c", group="g", step="s", subject="", cause="", due_at=at, at=at, verdict="run"
    )


def ago(days: float) -> int:
    return NOW - int(days * DAY_MS)


AGED = [
    (30, lambda at: SeenEvent(key_="k", community="c", at=at)),
    (2, lambda at: Nonce(stamped_at=at, surface="app", nonce="n", event_key="k")),
    (2, lambda at: Attempt(window="w", id=1, at=at)),
    (400, lambda at: Note(community="c", id=1, group="g", at=at, do="held", body={})),
    (90, lambda at: outgoing(1, at, "sent")),
    (90, lambda at: outgoing(1, at, "failed")),
    (90, lambda at: outgoing(1, at, "unknown")),
    (90, lambda at: outgoing(1, at, "dropped")),
    (90, lambda at: DeadEvent(key_="k", community="c", at=at, payload="words", error="e")),
    (30, lambda at: occurrence("s", at, "done")),
    (30, lambda at: occurrence("s", at, "skipped")),
    (30, lambda at: occurrence("s", at, "dropped")),
    (400, lambda at: occurrence("s", at, "done", cause="stint:1")),
    (30, lambda at: occurrence("s", at, "done", cause="each")),
    (90, trace),
    (400, lambda at: Spending(community="c", scope="group:g", period="2026-12-01", at=at)),
]


@pytest.mark.parametrize(("days", "make"), AGED)
def test_a_record_goes_after_its_days_and_not_before(
    database: Database, days: int, make: Callable[[int], Record]
):
    young = make(ago(days - 0.01))
    put(database, young)
    assert prune(database) == 0
    assert everything(database, type(young)) == [young]

    with in_memory() as later:
        put(later, make(ago(days + 0.01)))
        assert prune(later) == 1
        assert everything(later, type(young)) == []


@pytest.mark.parametrize(
    "record",
    [
        outgoing(1, ago(500), "pending"),
        outgoing(1, ago(500), "sending"),
        outgoing(1, ago(500), "leased"),
        occurrence("s", ago(500), "pending"),
        occurrence("s", ago(500), "dead"),
        LedgerEntry(
            community="c", id=1, person=1, group="g", deed="message", points=1, source="m",
            step="", version="v", at=ago(5000),
        ),
        Strike(
            community="c", id=1, person=1, group="g", rule="ads", at=ago(5000), source="m",
            measure="warn",
        ),
    ],
)  # fmt: skip
def test_what_is_still_to_do_and_what_counts_stays_for_ever(database: Database, record: Record):
    put(database, record)

    assert prune(database) == 0

    assert everything(database, type(record)) == [record]


def test_an_old_message_loses_its_text_and_nothing_else(database: Database):
    old, young, bare = message(1, ago(91)), message(2, ago(89)), message(3, ago(100), text="")
    put(database, old, young, bare)

    assert prune(database) == 1

    assert everything(database, Message) == [replace(old, text=""), young, bare]
    assert prune(database) == 0


def test_words_in_deliveries_and_dead_events_follow_the_setting_both_ways(database: Database):
    dead = DeadEvent(key_="k", community="c", at=ago(8), payload="words", error="e")
    put(database, outgoing(1, ago(8), "sent"), dead, SeenEvent(key_="k", community="c", at=ago(8)))

    assert prune(database, days=9) == 0
    assert prune(database, days=7) == 2

    assert everything(database, Outgoing) == everything(database, DeadEvent) == []
    assert len(everything(database, SeenEvent)) == 1


def test_a_step_takes_no_more_than_its_limit_and_the_oldest_first(database: Database):
    put(database, *(message(each, ago(100 + each)) for each in range(5)))
    put(database, *(SeenEvent(key_=f"k{each}", community="c", at=ago(40)) for each in range(5)))

    assert prune(database, limit=3) == 3
    left = {each.id for each in everything(database, Message) if each.text}  # type: ignore[attr-defined]
    assert left == {0, 1}
    assert prune(database, limit=4) == 4
    assert len(everything(database, SeenEvent)) == 3
    assert prune(database, limit=100) == 3
    assert prune(database, limit=100) == 0


@pytest.mark.parametrize("status", ["open", "escalated", "known"])
def test_an_old_question_nobody_answered_loses_its_words_and_cannot_be_found(
    database: Database, status: str
):
    asked = question(status, NOW - 91 * DAY_MS)
    put(database, asked)
    keep(database, asked)

    assert prune(database) == 1

    assert everything(database, Item) == [replace(asked, text="", status="forgotten")]
    assert found(database, "question") == []
    assert prune(database) == 0


@pytest.mark.parametrize("status", ["answered", "accepted"])
def test_what_was_answered_is_knowledge_and_stays(database: Database, status: str):
    asked = question(status, NOW - 4000 * DAY_MS)
    put(database, asked)
    keep(database, asked)

    assert prune(database) == 0

    assert everything(database, Item) == [asked]
    assert found(database, scope_of(asked.kind, status)) == [1]


def question(status: str, at: int) -> Item:
    return Item(
        community="c", group="g", number=1, kind="question", person=1, text="怎么退款", at=at,
        message_id="m1", status=status,
    )  # fmt: skip


def keep(database: Database, item: Item) -> None:
    batch = database.batch()
    with batch.event() as store:
        store.index("c", "g", item.number, scope_of(item.kind, item.status), kept(item.text))
    batch.commit()


def found(database: Database, scope: str) -> list[int]:
    return database.read(lambda store: list(store.candidates("c", "g", scope, ("退款",), 9)))


def test_signed_lists_go_with_the_texts_and_whom_nicknames_mean_stays(database: Database):
    relays = [
        Relay(
            community="c", id=days, by=1, at=NOW - days * DAY_MS, group="g", title="t", mark="m",
            text="#接龙\n1. 小禾", status="done",
        )
        for days in (89, 91)
    ]  # fmt: skip
    name = Nickname(community="c", group="g", name="小禾", person=1, shown="小禾", at=1)
    put(database, *relays, name)

    prune(database)

    assert everything(database, Relay) == relays[:1]
    assert everything(database, Nickname) == [name]
