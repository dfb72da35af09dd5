"""A process killed while it writes: what it had acknowledged is there, and nothing twice."""

import asyncio
import os
import signal
import sqlite3
from pathlib import Path

import pytest

from bot.intake.local import LocalIntake
from bot.intake.writer import Job, Writer
from handlers.ports import Store
from sop.model import LedgerEntry, SeenEvent
from storage.database import Database
from tests.apart import apart


def job(key: str) -> Job:
    def run(store: Store) -> None:
        if store.get(SeenEvent, key) is None:
            store.put(SeenEvent(key_=key, community="c", at=0))
            store.put(
                LedgerEntry(
                    community="c", id=store.number("c", "ledger"), person=1, group="g",
                    deed="message", points=1, source=key, step="", version="v", at=0,
                )
            )  # fmt: skip

    return Job(run=run)


async def written(url: str, name: str) -> None:
    intake = LocalIntake(Writer(Database(url)), due_jobs=lambda _limit: ())
    intake.start()

    async def say(key: str) -> None:
        await intake.submit(job(key))
        os.write(1, f"{key}\n".encode())

    for start in range(0, 1_000_000, 16):
        await asyncio.gather(*(say(f"{name}:{start + each}") for each in range(16)))


def write(url: str, name: str) -> None:
    asyncio.run(written(url, name))


def acknowledged_until_killed(url: str, name: str, lines: int) -> list[str]:
    """Let a process write, kill it after so many acknowledgements; returns all that it gave."""
    with apart(write, url, name) as process:
        told = [process.said.readline().strip() for _ in range(lines)]
        process.process.kill()
        told += process.said.read().splitlines()
        assert process.ended() == -signal.SIGKILL
    return told


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="needs SIGKILL")
def test_nothing_acknowledged_is_lost_and_nothing_is_there_twice(tmp_path: Path):
    path = tmp_path / "q.db"
    database = Database(f"sqlite:///{path}")
    database.migrate()
    database.close()

    told: list[str] = []
    for number, lines in enumerate((1, 50, 333)):
        told += acknowledged_until_killed(database.url, f"round{number}", lines)

    with sqlite3.connect(path) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        seen = [row[0] for row in connection.execute("SELECT key_ FROM seenevent")]
        paid = [row[0] for row in connection.execute("SELECT source FROM ledgerentry")]
        numbers = [row[0] for row in connection.execute("SELECT id FROM ledgerentry ORDER BY id")]
    connection.close()
    assert len(told) >= 384
    assert set(told) <= set(seen)
    assert sorted(seen) == sorted(paid)
    assert numbers == list(range(1, len(paid) + 1))
