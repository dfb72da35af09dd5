"""A week at the door: asked in private, let in on trial or by people, full members after it."""

import json
from pathlib import Path

import pytest

from tests.acceptance.rehearsing import book_of, play, unmet

FOLDER = Path(__file__).parent / "admission"
START = "2026-12-01T07:00:00+08:00"
END = "2026-12-09T07:00:00+08:00"


def _lines(name: str) -> list[str]:
    return (FOLDER / name).read_text("utf-8").splitlines()


def test_newcomers_are_asked_let_in_and_told_in_private():
    book = book_of((FOLDER / "pack.yaml").read_bytes())

    lines = play(book, _lines("script.jsonl"), START, END)

    assert unmet(map(json.loads, _lines("expect.jsonl")), lines) == []


def test_where_nobody_can_be_written_to_people_ask():
    book = book_of((FOLDER / "pack.yaml").read_bytes())
    script = _lines("script.jsonl")[:2]

    lines = play(book, script, START, END, channel="customer-group")

    asked = [line for line in lines if line["do"] == "task" and line.get("member") == "chen"]
    assert len(asked) == 1
    assert "最近在读什么书" in asked[0]["text"]


@pytest.mark.parametrize("channel", ["appchat", "aibot", "robot", "archive"])
def test_the_same_script_plays_on_every_channel(channel: str):
    book = book_of((FOLDER / "pack.yaml").read_bytes())
    script = [line for line in _lines("script.jsonl") if "latest" not in line]

    lines = play(book, script, START, END, channel=channel)

    assert [line for line in lines if line["do"] == "error"] == []
