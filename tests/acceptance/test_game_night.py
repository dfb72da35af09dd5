"""Sunday evening in the example's group: an idiom chain from its opening to its prize."""

import re
from typing import Any

from sop.games import idioms
from tests.acceptance.rehearsing import play, shipped

START, UNTIL = "2026-12-13T19:00:00+08:00", "2026-12-13T23:00:00+08:00"
MEMBERS = ("li.si", "wang.wu", "chen.qi")
NAMES = {"li.si": "李四", "wang.wu": "王五", "chen.qi": "陈七"}


def _begun() -> list[dict[str, Any]]:
    founded: dict[str, Any] = {
        "at": "2026-12-13T19:00:00+08:00", "event": "group.created", "group": "alpha",
        "owner": "zhang.san", "members": ["zhang.san"], "staff": ["zhang.san"],
    }  # fmt: skip
    joined = [
        {
            "at": "2026-12-13T19:01:00+08:00", "event": "member.joined", "group": "alpha",
            "member": member, "name": NAMES[member],
        }
        for member in MEMBERS
    ]  # fmt: skip
    return [founded, *joined]


def _said(clock: str, member: str, said: str, **fields: Any) -> dict[str, Any]:
    at = f"2026-12-13T{clock}+08:00"
    return {"at": at, "group": "alpha", "from": member, "text": said, **fields}


def _chain(word: str, count: int) -> list[str]:
    """Return idioms that follow each other from the word on."""
    found = [word]
    for _ in range(count):
        found.append(next(idioms.packaged().following(found[-1], found)))
    return found[1:]


def _opening(channel: str = "sandbox") -> str:
    lines = play(shipped(), _begun(), START, UNTIL, channel=channel)
    (opening,) = [line for line in lines if "我先来" in line.get("text", "")]
    found = re.search("「([^」]+)」。", opening["text"])
    assert found is not None
    return found[1]


def _night(channel: str = "sandbox", **fields: Any) -> list[dict[str, Any]]:
    first, second, third, fourth = _chain(_opening(channel), 4)
    script = [
        *_begun(),
        _said("20:01:00", "li.si", first, **fields),
        _said("20:01:01", "wang.wu", first, **fields),
        _said("20:01:20", "wang.wu", f"我接：{second}！", **fields),
        _said("20:01:40", "li.si", third, **fields),
        _said("20:01:41", "chen.qi", "哈哈哈太厉害了", **fields),
        _said("20:02:00", "chen.qi", third, **fields),
        _said("20:03:00", "li.si", fourth, **fields),
        _said("20:25:00", "chen.qi", "哎呀我来晚了", **fields),
    ]
    return play(shipped(), script, START, UNTIL, channel=channel)


def _of(lines: list[dict[str, Any]], **wanted: Any) -> list[dict[str, Any]]:
    return [line for line in lines if wanted.items() <= line.items()]


def test_the_example_plays_its_chain_and_names_and_rewards_who_took_part():
    lines = _night()

    assert [line["member"] for line in _of(lines, deed="win")] == ["li.si", "wang.wu"]
    assert [line["points"] for line in _of(lines, deed="award", step="game-night")] == [5]
    (summary,) = [line for line in lines if "一共接了" in line.get("text", "")]
    assert summary["at"].startswith("2026-12-13T20:20:00")
    assert "4 个成语" in summary["text"]
    assert summary["text"].index("李四　3 个") < summary["text"].index("王五　1 个")
    assert "恭喜李四，赢得5 分" in summary["text"]
    assert _of(lines, do="error") == _of(lines, do="strike") == []
    assert _of(lines, step="weekly", do="post")
    assert lines == _night()


def test_where_the_bot_hears_mentions_only_the_moves_are_those_that_mention_it():
    lines = _night("aibot", mentions=["bot"])

    assert [line["member"] for line in _of(lines, deed="win")] == ["li.si", "wang.wu"]
    assert [line for line in _night("aibot") if line.get("deed") == "win"] == []
