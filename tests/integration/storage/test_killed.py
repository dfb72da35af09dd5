"""A process killed while it writes: what it had acknowledged is there, and nothing twice."""

import os
import signal
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from storage.database import Database

ROOT = Path(__file__).parents[3]

WRITE = """
import asyncio, os, sys
from bot.intake.local import LocalIntake
from bot.intake.writer import Job, Writer
from sop.model import LedgerEntry, SeenEvent
from storage.database import Database

def job(key):
    def run(store):
        if store.get(SeenEvent, key) is None:
            store.put(SeenEvent(key_=key, community="c", at=0))
            store.put(LedgerEntry(community="c", id=store.number("c", "ledger"), person=1,
                group="g", deed="message", points=1, source=key, step="", version="v", at=0))
    return Job(run=run)

async def say(intake, key):
    await intake.submit(job(key))
    os.write(1, f"{key}\\n".encode())

async def main(url, name):
    intake = LocalIntake(Writer(Database(url)), due_jobs=lambda _limit: ())
    intake.start()
    for start in range(0, 1_000_000, 16):
        await asyncio.gather(*(say(intake, f"{name}:{start + each}") for each in range(16)))

asyncio.run(main(*sys.argv[1:]))
"""


def acknowledged_until_killed(url: str, name: str, lines: int) -> list[str]:
    """Let a process write, kill it after so many acknowledgements; returns all that it gave."""
    with subprocess.Popen(
        [sys.executable, "-c", WRITE, url, name], stdout=subprocess.PIPE, cwd=ROOT, text=True
    ) as process:
        assert process.stdout is not None
        told = [process.stdout.readline().strip() for _ in range(lines)]
        os.kill(process.pid, signal.SIGKILL)
        told += process.stdout.read().splitlines()
    assert process.returncode == -signal.SIGKILL
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
