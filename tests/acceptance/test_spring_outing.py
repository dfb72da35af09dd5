"""A week of a club: an open and a secret vote, a sign-up from its opening to the thanks."""

import json
import re
from pathlib import Path
from typing import Any

from tests.acceptance.rehearsing import book_of, play, unmet

FOLDER = Path(__file__).parent / "spring-outing"
START, UNTIL = "2027-03-01T19:00:00+08:00", "2027-03-07T00:00:00+08:00"


def _lines(name: str) -> list[str]:
    return (FOLDER / name).read_text(encoding="utf-8").splitlines()


def _played(script: list[str], until: str = UNTIL) -> list[dict[str, Any]]:
    return play(book_of((FOLDER / "pack.yaml").read_bytes()), script, START, until)


def _with_code() -> list[str]:
    """The script with the code that staff were sent: in life they read it to people."""
    tasks = (line.get("text", "") for line in _played(_lines("script.jsonl")))
    code = next(found[1] for text in tasks if (found := re.search("签到码是 (\\d{6})", text)))
    return [line.replace("CODE", code) for line in _lines("script.jsonl")]


def test_a_club_decides_where_to_go_and_goes():
    lines = _played(_with_code())

    assert unmet(map(json.loads, _lines("expect.jsonl")), lines) == []


def test_a_run_cut_short_is_the_beginning_of_a_longer_one():
    script = _with_code()
    whole, cut = _played(script), _played(script, "2027-03-03T07:30:00+08:00")

    assert whole[: len(cut)] == cut
