"""Five days of reading notes: joined late and early, forgotten, made up, done together."""

from pathlib import Path
from typing import Any

from tests.acceptance.rehearsing import book_of, play

PACK = Path(__file__).parent / "challenge" / "pack.yaml"
START, UNTIL = "2026-12-06T20:00:00+08:00", "2026-12-13T00:00:00+08:00"
NAMES = {"li.si": "李四", "wang.wu": "王五", "chen.qi": "陈七", "zhao.liu": "赵六"}
NOTE = "今天读完了一章，记下最喜欢的一句"


def _at(day: int, clock: str) -> str:
    return f"2026-12-{6 + day:02}T{clock}:00+08:00"


def _said(day: int, clock: str, member: str, text: str, **fields: Any) -> dict[str, Any]:
    return {"at": _at(day, clock), "group": "alpha", "from": member, "text": text, **fields}


def _founded() -> list[dict[str, Any]]:
    founded: dict[str, Any] = {
        "at": _at(0, "20:01"), "event": "group.created", "group": "alpha", "owner": "zhang.san",
        "members": ["zhang.san", *NAMES], "names": NAMES,
    }  # fmt: skip
    return [founded]


def _lines(channel: str = "sandbox", code: str = "", **fields: Any) -> list[dict[str, Any]]:
    script = [
        *_founded(),
        _said(1, "08:10", "li.si", "参加挑战", **fields),
        {"at": _at(1, "08:20"), "from": "li.si", "text": "我的挑战"},
        _said(1, "08:30", "wang.wu", f"参加挑战 {code}".strip(), **fields),
        _said(1, "08:31", "zhao.liu", "参加挑战", **fields),
    ]
    for day in range(1, 6):
        script.append(_said(day, "09:00", "li.si", f"笔记 {NOTE}之{day}", **fields))
        if day != 3:
            script.append(_said(day, "09:30", "wang.wu", f"打卡 {NOTE}的{day}", **fields))
        if day == 2:
            script.append(_said(day, "10:00", "zhao.liu", "笔记 太短", **fields))
            script.append(_said(day, "10:05", "chen.qi", "笔记 本电脑坏了怎么办呀", **fields))
        if day == 4:
            script.append(_said(day, "21:00", "chen.qi", "参加挑战", **fields))
    script.append(_said(6, "09:00", "wang.wu", "补卡 第三天出差，补上那天的一章", **fields))
    return play(book_of(PACK.read_bytes()), script, START, UNTIL, channel=channel)


def _code() -> str:
    """Return the code that the first member is told for friends."""
    (told,) = [line for line in _lines() if "还有 1 个位置" in line.get("text", "")]
    return str(told["text"]).partition("「参加挑战 ")[2][:5]


def _of(lines: list[dict[str, Any]], words: str) -> list[dict[str, Any]]:
    return [line for line in lines if words in line.get("text", "")]


def test_the_days_are_counted_and_who_came_through_is_named():
    lines = _lines(code=_code())

    (opening,) = _of(lines, "「五天读书笔记」开始啦")
    assert opening["at"] == _at(1, "08:00")
    assert _of(lines, "王五 加入「五天读书笔记」啦，今天是第 1/5 天")
    assert _of(lines, "你和 李四 一队")
    assert len(_of(lines, "第 5 天记下了")) == 2
    assert _of(lines, "写满 8 个字")
    assert [line for line in lines if line.get("member") == "chen.qi" and "deed" in line] == []
    (late,) = _of(lines, "陈七 加入")
    assert "赶不上" in late["text"]
    assert _of(lines, "王五 补上了「五天读书笔记」的一天，已完成 5/5 天")

    certificates = _of(lines, "恭喜你走完「五天读书笔记」的全部 5 天")
    assert [(line["do"], line["to"]) for line in certificates] == [
        ("dm", "li.si"), ("dm", "wang.wu"),
    ]  # fmt: skip
    (end,) = _of(lines, "走完啦，4 位伙伴一起走过")
    assert end["at"] == _at(6, "12:00")
    assert "走完全程的是 李四、王五" in end["text"]
    assert "整队走完：李四、王五" in end["text"]
    assert [line for line in lines if line["do"] in ("error", "strike", "task")] == []
    assert lines == _lines(code=_code())


def test_who_forgot_is_reminded_once_a_day_in_private_and_left_alone_when_they_stop():
    reminded = _of(_lines(), "还等着你")

    assert [(line["to"], line["at"]) for line in reminded] == [
        ("zhao.liu", _at(1, "20:00")), ("zhao.liu", _at(2, "20:00")),
        ("wang.wu", _at(3, "20:00")), ("zhao.liu", _at(3, "20:00")),
        ("chen.qi", _at(5, "20:00")),
    ]  # fmt: skip


def test_where_the_bot_hears_mentions_only_it_works_by_mentioning_it():
    lines = _lines("aibot", mentions=["bot"])

    assert len(_of(lines, "第 5 天记下了")) == 2
    assert not [line for line in lines if line["do"] == "dm"]
    assert _of(lines, "4 位伙伴一起走过")
    assert [line for line in _lines("aibot") if line.get("deed") == "checkin"] == []
