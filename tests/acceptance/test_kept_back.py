"""What a rehearsal shows of what was held, merged and dropped, and (traced) what did not fire."""

import json
from pathlib import Path
from typing import Any

import pytest

from bot.rehearsal import script
from bot.rehearsal.stage import Stage
from tests.acceptance.rehearsing import book_of, unmet

FOLDER = Path(__file__).parent / "kept-back"
START = "2026-12-01T07:00:00+08:00"


def played(until: str, *, channel: str = "sandbox", trace: bool = False) -> list[dict[str, Any]]:
    lines = (FOLDER / "script.jsonl").read_text("utf-8").splitlines()
    stage = Stage(book_of((FOLDER / "pack.yaml").read_bytes()), channel=channel, trace=trace)
    try:
        first, last = script.instant(START, "start"), script.instant(until, "until")
        return list(stage.play(script.read_script(lines), first, last))
    finally:
        stage.close()


@pytest.mark.parametrize(
    ("name", "channel", "trace"),
    [
        pytest.param("expect", "sandbox", False, id="a group that can everything"),
        pytest.param("trace.expect", "sandbox", True, id="with what did not fire"),
        pytest.param("mentions-only.expect", "aibot", True, id="where mentions alone are heard"),
        pytest.param("customers.expect", "customer-group", False, id="where each send costs"),
    ],
)
def test_everything_kept_back_says_why(name: str, channel: str, *, trace: bool):
    expected = (FOLDER / f"{name}.jsonl").read_text("utf-8").splitlines()

    lines = played("2026-12-03T07:00:00+08:00", channel=channel, trace=trace)
    assert unmet(map(json.loads, expected), lines) == []


def test_a_day_never_brings_more_than_the_budget_and_answers_do_not_count():
    lines = played("2026-12-06T00:00:00+08:00")

    posts = [line["at"][:10] for line in lines if line["do"] == "post"]
    assert max(posts.count(day) for day in posts) == 3
    letters = [(line["at"][:10], line["to"]) for line in lines if line["do"] == "dm"]
    assert len(letters) == len(set(letters))


def test_a_trace_only_adds_lines():
    until = "2026-12-03T07:00:00+08:00"
    traced = played(until, trace=True)

    assert [line for line in traced if line["do"] != "trace"] == played(until)
    assert {line["text"] for line in traced if line["do"] == "trace"} >= {"not-fired", "merged"}
