"""`redeem` lines of a script do what the member's command does, wherever private words go."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.integration.commands.running import CLUB, qunyun

DAY = "2026-12-01T"
LINES = (
    {"at": "08:00:00", "event": "group.created", "group": "alpha", "owner": "boss",
     "members": ["li", "wang"]},
    {"at": "09:00:00", "group": "alpha", "from": "boss", "text": "加分 @li 100",
     "mentions": ["bot", "li"]},
    {"at": "09:01:00", "event": "redeem", "group": "alpha", "member": "li", "benefit": "coupon"},
    {"at": "09:02:00", "event": "redeem", "group": "alpha", "member": "wang", "benefit": "coupon"},
    {"at": "09:03:00", "group": "alpha", "from": "boss", "text": "撤销 兑换 1",
     "mentions": ["bot"]},
)  # fmt: skip


def rehearsed(folder: Path, channel: str) -> list[dict[str, Any]]:
    script = folder / "script.jsonl"
    said = ({**line, "at": f"{DAY}{line['at']}+08:00"} for line in LINES)
    script.write_text("".join(json.dumps(line) + "\n" for line in said), "utf-8")
    told = qunyun(
        "rehearse", CLUB, "--script", script, "--start", f"{DAY}07:00:00+08:00",
        "--until", f"{DAY}10:00:00+08:00", "--channel", channel, "--json",
    )  # fmt: skip
    assert told.code == 0, told.err
    return [json.loads(line) for line in told.lines]


def test_a_redeem_line_takes_points_and_gives_a_code_in_private(folder: Path):
    lines = rehearsed(folder, "sandbox")

    points = [(each["member"], each["deed"], each["points"]) for each in lines if "deed" in each]
    assert [each for each in points if each[1] in ("redeem", "reversal")] == [
        ("li", "redeem", -60),
        ("li", "reversal", 60),
    ]
    words = {each["at"][11:16]: each for each in lines if each["do"] == "dm"}
    assert "READ-" in words["09:01"]["text"]
    assert words["09:02"]["to"] == "wang"
    assert "再有 30 分就到了" in words["09:02"]["text"]
    assert not any("READ-" in each.get("text", "") for each in lines if each["do"] != "dm")


@pytest.mark.parametrize("channel", ["aibot", "robot"])
def test_where_nothing_is_private_it_asks_to_go_on_there_and_takes_nothing(
    folder: Path, channel: str
):
    lines = rehearsed(folder, channel)

    assert not any(each.get("deed") == "redeem" for each in lines)
    asked = [each["text"] for each in lines if "私信我「兑换」" in each.get("text", "")]
    assert len(asked) == 2
