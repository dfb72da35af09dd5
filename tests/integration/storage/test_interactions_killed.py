"""A day with everything open, killed at any point and said again: nothing is lost or doubled."""

import random
import signal
import sqlite3
from pathlib import Path
from typing import Any

import pytest

from storage.database import Database
from tests import interacting
from tests.apart import apart


def lived(url: str, until: int = -1) -> str:
    """Live the day in a process of its own, and kill it after that line (-1: let it end)."""
    with apart(interacting.live, url) as day:
        said = ""
        while said != f"{until}\n" and (told := day.said.readline()):
            said = told
        if until >= 0:
            day.process.kill()
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
