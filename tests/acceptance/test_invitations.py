"""A week of invitations with the example pack: seen by the channel, told by code, taken back."""

from typing import Any

from tests.acceptance.rehearsing import play, shipped

START, UNTIL = "2026-12-01T08:30:00+08:00", "2026-12-06T00:00:00+08:00"
NAMES = {"li.si": "李四", "wang.wu": "王五"}
GUESTS = {"chen.qi": "陈七", "lin.ba": "林八", "he.jiu": "何九"}


def _at(day: int, clock: str) -> str:
    return f"2026-12-{day:02}T{clock}:00+08:00"


def _said(day: int, clock: str, member: str, text: str, **fields: Any) -> dict[str, Any]:
    return {"at": _at(day, clock), "group": "alpha", "from": member, "text": text, **fields}


def _joined(day: int, clock: str, member: str, **fields: Any) -> dict[str, Any]:
    return {
        "at": _at(day, clock), "event": "member.joined", "group": "alpha", "member": member,
        "name": GUESTS[member], **fields,
    }  # fmt: skip


def _founded() -> dict[str, Any]:
    return {
        "at": _at(1, "08:40"), "event": "group.created", "group": "alpha", "owner": "zhang.san",
        "members": ["zhang.san", *NAMES], "staff": ["zhang.san"], "names": NAMES,
    }  # fmt: skip


def _week(code: str = "", channel: str = "sandbox", **fields: Any) -> list[dict[str, Any]]:
    script = [
        _founded(),
        _said(1, "09:00", "li.si", "今天开始一起读书吧", **fields),
        {"at": _at(1, "09:30"), "from": "li.si", "text": "邀请"},
        _joined(2, "10:00", "chen.qi"),
        _said(2, "10:05", "chen.qi", f"邀请码 {code}", **fields),
        _said(2, "10:10", "chen.qi", "大家好，我是陈七，喜欢小说", **fields),
        _joined(2, "11:00", "lin.ba", by="wang.wu"),
        _said(2, "11:05", "lin.ba", "大家好，我是林八，喜欢历史", **fields),
        _said(2, "11:06", "lin.ba", f"邀请码 {code}", **fields),
        _said(2, "11:30", "wang.wu", f"邀请码 {code}", **fields),
        _joined(3, "10:00", "he.jiu", by="li.si"),
        _said(3, "10:05", "he.jiu", "大家好，我是何九，喜欢诗歌", **fields),
        {"at": _at(4, "09:00"), "event": "member.left", "group": "alpha", "member": "he.jiu"},
        {"at": _at(5, "09:00"), "from": "li.si", "text": "邀请"},
    ]
    return play(shipped(), script, START, UNTIL, channel=channel)


def _code(**fields: Any) -> str:
    told = [line["text"] for line in _week(**fields) if "邀请码是" in line.get("text", "")]
    return str(told[0]).partition("邀请码是 ")[2][:5]


def _paid(lines: list[dict[str, Any]], *deeds: str) -> list[tuple[str, str, int]]:
    return [
        (line["member"], line["deed"], line["points"])
        for line in lines
        if line["do"] == "points" and line["deed"] in deeds
    ]


def test_guests_are_credited_when_they_take_part_and_taken_back_when_they_leave_at_once():
    lines = _week(_code())

    assert _paid(lines, "invite", "reversal") == [
        ("li.si", "invite", 8), ("wang.wu", "invite", 8), ("li.si", "invite", 8),
        ("li.si", "reversal", -8),
    ]  # fmt: skip
    (last,) = [line for line in lines if "请来了" in line.get("text", "")]
    assert "你请来了 1 位：陈七。其中 1 位已经开始参与" in last["text"]
    assert (last["to"], "group" in last) == ("li.si", False)
    told = [line for line in lines if "已经记下是谁" in line.get("text", "")]
    assert [line["to"] for line in told] == ["lin.ba"]
    assert [line["to"] for line in lines if "早就在这里" in line.get("text", "")] == ["wang.wu"]
    assert [line for line in lines if "请来的朋友" in line.get("text", "")] == []
    assert [line for line in lines if line["do"] in ("error", "strike")] == []


def test_in_a_customer_group_the_roster_tells_who_brought_whom():
    lines = play(
        shipped(),
        [
            _founded(),
            _joined(2, "10:00", "chen.qi"),
            _joined(2, "11:00", "lin.ba", by="wang.wu"),
            {"at": _at(3, "09:00"), "from": "wang.wu", "text": "邀请"},
        ],
        START, UNTIL, channel="customer-group",
    )  # fmt: skip

    (told,) = [line["text"] for line in lines if "请来了" in line.get("text", "")]
    assert "你请来了 1 位：林八。其中 0 位已经开始参与" in told
    assert [line for line in lines if line["do"] == "error"] == []


def test_where_joins_cannot_be_seen_every_code_waits_for_staff():
    told = {"channel": "aibot", "mentions": ["bot"]}
    lines = _week(_code(**told), **told)

    assert "看不到入群记录" in next(
        line["text"] for line in lines if line["do"] == "task" and "请来的朋友" in line["text"]
    )
