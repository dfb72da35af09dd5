"""社区之星 is elected while photographs are collected: nobody's words go to the wrong one."""

import json
from pathlib import Path

from tests.acceptance.rehearsing import book_of, play, unmet

FOLDER = Path(__file__).parent / "election"
START, UNTIL = "2026-12-01T08:00:00+08:00", "2026-12-08T00:00:00+08:00"


def _lines(name: str) -> list[str]:
    return (FOLDER / name).read_text(encoding="utf-8").splitlines()


def test_an_election_and_a_collection_of_photographs_share_a_week():
    book = book_of((FOLDER / "pack.yaml").read_bytes())
    lines = play(book, _lines("script.jsonl"), START, UNTIL)

    assert unmet(map(json.loads, _lines("expect.jsonl")), lines) == []
