"""`qunyun leaders`: what leaders bring about, and the funnel of those who follow them."""

import json
from pathlib import Path

import pytest

from sop.events import MemberJoined
from sop.told_events import RoleChanged
from tests.builders import EVENING, message
from tests.integration.commands.deployments import ONE_GROUP, deployed
from tests.integration.commands.running import qunyun

PACK = """\
score: {earn: {share: {points: 20}, reply: {points: 3}}}
circles: [{tag: 读书, leader: li}]
leaders: {may: {ask: 1/1d}, tiers: [{id: one, title: 新星, keep: {score: ">= 20"}}]}
steps: []
"""
SAID = (
    ("li", "分享 读书先读目录，像看地图一样"), ("li", "发起 这周你最想推荐哪一本？"),
    ("wang", "我推荐那本讲树的书"), ("amy", "那本讲海的也好看"),
    ("amy", "圈子 读书"), ("wang", "圈子 读书"), ("wang", "分享 一周只读一章，读慢一点"),
)  # fmt: skip


@pytest.fixture(autouse=True)
def lived(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.clock.wall.WallClock.now", lambda _clock: EVENING + 3_600_000)
    where = {"community": "club", "group": "alpha"}
    with deployed(folder, PACK, ONE_GROUP) as bot:
        bot.enforce(EVENING)
        for name in ("li", "wang", "amy", "chen"):
            bot.handle(
                EVENING, MemberJoined(key=name, at=EVENING, member=name, name=name, **where)
            )
        bot.handle(EVENING, RoleChanged(key="r", at=EVENING, member="li", role="leader", **where))
        for number, (sender, words) in enumerate(SAID):
            at = EVENING + 1_000 * number
            bot.handle(at, message(words, sender=sender, at=at, **where))


def test_a_leader_is_told_in_one_line_with_what_is_not_known():
    told = qunyun("leaders", "--days", "366")

    assert told.code == 0
    assert told.lines[0] == "club: 1 leaders and candidates, 366 days"
    assert told.lines[2].strip().startswith(
        "newcomers, by way of a leader: entered 4 > follows 2 (50%) > takes-part 2 (100%)"
        " + 1 otherwise > shares 1 (50%) + 1 otherwise"
    )  # fmt: skip
    assert told.lines[1].strip() == (
        "li: 新星; score 20, posts 1, answers 0 (median unknown), circle 2 (kept unknown),"
        " claims 0, opened 1 with 2 taking part, brought 0"
    )


def test_the_funnel_is_that_of_the_reports_over_the_days_asked_for():
    (club,) = json.loads(qunyun("leaders", "--json", "--days", "366").out)

    assert [(each["name"], each["members"]) for each in club["funnel"]] == [
        ("entered", 4), ("follows", 2), ("takes-part", 2), ("shares", 1), ("invites", 0),
    ]  # fmt: skip
    assert club["funnel"][1]["interval"]
    assert club["leaders"][0]["measures"]["posts"] == 1


def test_a_community_that_is_not_there_is_an_error():
    assert qunyun("leaders", "--community", "nope").code == 2
