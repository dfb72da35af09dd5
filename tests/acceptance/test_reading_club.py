"""The shipped pack plays its own script as its comments promise."""

import json

from tests.acceptance.rehearsing import Tale

TALE = Tale(
    "reading-club", "2026-12-01T07:00:00+08:00", "2026-12-03T00:00:00+08:00", "reading-club"
)


def test_the_script_brings_about_every_expected_line():
    assert TALE.unmet(TALE.play()) == []


def test_two_runs_are_equal_byte_for_byte():
    runs = [TALE.play() for _ in range(2)]

    assert json.dumps(runs[0]) == json.dumps(runs[1])


def test_a_run_cut_short_equals_the_beginning_of_a_longer_one():
    TALE.is_begun_alike("2026-12-01T20:00:00+08:00")
