"""Questions over three days: what is known is told, who knows is asked, who waits is counted."""

from tests.acceptance.rehearsing import Tale

TALE = Tale("knowledge", "2026-12-01T07:00:00+08:00", "2026-12-04T12:00:00+08:00")


def test_nobody_is_left_without_an_answer_and_none_is_asked_twice():
    assert TALE.unmet(TALE.play()) == []
