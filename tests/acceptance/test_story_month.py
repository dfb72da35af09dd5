"""A month of stories: told, shown as the best in three ways, taken back, made into a book."""

import json
from pathlib import Path

from tests.acceptance.rehearsing import book_of, play, unmet

FOLDER = Path(__file__).parent / "story-month"
START, UNTIL = "2026-12-01T08:00:00+08:00", "2027-01-01T00:00:00+08:00"


def _lines(name: str) -> list[str]:
    return (FOLDER / name).read_text(encoding="utf-8").splitlines()


def test_what_was_good_is_shown_once_and_what_was_taken_back_never():
    book = book_of((FOLDER / "pack.yaml").read_bytes())
    lines = play(book, _lines("script.jsonl"), START, UNTIL)

    assert unmet(map(json.loads, _lines("expect.jsonl")), lines) == []
