"""A whole first week of one group, as everybody in it would live through it."""

from tests.acceptance.rehearsing import Tale

TALE = Tale("first-week", "2026-12-07T07:00:00+08:00", "2026-12-14T00:00:00+08:00", shipped=True)


def test_the_week_of_a_group_that_is_heard_whole():
    assert TALE.unmet(TALE.play()) == []


def test_what_is_not_heard_is_unknown_and_never_zero():
    assert TALE.unmet(TALE.play(channel="aibot"), "mentions-only.expect") == []


def test_where_nothing_can_be_sent_everything_becomes_a_task():
    lines = TALE.play(channel="customer-group")

    assert {"post", "dm", "remove"}.isdisjoint(line["do"] for line in lines)
    assert any("早读 01" in line.get("text", "") for line in lines if line["do"] == "task")


def test_the_ledger_bears_out_every_line_that_was_printed():
    lines = TALE.play()
    booked = sum(line["points"] for line in lines if line.get("member") == "chen.qi" and
                 line["do"] == "points" and line["at"] < "2026-12-11T09:06")  # fmt: skip

    told = next(
        line["text"] for line in lines if line["do"] == "reply" and line.get("to") == "chen.qi"
        and line["at"].startswith("2026-12-11T09:06")
    )  # fmt: skip
    assert f"余额 {booked} 分" in told
