"""A week at the door: asked in private, let in on trial or by people, full members after it."""

import pytest

from tests.acceptance.rehearsing import Tale

TALE = Tale("admission", "2026-12-01T07:00:00+08:00", "2026-12-09T07:00:00+08:00")


def test_newcomers_are_asked_let_in_and_told_in_private():
    assert TALE.unmet(TALE.play()) == []


def test_where_nobody_can_be_written_to_people_ask():
    lines = TALE.play(TALE.script[:2], channel="customer-group")

    asked = [line for line in lines if line["do"] == "task" and line.get("member") == "chen"]
    assert len(asked) == 1
    assert "最近在读什么书" in asked[0]["text"]


@pytest.mark.parametrize("channel", ["appchat", "aibot", "robot", "archive"])
def test_the_same_script_plays_on_every_channel(channel: str):
    script = [line for line in TALE.script if "latest" not in line]

    lines = TALE.play(script, channel=channel)

    assert [line for line in lines if line["do"] == "error"] == []
