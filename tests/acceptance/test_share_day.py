"""A share day of the shipped pack: from the invitations two days ahead to the summary."""

import json
from pathlib import Path

import pytest

from tests.acceptance.rehearsing import play, shipped, unmet

FOLDER = Path(__file__).parent / "share-day"
START, UNTIL = "2026-12-04T20:30:00+08:00", "2026-12-12T00:00:00+08:00"


def _lines(name: str) -> list[str]:
    return (FOLDER / name).read_text(encoding="utf-8").splitlines()


@pytest.mark.parametrize(
    ("channel", "expected"),
    [("sandbox", "expect.jsonl"), ("customer-group", "customers.expect.jsonl")],
)
def test_a_share_day_finds_its_speakers_and_is_held(channel: str, expected: str):
    lines = play(shipped("reading-club"), _lines("script.jsonl"), START, UNTIL, channel=channel)

    assert unmet(map(json.loads, _lines(expected)), lines) == []


def test_a_run_cut_short_is_the_beginning_of_a_longer_one():
    script = _lines("script.jsonl")
    whole = play(shipped("reading-club"), script, START, UNTIL)
    cut = play(shipped("reading-club"), script, START, "2026-12-11T20:30:00+08:00")

    assert whole[: len(cut)] == cut
