"""A week of a neighbourhood: stories, wishes, what is broken, a campaign and check-ins."""

import json
from pathlib import Path
from typing import Any

from tests.acceptance.rehearsing import book_of, play, unmet

FOLDER = Path(__file__).parent / "collections"
START, UNTIL = "2026-12-01T06:00:00+08:00", "2026-12-08T07:00:00+08:00"


def _lines(name: str) -> list[str]:
    return (FOLDER / name).read_text(encoding="utf-8").splitlines()


def _played(until: str = UNTIL) -> list[dict[str, Any]]:
    book = book_of((FOLDER / "pack.yaml").read_bytes())
    return play(book, _lines("script.jsonl"), START, until)


def test_everything_given_is_seen_to_and_a_campaign_ends_to_the_second():
    assert unmet(map(json.loads, _lines("expect.jsonl")), _played()) == []


def test_who_wished_is_in_no_line_with_the_wish():
    told = [line for line in _played() if "读书角" in line.get("text", "")]

    assert told
    assert not any(line.get("member") or "小陈" in line["text"] for line in told)


def test_a_run_cut_short_is_the_beginning_of_a_longer_one():
    whole, cut = _played(), _played("2026-12-04T19:59:30+08:00")

    assert whole[: len(cut)] == cut
