"""A whole first week of one group, as everybody in it would live through it."""

import json
from pathlib import Path

from tests.acceptance.rehearsing import play, shipped, unmet

FOLDER = Path(__file__).parent / "first-week"
START, UNTIL = "2026-12-07T07:00:00+08:00", "2026-12-14T00:00:00+08:00"


def _lines(name: str) -> list[str]:
    return (FOLDER / name).read_text(encoding="utf-8").splitlines()


def _expected(name: str) -> list[dict[str, object]]:
    return [json.loads(line) for line in _lines(name)]


def test_the_week_of_a_group_that_is_heard_whole():
    lines = play(shipped("reading-club"), _lines("script.jsonl"), START, UNTIL)

    assert unmet(_expected("expect.jsonl"), lines) == []


def test_what_is_not_heard_is_unknown_and_never_zero():
    lines = play(shipped("reading-club"), _lines("script.jsonl"), START, UNTIL, channel="aibot")

    assert unmet(_expected("mentions-only.expect.jsonl"), lines) == []


def test_where_nothing_can_be_sent_everything_becomes_a_task():
    lines = play(
        shipped("reading-club"), _lines("script.jsonl"), START, UNTIL, channel="customer-group"
    )

    assert {"post", "dm", "remove"}.isdisjoint(line["do"] for line in lines)
    assert any("早读 01" in line.get("text", "") for line in lines if line["do"] == "task")


def test_the_ledger_bears_out_every_line_that_was_printed():
    lines = play(shipped("reading-club"), _lines("script.jsonl"), START, UNTIL)
    booked = sum(line["points"] for line in lines if line.get("member") == "chen.qi" and
                 line["do"] == "points" and line["at"] < "2026-12-11T09:06")  # fmt: skip

    told = next(
        line["text"] for line in lines if line["do"] == "reply" and line.get("to") == "chen.qi"
        and line["at"].startswith("2026-12-11T09:06")
    )  # fmt: skip
    assert f"余额 {booked} 分" in told
