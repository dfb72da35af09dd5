"""A day with everything open, killed at any point and said again: nothing is lost or doubled."""

import os
import random
import signal
import sqlite3
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from storage.database import Database
from tests import interacting

ROOT = Path(__file__).parents[3]


def lived(url: str, until: int = -1) -> str:
    """Live the day in a process of its own, and kill it after that line (-1: let it end)."""
    command = [sys.executable, "-m", "tests.interacting", url]
    with subprocess.Popen(command, stdout=subprocess.PIPE, cwd=ROOT, text=True) as process:
        assert process.stdout is not None
        said = ""
        while said != f"{until}\n" and (told := process.stdout.readline()):
            said = told
        if until >= 0:
            os.kill(process.pid, signal.SIGKILL)
    return said.strip()


def rows(path: Path) -> dict[str, list[Any]]:
    with sqlite3.connect(path) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        names = connection.execute(
            "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'search%'"
        ).fetchall()
        found = {
            name: connection.execute(f'SELECT * FROM "{name}"').fetchall() for (name,) in names
        }
    connection.close()
    return found


def fresh(path: Path) -> str:
    database = Database(f"sqlite:///{path}")
    database.migrate()
    database.close()
    return database.url


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="needs SIGKILL")
def test_a_day_with_everything_open_ends_the_same_wherever_it_was_killed(tmp_path: Path):
    whole, broken = tmp_path / "whole.db", tmp_path / "broken.db"
    assert lived(fresh(whole)) == "end"

    url = fresh(broken)
    for line in sorted(random.sample(range(interacting.LINES), 3)):
        lived(url, line)
    assert lived(url) == "end"

    kept, again = rows(whole), rows(broken)
    for name, expected in kept.items():
        assert again[name] == expected, name
    for name in ("item", "like", "ballot", "signup", "enrolment", "threadreply", "comment"):
        assert kept[name], f"{name}: the day must have some"
