"""Lists that people sign in a group (接龙) are brought by staff, and count once."""

import json
from pathlib import Path

import pytest

from tests.acceptance.rehearsing import book_of, play, unmet

FOLDER = Path(__file__).parent / "relay"
START, UNTIL = "2026-12-01T07:00:00+08:00", "2026-12-03T00:00:00+08:00"


def _lines(name: str) -> list[str]:
    return (FOLDER / name).read_text("utf-8").splitlines()


def test_signed_lists_become_check_ins_places_and_entries_after_one_look():
    book = book_of((FOLDER / "pack.yaml").read_bytes())

    lines = play(book, _lines("script.jsonl"), START, UNTIL)

    assert unmet(map(json.loads, _lines("expect.jsonl")), lines) == []


@pytest.mark.parametrize("channel", ["aibot", "robot", "customer-group"])
def test_where_no_task_reaches_anybody_in_private_the_answer_shows_what_was_read(channel: str):
    book = book_of((FOLDER / "pack.yaml").read_bytes())

    lines = play(book, _lines("script.jsonl"), START, UNTIL, channel=channel)

    read = [each for each in lines if "会记上 3 位" in each.get("text", "")]
    assert {each["do"] for each in read} >= {"reply"}
    assert sum(each["points"] for each in lines if each.get("deed") == "checkin") == 3 * 9
