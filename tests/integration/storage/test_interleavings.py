"""Whatever events do and however they are batched, the state is that of one transaction each."""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.intake.writer import Job, Writer
from handlers.ports import Store
from sop.model import Counter, LedgerEntry, Member, Note, Person, Record, SeenEvent
from tests.databases import made

KINDS: tuple[type[Record], ...] = (Counter, LedgerEntry, Member, Note, Person, SeenEvent)


class Broken(Exception):
    pass


Step = Callable[[Store, list[Any]], None]


def number(name: str) -> Step:
    return lambda store, told: told.append(store.number("c", name))


def add_points(person: int, points: int) -> Step:
    def step(store: Store, told: list[Any]) -> None:
        known = store.get(Person, "c", person)
        balance = known.balance if known else 0
        told.append(balance)
        store.put(Person(community="c", id=person, userid="u", balance=balance + points))

    return step


def book(ident: int, source: int) -> Step:
    """May break the key or the rule that a source pays once: at the put, a search or the end."""

    def step(store: Store, _told: list[Any]) -> None:
        store.put(
            LedgerEntry(
                community="c", id=ident, person=1, group="g", deed="message", points=1,
                source=f"m{source}", step="", version="v", at=0,
            )
        )  # fmt: skip

    return step


def see(key: int) -> Step:
    def step(store: Store, told: list[Any]) -> None:
        seen = store.get(SeenEvent, f"k{key}") is not None
        told.append(seen)
        if not seen:
            store.put(SeenEvent(key_=f"k{key}", community="c", at=0))

    return step


def search(kind: type[Record]) -> Step:
    return lambda store, told: told.append(tuple(store.find(kind)))


def settle_up(least: int) -> Step:
    """Changes what a search finds."""

    def step(store: Store, told: list[Any]) -> None:
        for person in store.find(Person, balance__ge=least, order="-balance", limit=2):
            store.put(Member(community="c", group="g", person=person.id, joined_at=person.balance))
        told.append(store.total(Person, "balance") + store.count(Member, joined_at__gt=least))

    return step


def fail() -> Step:
    def step(_store: Store, _told: list[Any]) -> None:
        raise Broken

    return step


FEW = st.integers(0, 3)
STEPS = st.one_of(
    st.builds(number, st.sampled_from(["a", "b"])),
    st.builds(add_points, FEW, FEW),
    st.builds(book, FEW, FEW),
    st.builds(see, FEW),
    st.builds(search, st.sampled_from(KINDS)),
    st.builds(settle_up, FEW),
    st.builds(fail),
)


@dataclass(frozen=True)
class Plan:
    steps: list[Step]
    loads: list[int]
    rescued: bool


PLANS = st.builds(Plan, st.lists(STEPS, max_size=6), st.lists(FEW, max_size=3), st.booleans())


def job(plan: Plan) -> Job:
    def run(store: Store) -> list[Any]:
        told: list[Any] = []
        for step in plan.steps:
            step(store, told)
        return told

    def rescue(store: Store, error: Exception) -> str:
        ident = store.number("c", "note")
        what = type(error).__name__ == "Broken"
        store.put(Note(community="c", id=ident, group="g", at=0, do="error", body={"b": what}))
        return "rescued"

    keys: list[tuple[type[Record], tuple[Any, ...]]] = [
        *((Person, ("c", each)) for each in plan.loads),
        *((SeenEvent, (f"k{each}",)) for each in plan.loads),
        *((LedgerEntry, ("c", 1, f"m{each}", "message", 0)) for each in plan.loads),
    ]
    return Job(run=run, rescue=rescue if plan.rescued else None, phases=(lambda _batch: keys,))


def outcome(
    plans: list[Plan], sizes: list[int], on: str = "sqlite"
) -> tuple[list[Any], dict[type[Record], Any]]:
    """What each event was told, and the state at the end, with batches of these sizes."""
    jobs, told = deque(job(plan) for plan in plans), []
    with made(on) as database:
        writer = Writer(database)
        for size in [*sizes, len(jobs)]:
            taken = [jobs.popleft() for _ in range(min(size, len(jobs)))]
            told += [(each.result, each.error is None) for each in writer.run(taken)]
        state = {kind: database.read(lambda store, kind=kind: store.find(kind)) for kind in KINDS}
    return told, state


EVENTS, SIZES = st.lists(PLANS, max_size=10), st.lists(st.integers(1, 5), max_size=10)


@given(EVENTS, SIZES)
@settings(max_examples=25)
def test_batches_leave_what_one_transaction_an_event_leaves(plans: list[Plan], sizes: list[int]):
    alone = outcome(plans, [1] * len(plans))

    assert outcome(plans, sizes) == alone
    assert outcome(plans, []) == alone


@given(EVENTS, SIZES)
@settings(max_examples=10)
def test_on_postgresql_they_leave_what_they_leave_on_sqlite(plans: list[Plan], sizes: list[int]):
    assert outcome(plans, sizes, "postgresql") == outcome(plans, sizes)
