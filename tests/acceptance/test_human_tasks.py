"""A day of human tasks: taken, refused, passed on, handed over, and counted."""

from tests.acceptance.rehearsing import Tale

TALE = Tale("tasks", "2026-12-01T07:00:00+08:00", "2026-12-03T07:00:00+08:00")


def test_every_task_finds_somebody_who_does_it():
    assert TALE.unmet(TALE.play()) == []


def test_a_run_cut_short_is_the_beginning_of_a_longer_one():
    TALE.is_begun_alike("2026-12-01T15:30:00+08:00")
