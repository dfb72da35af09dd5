"""`qunyun segments`: figures of each community, with what is not known."""

import json
from pathlib import Path

import pytest

from tests.builders import EVENING, message
from tests.integration.commands.deployments import TWO_COMMUNITIES, deployed
from tests.integration.commands.running import qunyun

PACK = """\
score: {earn: {message: {points: 1}}}
segments: {vip: {paid: true}}
steps: []
"""
NIGHT = EVENING + 5 * 3_600_000


@pytest.fixture(autouse=True)
def lived(folder: Path) -> None:
    """A folder in which a bot has run over midnight."""
    with deployed(folder, PACK, TWO_COMMUNITIES) as bot:
        bot.enforce(EVENING)
        for name in ("li", "wang"):
            bot.handle(EVENING, message("早", community="club", group="alpha", sender=name))
        for _ in range(3):
            bot.wake(NIGHT)


def test_every_segment_is_told_with_who_is_in_it():
    told = qunyun("segments")

    assert told.code == 0
    assert "club: 2 members, as of 2026-12-03 00:05, changes of 7 nights" in told.lines
    assert "  newcomer: 2 of 2 (+2 -0)" in told.lines
    assert "  vip: 0 of 2 (+0 -0)" in told.lines
    assert any(line.startswith("shop: 0 members") for line in told.lines)


def test_programs_get_the_same_figures():
    told = qunyun("segments", "--json", "--community", "club", "--days", "3")

    (club,) = json.loads(told.out)
    assert (club["community"], club["day"], club["members"]) == ("club", "2026-12-03", 2)
    figures = {each["name"]: each for each in club["segments"]}
    assert figures["vip"] == {
        "name": "vip", "own": True, "members": 0, "known": 2, "unknown": 0, "entered": 0,
        "left": 0,
    }  # fmt: skip
    assert set(figures) == {
        "newcomer", "regular", "star", "lurker", "fading", "returning", "vip",
    }  # fmt: skip


def test_a_community_that_is_none_is_told():
    told = qunyun("segments", "--community", "nope")

    assert told.code == 2
    assert "there is no community nope: there are club, shop" in told.err
