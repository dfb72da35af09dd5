"""A merge and a split from the command line while both are talking to the running bot."""

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.intake.writer import Writer
from handlers.accounts.verification import differences
from handlers.people import people
from sop.model import LedgerEntry, Message
from tests.builders import EVENING, message
from tests.integration.commands.deployments import ONE_GROUP, Deployment, deployed
from tests.integration.commands.running import qunyun

PACK = """\
score: {window: 30d, earn: {message: {points: 1}}}
steps: []
"""
ENOUGH = 5_000
"""Rounds after which nobody talks any more, whatever becomes of the commands."""


@pytest.fixture
def bot(folder: Path) -> Iterator[Deployment]:
    with deployed(folder, PACK, ONE_GROUP) as bot:
        bot.enforce(EVENING)
        yield bot


def test_nothing_is_lost_or_counted_twice(bot: Deployment):
    database, dispatcher, writer = bot.database, bot.dispatcher, Writer(bot.database)
    died: list[object] = []
    begun, stop = threading.Event(), threading.Event()
    said: list[str] = []

    def talk() -> None:
        for number in range(ENOUGH):
            events = [
                message(f"{number}", community="club", group="alpha", sender=name,
                        key=f"{name}{number}")
                for name in ("li", "wang")
            ]  # fmt: skip
            done = writer.run([dispatcher.job(event) for event in events])
            died.extend(each.error or each.result.error for each in done)
            said.extend(each.key for each in events)
            begun.set()
            if stop.is_set():
                return

    talking = threading.Thread(target=talk)
    talking.start()
    assert begun.wait(10)
    codes = [
        qunyun("merge", "wang", "li", "--yes").code, qunyun("split", "wang", "--yes").code,
        qunyun("merge", "wang", "li", "--yes").code,
    ]  # fmt: skip
    stop.set()
    talking.join(30)

    assert len(said) > 2 * len(codes)
    assert codes == [0, 0, 0]
    assert [each for each in died if each] == []
    book = bot.library.book_of("club")
    assert book is not None
    assert database.read(lambda store: list(differences(store, book, "club"))) == []
    assert database.read(lambda store: people.person_of(store, "club", "wang").balance) == len(
        said
    )
    assert database.read(lambda store: store.count(LedgerEntry)) == len(said)
    assert database.read(lambda store: store.count(Message)) == len(said)
