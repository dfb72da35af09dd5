"""A day of human tasks: taken, refused, passed on, handed over, and counted."""

import json
from pathlib import Path

from tests.acceptance.rehearsing import book_of, play, unmet

FOLDER = Path(__file__).parent / "tasks"
START = "2026-12-01T07:00:00+08:00"


def _lines(name: str) -> list[str]:
    return (FOLDER / name).read_text("utf-8").splitlines()


def test_every_task_finds_somebody_who_does_it():
    book = book_of((FOLDER / "pack.yaml").read_bytes())

    lines = play(book, _lines("script.jsonl"), START, "2026-12-03T07:00:00+08:00")

    assert unmet(map(json.loads, _lines("expect.jsonl")), lines) == []


def test_a_run_cut_short_is_the_beginning_of_a_longer_one():
    book = book_of((FOLDER / "pack.yaml").read_bytes())
    whole = play(book, _lines("script.jsonl"), START, "2026-12-03T07:00:00+08:00")
    cut = play(book, _lines("script.jsonl"), START, "2026-12-01T15:30:00+08:00")

    assert whole[: len(cut)] == cut
