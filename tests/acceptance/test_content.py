"""Content in files, a person asked ahead, and triggers of members and of the calendar."""

import json
from pathlib import Path

from bot.commands.shared import book_or_exit
from tests.acceptance.rehearsing import play, unmet

FOLDER = Path(__file__).parent / "content"
START, UNTIL = "2026-12-01T07:00:00+08:00", "2026-12-08T00:00:00+08:00"


def _lines(name: str) -> list[str]:
    return (FOLDER / name).read_text(encoding="utf-8").splitlines()


def test_content_and_triggers_do_what_the_pack_says():
    lines = play(book_or_exit(FOLDER / "pack.yaml"), _lines("script.jsonl"), START, UNTIL)

    assert unmet([json.loads(line) for line in _lines("expect.jsonl")], lines) == []


def test_where_not_everything_is_heard_nobody_is_missed_and_nothing_breaks():
    for channel in ("aibot", "appchat", "robot", "customer-group"):
        book = book_or_exit(FOLDER / "pack.yaml")
        lines = play(book, _lines("script.jsonl"), START, UNTIL, channel=channel)

        assert [line for line in lines if line.get("step") == "missed"] == []
        assert [line for line in lines if line["do"] == "error"] == []
