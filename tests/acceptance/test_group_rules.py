"""A day of two groups with rules of their own, played as owner, staff, members and newcomers."""

from tests.acceptance.rehearsing import Tale

TALE = Tale("group-rules", "2026-12-01T07:00:00+08:00", "2026-12-02T07:00:00+08:00")


def test_what_people_must_decide_is_asked_of_them_and_nothing_is_said_aloud():
    assert TALE.unmet(TALE.play()) == []


def test_a_run_cut_short_is_the_beginning_of_a_longer_one():
    TALE.is_begun_alike("2026-12-01T15:12:30+08:00")
