"""Two days of questions in a shop's group: everybody gets an answer, the urgent first."""

import json
from pathlib import Path

from tests.acceptance.rehearsing import book_of, play, unmet

FOLDER = Path(__file__).parent / "care"
START = "2026-12-01T07:00:00+08:00"


def _lines(name: str) -> list[str]:
    return (FOLDER / name).read_text("utf-8").splitlines()


def test_every_question_is_answered_or_somebody_is_told_in_time():
    book = book_of((FOLDER / "pack.yaml").read_bytes())

    lines = play(book, _lines("script.jsonl"), START, "2026-12-04T07:00:00+08:00")

    assert unmet(map(json.loads, _lines("expect.jsonl")), lines) == []


def test_a_run_cut_short_is_the_beginning_of_a_longer_one():
    book = book_of((FOLDER / "pack.yaml").read_bytes())
    whole = play(book, _lines("script.jsonl"), START, "2026-12-04T07:00:00+08:00")
    cut = play(book, _lines("script.jsonl"), START, "2026-12-01T14:07:00+08:00")

    assert whole[: len(cut)] == cut
