"""A club tidies its list: shown first, told a week ahead, nobody out who said a word."""

import pytest

from tests.acceptance.rehearsing import Tale

TALE = Tale("clean-up", "2026-09-01T07:00:00+08:00", "2026-12-20T07:00:00+08:00")


def test_only_who_was_told_and_said_nothing_is_taken_out():
    assert TALE.unmet(TALE.play()) == []


@pytest.mark.parametrize("channel", ["appchat", "aibot", "robot", "customer-group"])
def test_where_not_all_is_heard_nobody_is_called_silent(channel: str):
    lines = TALE.play(channel=channel)

    assert [line for line in lines if line["do"] == "remove"] == []
    assert [line for line in lines if "清理结束" in line.get("text", "")] == []
    assert any("不能清理" in line.get("text", "") for line in lines)
