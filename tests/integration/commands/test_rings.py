"""`qunyun rings`: what a ring would gain under a pack, and what caps change."""

import json
from pathlib import Path

import pytest

from bot.commands import rings
from sop.times.durations import Cap
from tests.integration.commands.running import qunyun

PACK = """\
pack: club
title: 书友会
timezone: Asia/Shanghai
score: {earn: {like-given: {points: 1, cap: 3/day}, like-received: {points: 2}}}
steps: []
"""


@pytest.fixture
def pack(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A pack, and few clubs to play: they take a minute otherwise."""
    monkeypatch.setattr(rings, "RINGS", (5,))
    monkeypatch.setattr(rings, "WEEKLY", (Cap(n=1, period="week"),))
    monkeypatch.setattr(rings, "CLUBS", 1)
    path = tmp_path / "club.yaml"
    path.write_text(PACK, encoding="utf-8")
    return path


def test_an_operator_sees_what_a_ring_gains_and_what_a_cap_changes(pack: Path):
    said = qunyun("rings", pack, "--members", 12)

    assert said.code == 0
    assert said.lines[0] == (
        "like-given 1 (3/day), like-received 2 (no cap); 12 members who give 0.3 likes a day each"
    )
    table = [
        line.split() for line in said.lines if "%" in line and line.split()[0] in ("the", "1/week")
    ]
    assert [line[0] for line in table] == ["the", "1/week"]
    assert "10%" in said.lines[-1]


def test_the_figures_are_there_for_programs_too(pack: Path):
    own, capped = json.loads(qunyun("rings", pack, "--members", 12, "--json").out)

    assert (own["cap"], own["ring"], capped["cap"]) == ("", 5, "1/week")
    assert capped["honest_points"] <= own["honest_points"] <= 60
    assert capped["patient"] < own["patient"]


def test_where_likes_earn_nothing_there_is_nothing_to_gain(pack: Path):
    pack.write_text(PACK.replace("score:", "# score:"), encoding="utf-8")
    said = qunyun("rings", pack)

    assert said.code == 2
    assert "likes earn no points" in said.err


def test_a_broken_pack_is_refused_with_its_problems(pack: Path):
    pack.write_text(PACK.replace("3/day", "3/year"), encoding="utf-8")
    said = qunyun("rings", pack)

    assert said.code == 2
    assert "club.yaml:4" in said.err
