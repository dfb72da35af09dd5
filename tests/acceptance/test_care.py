"""Two days of questions in a shop's group: everybody gets an answer, the urgent first."""

from tests.acceptance.rehearsing import Tale

TALE = Tale("care", "2026-12-01T07:00:00+08:00", "2026-12-04T07:00:00+08:00")


def test_every_question_is_answered_or_somebody_is_told_in_time():
    assert TALE.unmet(TALE.play()) == []


def test_a_run_cut_short_is_the_beginning_of_a_longer_one():
    TALE.is_begun_alike("2026-12-01T14:07:00+08:00")
