"""A thousand people at once for a hundred codes: each code goes to one, and nobody pays in vain.

The law holds on both databases, and of several writers: one of them writes at a time.
"""

import asyncio
import signal
from itertools import chain
from pathlib import Path

import pytest

from bot.dispatcher import Handled
from bot.intake.writer import Job, Writer
from handlers.accounts.verification import differences
from handlers.ports import Store
from sop.activities.codes import in_text
from sop.model import Claim, Code, DeadEvent, LedgerEntry, Person
from storage.database import Database
from tests.apart import apart
from tests.builders import COMMUNITY
from tests.redeeming import BOOK, PRICE, PURSE, VAULT, code, redeem, settle, wished


def opened(url: str, people: int, stock: int) -> Database:
    database = Database(url)
    database.migrate()
    settle(database, people, stock)
    return database


def examine(database: Database, stock: int, wanted: int) -> None:
    """As many as there are codes have one each and paid once; the others have all they had."""

    def look(store: Store) -> None:
        claims = store.find(Claim, community=COMMUNITY)
        used = store.find(Code, community=COMMUNITY, claim__gt=0)
        paid = store.find(LedgerEntry, community=COMMUNITY, deed="redeem")
        given = min(stock, wanted)
        assert [len(each) for each in (claims, used, paid)] == [given] * 3
        assert len({claim.person for claim in claims}) == given
        assert {claim.code for claim in claims} == {in_text(each.sealed) for each in used}
        assert {claim.id for claim in claims} == {each.claim for each in used}
        opened_codes = {VAULT.open(each.sealed) for each in used}
        assert opened_codes <= {code(number) for number in range(stock)}
        assert len(opened_codes) == given
        assert {each.person for each in paid} == {claim.person for claim in claims}
        # The owner is told of the stock, and has no purse.
        people = [each for each in store.find(Person) if each.userid.startswith("user")]
        poorer = {each.id for each in people if each.balance == PURSE - PRICE}
        assert poorer == {claim.person for claim in claims}
        assert all(each.balance in (PURSE, PURSE - PRICE) for each in people)
        assert store.count(DeadEvent) == 0
        assert list(differences(store, BOOK, COMMUNITY)) == []

    done = Writer(database).run([Job(run=look)])[0]
    if done.error is not None:
        raise done.error


def test_a_thousand_at_once_get_a_hundred_codes(any_url: str):
    database = opened(any_url, people=1_000, stock=100)

    async def wished_of_two() -> list[list[Handled]]:
        return await asyncio.gather(*(wished(any_url, range(one, 1_001, 2)) for one in (1, 2)))

    handled = chain.from_iterable(asyncio.run(wished_of_two()))

    words = [line.text for each in handled for line in each.actions if line.do == "dm"]
    assert sum("用了 60 分" in each for each in words) == 100
    assert sum("领完" in each for each in words) == 900
    examine(database, 100, 1_000)
    database.close()


def test_several_processes_share_one_stock(tmp_path: Path):
    url = f"sqlite:///{tmp_path / 'q.db'}"
    database = opened(url, people=120, stock=40)

    shares = [range(first, 121, 2) for first in (1, 2)]
    with apart(redeem, url, shares[0]) as one, apart(redeem, url, shares[1]) as other:
        assert [one.ended(), other.ended()] == [0, 0]
    examine(database, 40, 120)
    database.close()


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="needs SIGKILL")
def test_a_kill_in_the_middle_gives_nothing_twice_and_loses_nothing(tmp_path: Path):
    url = f"sqlite:///{tmp_path / 'q.db'}"
    database = opened(url, people=200, stock=150)

    told: set[int] = set()
    for lines in (1, 70):
        with apart(redeem, url, range(1, 201)) as shop:
            told |= {int(shop.said.readline()) for _ in range(lines)}
            shop.process.kill()
            told |= {int(line) for line in shop.said.read().splitlines()}
    before = {claim.person for claim in database.read(lambda store: store.find(Claim))}
    asyncio.run(wished(url, range(1, 201)))

    after = {claim.person for claim in database.read(lambda store: store.find(Claim))}
    assert told
    assert before <= after
    examine(database, 150, 200)
    database.close()
