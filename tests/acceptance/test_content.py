"""Content in files, a person asked ahead, and triggers of members and of the calendar."""

from tests.acceptance.rehearsing import Tale

TALE = Tale("content", "2026-12-01T07:00:00+08:00", "2026-12-08T00:00:00+08:00")


def test_content_and_triggers_do_what_the_pack_says():
    assert TALE.unmet(TALE.play()) == []


def test_where_not_everything_is_heard_nobody_is_missed_and_nothing_breaks():
    for channel in ("aibot", "appchat", "robot", "customer-group"):
        lines = TALE.play(channel=channel)

        assert [line for line in lines if line.get("step") == "missed"] == []
        assert [line for line in lines if line["do"] == "error"] == []
