"""A share day of the shipped pack: from the invitations two days ahead to the summary."""

import pytest

from tests.acceptance.rehearsing import Tale

TALE = Tale("share-day", "2026-12-04T20:30:00+08:00", "2026-12-12T00:00:00+08:00", shipped=True)


@pytest.mark.parametrize(
    ("channel", "expected"), [("sandbox", "expect"), ("customer-group", "customers.expect")]
)
def test_a_share_day_finds_its_speakers_and_is_held(channel: str, expected: str):
    assert TALE.unmet(TALE.play(channel=channel), expected) == []


def test_a_run_cut_short_is_the_beginning_of_a_longer_one():
    TALE.is_begun_alike("2026-12-11T20:30:00+08:00")
