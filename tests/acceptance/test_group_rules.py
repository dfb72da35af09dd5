"""A day of two groups with rules of their own, played as owner, staff, members and newcomers."""

import json
from pathlib import Path

from sop.book import Book
from tests.acceptance.rehearsing import book_of, play, unmet

FOLDER = Path(__file__).parent / "group-rules"
START, UNTIL = "2026-12-01T07:00:00+08:00", "2026-12-02T07:00:00+08:00"


def _lines(name: str) -> list[str]:
    return (FOLDER / name).read_text("utf-8").splitlines()


def _book() -> Book:
    return book_of((FOLDER / "pack.yaml").read_bytes())


def test_what_people_must_decide_is_asked_of_them_and_nothing_is_said_aloud():
    lines = play(_book(), _lines("script.jsonl"), START, UNTIL)

    assert unmet(map(json.loads, _lines("expect.jsonl")), lines) == []


def test_a_run_cut_short_is_the_beginning_of_a_longer_one():
    whole = play(_book(), _lines("script.jsonl"), START, UNTIL)
    cut = play(_book(), _lines("script.jsonl"), START, "2026-12-01T15:12:30+08:00")

    assert whole[: len(cut)] == cut
