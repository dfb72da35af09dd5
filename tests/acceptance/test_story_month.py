"""A month of stories: told, shown as the best in three ways, taken back, made into a book."""

from tests.acceptance.rehearsing import Tale

TALE = Tale("story-month", "2026-12-01T08:00:00+08:00", "2027-01-01T00:00:00+08:00")


def test_what_was_good_is_shown_once_and_what_was_taken_back_never():
    assert TALE.unmet(TALE.play()) == []
