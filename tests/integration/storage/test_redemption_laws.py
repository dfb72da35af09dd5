"""Whatever people and staff do in whatever order and batches: stock, codes and points agree."""

from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.dispatcher import Dispatcher
from bot.intake.writer import Job, Writer
from bot.routes import ROUTES
from handlers.accounts.verification import differences
from handlers.benefits import code_lists
from handlers.benefits.code_lists import Sealed
from handlers.ports import Store
from sop.activities import benefit_terms, codes
from sop.events import Event, TaskAnswered
from sop.model import Claim, Code, DeadEvent, LedgerEntry, Person
from sop.told_events import BenefitRefunded
from storage.database import Database
from tests import builders, redeeming
from tests.builders import COMMUNITY, EVENING, GROUP
from tests.databases import made
from tests.redeeming import PURSE, VAULT

PEOPLE = 4
PACK = """
benefits:
  - {id: coupon, title: 书店券, kind: code, price: 30, per_member: 3}
  - {id: mug, title: 马克杯, kind: quota, price: 20, stock: 2, approve: staff, per_member: 2}
  - {id: talk, title: 作者交流, kind: service, fulfil: task, stock: 2, per_member: 2}
"""
TITLES = ("书店券", "马克杯", "作者交流")
BOOK = builders.book(PACK)
EMPTY = builders.book("")


@dataclass
class World:
    """A club, its clock and what was promised to nobody: events are made in order."""

    database: Database
    now: int = EVENING
    made: int = 0
    brought: int = 0
    book: Any = BOOK

    def __post_init__(self) -> None:
        redeeming.settle(self.database, PEOPLE, 2)
        self.writer = Writer(self.database)
        self.dispatcher = Dispatcher(ROUTES, lambda _: self.book, lambda: self.now)

    def job(self, event: Event) -> Job:
        return self.dispatcher.job(event)

    def fields(self) -> dict[str, Any]:
        self.made += 1
        return {"key": f"e{self.made}", "community": COMMUNITY, "group": GROUP, "at": self.now}


Step = Callable[[World], Iterator[Job]]


def redeem(person: int, title: int) -> Step:
    def step(world: World) -> Iterator[Job]:
        fields = {**world.fields(), "sender": f"user{person}", "mentions_bot": True}
        yield world.job(builders.message(f"兑换 {TITLES[title]}", **fields))

    return step


def refund(claim: int) -> Step:
    def step(world: World) -> Iterator[Job]:
        yield world.job(BenefitRefunded(**world.fields(), claim=claim))

    return step


def answer(task: int, choice: str) -> Step:
    def step(world: World) -> Iterator[Job]:
        yield world.job(TaskAnswered(**world.fields(), task=str(task), choice=choice, by="owner"))

    return step


def bring() -> Step:
    def step(world: World) -> Iterator[Job]:
        world.brought += 1
        said = f"LATER-{world.brought:04}"
        one = Sealed(1, VAULT.marks(COMMUNITY, said), VAULT.seal(said), codes.tail_of(said))
        yield Job(
            run=lambda store: code_lists.take_over(store, COMMUNITY, "coupon", [one], world.now)
        )

    return step


def wait(days: int) -> Step:
    def step(world: World) -> Iterator[Job]:
        # A clock may be set back, too.
        world.now += days * 86_400_000
        yield from ()

    return step


def withdraw(*, back: bool) -> Step:
    def step(world: World) -> Iterator[Job]:
        world.book = BOOK if back else EMPTY
        yield from ()

    return step


STEPS = st.one_of(
    st.builds(redeem, st.integers(1, PEOPLE), st.integers(0, 2)),
    st.builds(redeem, st.integers(1, PEOPLE), st.integers(0, 2)),
    st.builds(refund, st.integers(1, 6)),
    st.builds(answer, st.integers(1, 6), st.sampled_from(["approve", "reject", "done"])),
    st.builds(bring),
    st.builds(wait, st.integers(-40, 40)),
    st.builds(withdraw, back=st.booleans()),
)


PLAYED, SIZES = st.lists(STEPS, max_size=25), st.lists(st.integers(1, 5), max_size=8)


@given(PLAYED, SIZES)
@settings(max_examples=20)
def test_stock_codes_and_points_agree_after_anything(steps: list[Step], sizes: list[int]):
    with made("sqlite") as database:
        play(World(database), steps, sizes)


@given(PLAYED, SIZES)
@settings(max_examples=10)
def test_they_agree_on_postgresql_too(steps: list[Step], sizes: list[int]):
    with made("postgresql") as database:
        play(World(database), steps, sizes)


def play(world: World, steps: list[Step], sizes: list[int]) -> None:
    waiting: deque[Job] = deque()
    limits = deque(sizes)
    for step in steps:
        waiting.extend(step(world))
        if len(waiting) >= (limits[0] if limits else 3):
            limits = deque(list(limits)[1:])
            world.writer.run(list(waiting))
            waiting.clear()
    world.writer.run(list(waiting))

    done = world.writer.run([Job(run=lawful)])[0]
    if done.error is not None:
        raise done.error


def lawful(store: Store) -> None:
    claims = store.find(Claim, community=COMMUNITY)
    used = store.find(Code, community=COMMUNITY, claim__gt=0)
    entries = store.find(LedgerEntry, community=COMMUNITY)
    assert store.count(DeadEvent) == 0
    for name, stock in (("mug", 2), ("talk", 2)):
        gone = [c for c in claims if c.benefit == name and c.status in benefit_terms.GONE]
        assert len(gone) <= stock
    coupons = [c for c in claims if c.benefit == "coupon"]
    assert sorted(c.id for c in coupons) == sorted(each.claim for each in used)
    assert len({c.code for c in claims if c.code}) == sum(bool(c.code) for c in claims)
    assert all((c.status != "waiting") == bool(c.code) for c in claims if c.benefit == "coupon")
    undone = {each.reversal_of for each in entries if each.deed == "reversal"}
    paid = {each.source: each for each in entries if each.deed == "redeem"}
    for claim in claims:
        entry = paid.pop(f"claim:{claim.id}", None)
        assert (entry.points if entry else 0) == -claim.price
        back = claim.status in ("refunded", "spoiled")
        assert entry is None or (entry.id in undone) == back
    assert paid == {}
    for person in store.find(Person, community=COMMUNITY):
        assert person.balance == sum(e.points for e in entries if e.person == person.id)
        assert 0 <= person.balance <= PURSE
    assert list(differences(store, BOOK, COMMUNITY)) == []
