"""Scripts in which links are opened and a shop's orders come in."""

import json
from dataclasses import replace
from typing import Any

from bot.rehearsal import script
from bot.rehearsal.stage import Stage
from sop.model import LinkHour, Order, ShortLink
from tests import builders
from tests.acceptance.rehearsing import play

PACK = """\
links:
  book: {url: "https://example.com/book", platforms: [wechat], clicks: 2}
score: {earn: {spread: {points: 3}}}
steps: []
"""
JOINED = {"event": "member.joined", "group": "g", "member": "li", "name": "李四"}


def lived(*lines: dict[str, Any]) -> list[dict[str, Any]]:
    return play(builders.book(PACK), timed(lines), "2026-12-01T07:00:00+08:00",
                "2026-12-02T07:00:00+08:00")  # fmt: skip


def timed(lines: tuple[dict[str, Any], ...]) -> list[dict[str, Any]]:
    return [
        {"at": f"2026-12-01T08:{number:02}:00+08:00", **line} for number, line in enumerate(lines)
    ]


def click(who: str, link: str = "book", **fields: Any) -> dict[str, Any]:
    return {"event": "click", "group": "g", "link": link, "from": who, **fields}


def test_a_members_own_link_pays_them_for_others_and_programs_open_it_for_nobody():
    by_li = [click(who, member="li") for who in ("li", "amy")]
    lines = lived(JOINED, by_li[0], click("amy", member="li", bot=True), by_li[1])
    assert [(line["do"], line["member"]) for line in lines] == [("points", "li")]


def test_who_cannot_open_a_link_reads_why_as_at_the_door():
    lines = lived(
        click("amy", platform="browser"), click("amy"), click("bob"), click("cho"), click("cho")
    )
    assert [(line["to"], line["text"].split("\n")[0]) for line in lines] == [
        ("amy", "请换个地方打开"), ("cho", "名额用完了"), ("cho", "名额用完了"),
    ]  # fmt: skip


def test_what_no_pack_links_to_is_an_error_of_the_script():
    lines = lived(JOINED, click("amy", "bok"), click("amy", member="nobody"))
    assert [line["text"] for line in lines] == [
        "line 2: click: the pack has no link bok",
        "line 3: click: nobody called nobody has a link book",
    ]


def test_clicks_and_orders_leave_what_they_leave_live():
    book = replace(builders.book(PACK), public_url="https://q.example.com")
    rows = ["订单号\t买家\t金额", "A1\tLI\t99.5", "A2\t某某\t1"]
    stage = Stage(book)
    try:
        cues = timed(
            (JOINED, click("amy"), click("amy", bot=True), {"event": "orders", "lines": rows})
        )
        first, last = cues[0]["at"], "2026-12-02T07:00:00+08:00"
        list(stage.play(
            script.read_script([json.dumps(each) for each in cues]),
            script.instant(first, ""), script.instant(last, ""),
        ))  # fmt: skip
        (link,) = stage.look(lambda store: store.find(ShortLink))
        assert (link.group, link.clicks, link.visitors) == ("g", 1, 1)
        (hour,) = stage.look(lambda store: store.find(LinkHour))
        assert (hour.wechat, hour.filtered) == (1, 1)
        orders = stage.look(lambda store: store.find(Order, order="order"))
        assert [(each.order, each.cents, each.why) for each in orders] == [
            ("A1", 9_950, ""), ("A2", 100, "unknown"),
        ]  # fmt: skip
    finally:
        stage.close()


TASKS = """\
steps: [{id: tea, when: {says: [下午茶]}, do: [{task: {to: staff, text: 请准备下午茶}}]}]
"""


def test_a_button_is_pressed_by_who_was_shown_it():
    founded = {"event": "group.created", "group": "g", "owner": "boss", "staff": ["helper"]}
    asked = {"group": "g", "from": "li", "text": "下午茶"}

    def press(who: str, button: str) -> dict[str, Any]:
        return {"event": "press", "from": who, "button": button}

    lines = play(
        builders.book(TASKS),
        timed((
            founded, asked, press("li", "做完了"), press("helper", "我来做"),
            press("helper", "做完了"), press("helper", "做不了"),
        )),
        "2026-12-01T07:00:00+08:00", "2026-12-01T09:00:00+08:00",
    )  # fmt: skip

    told = [(line["do"], line.get("text", "").split("，")[0]) for line in lines]
    assert told == [
        ("task", "1. 请准备下午茶"),
        ("error", "line 3: press: li sees no button 做完了"),
        ("reply", "好"),
        ("reply", "任务 1 已记录"),
        ("reply", "任务 1 已经处理过了。"),
    ]
    assert lines[0]["buttons"] == ["做完了", "我来做", "做不了"]
