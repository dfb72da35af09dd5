"""A merge and a split from the command line while both are talking to the running bot."""

import threading
from pathlib import Path

from bot.bound_groups import Abilities
from bot.dispatcher import Dispatcher
from bot.intake.writer import Writer
from bot.library import Library
from bot.routes import ROUTES
from handlers import people
from handlers.verification import differences
from sop.model import LedgerEntry, Message
from storage.database import Database
from tests.builders import EVENING, message
from tests.integration.commands.running import qunyun
from tests.unit.bot.folders import write

PACK = """\
pack: club
title: 书友会
timezone: Asia/Shanghai
score: {window: 30d, earn: {message: {points: 1}}}
steps: []
"""
GROUPS = """\
communities:
  club:
    pack: club
    owner: boss
    regular: [{id: alpha, channels: {sandbox: c1}}]
"""
ENOUGH = 5_000
"""Rounds after which nobody talks any more, whatever becomes of the commands."""


def in_force(folder: Path) -> Library:
    sop = folder / "data" / "sop"
    sop.mkdir(parents=True)
    write(sop, {"club.yaml": PACK, "groups.yaml": GROUPS})
    library = Library(sop, Abilities())
    assert library.reload(), library.problems
    return library


def test_nothing_is_lost_or_counted_twice(folder: Path):
    library = in_force(folder)
    database = Database(f"sqlite:///{folder / 'data' / 'qunyun.db'}")
    database.migrate()
    dispatcher = Dispatcher(ROUTES, library.book_of, lambda: EVENING)
    writer = Writer(database)
    writer.run([dispatcher.job(event) for event in library.enforcements(EVENING)])
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
    book = library.book_of("club")
    assert book is not None
    assert database.read(lambda store: list(differences(store, book, "club"))) == []
    assert database.read(lambda store: people.person_of(store, "club", "wang").balance) == len(
        said
    )
    assert database.read(lambda store: store.count(LedgerEntry)) == len(said)
    assert database.read(lambda store: store.count(Message)) == len(said)
    database.close()
