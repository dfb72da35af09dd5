"""A club tidies its list: shown first, told a week ahead, nobody out who said a word."""

import json
from pathlib import Path

import pytest

from tests.acceptance.rehearsing import book_of, play, unmet

FOLDER = Path(__file__).parent / "clean-up"
START = "2026-09-01T07:00:00+08:00"
END = "2026-12-20T07:00:00+08:00"


def _lines(name: str) -> list[str]:
    return (FOLDER / name).read_text("utf-8").splitlines()


def test_only_who_was_told_and_said_nothing_is_taken_out():
    book = book_of((FOLDER / "pack.yaml").read_bytes())

    lines = play(book, _lines("script.jsonl"), START, END)

    assert unmet(map(json.loads, _lines("expect.jsonl")), lines) == []


@pytest.mark.parametrize("channel", ["appchat", "aibot", "robot", "customer-group"])
def test_where_not_all_is_heard_nobody_is_called_silent(channel: str):
    book = book_of((FOLDER / "pack.yaml").read_bytes())

    lines = play(book, _lines("script.jsonl"), START, END, channel=channel)

    assert [line for line in lines if line["do"] == "remove"] == []
    assert [line for line in lines if "清理结束" in line.get("text", "")] == []
    assert any("不能清理" in line.get("text", "") for line in lines)
