"""社区之星 is elected while photographs are collected: nobody's words go to the wrong one."""

from tests.acceptance.rehearsing import Tale

TALE = Tale("election", "2026-12-01T08:00:00+08:00", "2026-12-08T00:00:00+08:00")


def test_an_election_and_a_collection_of_photographs_share_a_week():
    assert TALE.unmet(TALE.play()) == []
