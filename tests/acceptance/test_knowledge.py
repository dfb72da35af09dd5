"""Questions over three days: what is known is told, who knows is asked, who waits is counted."""

import json
from pathlib import Path

from tests.acceptance.rehearsing import book_of, play, unmet

FOLDER = Path(__file__).parent / "knowledge"


def test_nobody_is_left_without_an_answer_and_none_is_asked_twice():
    script = (FOLDER / "script.jsonl").read_text("utf-8").splitlines()
    expected = (FOLDER / "expect.jsonl").read_text("utf-8").splitlines()

    lines = play(
        book_of((FOLDER / "pack.yaml").read_bytes()), script,
        "2026-12-01T07:00:00+08:00", "2026-12-04T12:00:00+08:00",
    )  # fmt: skip

    assert unmet(map(json.loads, expected), lines) == []
