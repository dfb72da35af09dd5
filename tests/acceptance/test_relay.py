"""Lists that people sign in a group (接龙) are brought by staff, and count once."""

import pytest

from tests.acceptance.rehearsing import Tale

TALE = Tale("relay", "2026-12-01T07:00:00+08:00", "2026-12-03T00:00:00+08:00")


def test_signed_lists_become_check_ins_places_and_entries_after_one_look():
    assert TALE.unmet(TALE.play()) == []


@pytest.mark.parametrize("channel", ["aibot", "robot", "customer-group"])
def test_where_no_task_reaches_anybody_in_private_the_answer_shows_what_was_read(channel: str):
    lines = TALE.play(channel=channel)

    read = [each for each in lines if "会记上 3 位" in each.get("text", "")]
    assert {each["do"] for each in read} >= {"reply"}
    assert sum(each["points"] for each in lines if each.get("deed") == "checkin") == 3 * 9
