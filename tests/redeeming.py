"""Many people who want the same few codes, in a real database, and in processes of their own."""

import asyncio
import os
from collections.abc import Iterable
from pathlib import Path

from bot.dispatcher import Dispatcher, Handled
from bot.intake.local import LocalIntake
from bot.intake.writer import Job, Writer
from bot.routes import ROUTES
from bot.vault import Vault
from handlers.benefits import code_lists
from handlers.benefits.code_lists import Sealed
from handlers.ports import Store
from sop.activities import codes
from sop.book import Book
from sop.events import MessageReceived
from sop.model import Identity, LedgerEntry
from storage.database import Database
from tests import builders
from tests.builders import COMMUNITY, EVENING, GROUP

PRICE = 60
PURSE = 100
PACK = f"""
benefits: [{{id: coupon, title: 书店券, kind: code, price: {PRICE}}}]
"""
BOOK: Book = builders.book(PACK)
VAULT = Vault("a secret", Path("/nonexistent/keys"))


def code(number: int) -> str:
    return f"COUPON-{number:04}"


def settle(database: Database, people: int, stock: int) -> None:
    """People with points in their purses, and codes for some of them."""

    def run(store: Store) -> None:
        store.put(builders.group())
        for number in range(1, people + 1):
            userid = f"user{number}"
            store.put(builders.person(store.number(COMMUNITY, "person"), balance=PURSE))
            store.put(Identity(community=COMMUNITY, userid=userid, person=number, shown=userid))
            store.put(builders.member(number))
            store.put(_purse(store, number))
        brought = [_sealed(number) for number in range(stock)]
        assert code_lists.take_over(store, COMMUNITY, "coupon", brought, EVENING) == ()

    done = Writer(database).run([Job(run=run)])[0]
    assert done.error is None, done.error


def _purse(store: Store, number: int) -> LedgerEntry:
    return LedgerEntry(
        community=COMMUNITY, id=store.number(COMMUNITY, "ledger"), person=number, group=GROUP,
        deed="award", points=PURSE, source="purse", step="", version="v1", at=EVENING,
    )  # fmt: skip


def _sealed(number: int) -> Sealed:
    said = code(number)
    marks, sealed = VAULT.marks(COMMUNITY, said), VAULT.seal(said)
    return Sealed(number, marks, sealed, codes.tail_of(said))


def wish(number: int) -> MessageReceived:
    return builders.message(
        "兑换 书店券", sender=f"user{number}", key=f"wish:{number}", mentions_bot=True
    )


async def wished(url: str, numbers: Iterable[int], *, aloud: bool = False) -> list[Handled]:
    """Let all of them redeem at once, through the queue and its writer thread.

    `aloud` prints the key of each that was acknowledged.
    """
    database = Database(url)
    dispatcher = Dispatcher(ROUTES, lambda _community: BOOK, lambda: EVENING)
    intake = LocalIntake(Writer(database), limit=10_000, due_jobs=lambda _limit: ())
    intake.start()

    async def one(number: int) -> Handled:
        handled: Handled = await intake.submit(dispatcher.job(wish(number)))
        if aloud:
            os.write(1, f"{number}\n".encode())
        return handled

    try:
        return list(await asyncio.gather(*map(one, numbers)))
    finally:
        await intake.stop()
        database.close()


def redeem(url: str, wanted: range) -> None:
    """Let these people redeem, aloud: for a process of its own."""
    asyncio.run(wished(url, wanted, aloud=True))
