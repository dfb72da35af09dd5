"""The shipped pack plays its own script as its comments promise."""

import json
from pathlib import Path

from tests.acceptance.rehearsing import play, shipped, unmet

FOLDER = Path(__file__).parent / "reading-club"
START, UNTIL = "2026-12-01T07:00:00+08:00", "2026-12-03T00:00:00+08:00"


def _script() -> list[str]:
    return (FOLDER / "script.jsonl").read_text().splitlines()


def test_the_script_brings_about_every_expected_line():
    expected = [json.loads(line) for line in (FOLDER / "expect.jsonl").read_text().splitlines()]

    lines = play(shipped("reading-club"), _script(), START, UNTIL)

    assert unmet(expected, lines) == []


def test_two_runs_are_equal_byte_for_byte():
    runs = [play(shipped("reading-club"), _script(), START, UNTIL) for _ in range(2)]

    assert json.dumps(runs[0]) == json.dumps(runs[1])


def test_a_run_cut_short_equals_the_beginning_of_a_longer_one():
    whole = play(shipped("reading-club"), _script(), START, UNTIL)

    short = play(shipped("reading-club"), _script(), START, "2026-12-01T20:00:00+08:00")

    assert whole[: len(short)] == short
    assert len(whole) > len(short) > 0
