"""Half a year of a club that chooses who leads: from 申请 to the second tier, and down again."""

import re
from functools import cache
from typing import Any

import pytest

from tests.acceptance.rehearsing import Tale

TALE = Tale("leaders", "2026-12-01T07:00:00+08:00", "2027-06-06T00:00:00+08:00")


@cache
def played(
    until: str = "", channel: str = "sandbox", *, without: str = ""
) -> list[dict[str, Any]]:
    kept = [line for line in TALE.script if not without or without not in line]
    return TALE.play(kept, until=until, channel=channel)


def way(lines: list[dict[str, Any]]) -> list[tuple[str, str]]:
    return [
        (line["at"][:10], line["text"])
        for line in lines
        if line["do"] == "leader" and line["member"] == "li.si"
    ]


def test_somebody_comes_to_the_second_tier_and_down_again():
    assert way(played()) == [
        ("2026-12-02", "applied"), ("2026-12-02", "refused"),
        ("2026-12-03", "vote"), ("2026-12-06", "elected"), ("2026-12-06", "probation"),
        ("2027-01-05", "rising"), ("2027-02-01", "senior"),
        ("2027-03-01", "warned"), ("2027-04-01", "rising"),
        ("2027-05-03", "refused"), ("2027-06-01", "warned"), ("2027-06-05", "ended"),
    ]  # fmt: skip


def test_everybody_is_told_what_is_theirs_to_know():
    assert TALE.unmet(played()) == []


def test_nobody_else_hears_of_what_did_not_go_well():
    bad = re.compile("没到|降|还差|身份继续|没有选上")
    told = [
        line for line in played()
        if line["do"] in ("post", "reply", "dm") and bad.search(line["text"])
    ]  # fmt: skip

    assert {line["to"] for line in told} == {"li.si", "chen.qi"}
    assert all("group" not in line or line["do"] == "dm" for line in told)


def test_what_is_told_is_the_same_whoever_of_them_voted_how():
    """Two who swap their ballots change no line: nothing links a ballot to a person."""
    script = "\n".join(TALE.script)
    lin = '"member": "lin.ba", "choice": "2"'
    he = '"member": "he.jiu", "choice": "yes"'
    swapped = script.replace(lin, '"member": "lin.ba", "choice": "yes"').replace(
        he, '"member": "he.jiu", "choice": "2"'
    )
    assert swapped != script

    assert TALE.play(swapped.splitlines()) == played()


def test_too_few_ballots_elect_nobody_and_only_the_candidate_learns_it():
    lines = played("2026-12-10T00:00:00+08:00", without='"member": "wang.wu", "choice"')

    assert way(lines)[-1] == ("2026-12-06", "rejected")
    (line,) = [line for line in lines if line["at"][:10] == "2026-12-06" and line["do"] != "leader"
               and line.get("to") == "li.si"]  # fmt: skip
    assert (line["do"], "来投票的人不够" in line["text"]) == ("dm", True)
    assert not [line for line in lines if line["do"] == "post" and line["at"][:10] == "2026-12-06"]


def test_the_way_is_the_same_where_a_run_is_cut_short():
    whole, cut = played(), played("2027-02-01T10:00:00+08:00")

    assert whole[: len(cut)] == cut


@pytest.mark.parametrize("channel", ["aibot", "customer-group"])
def test_no_channel_makes_it_fail(channel: str):
    lines = played(channel=channel)

    # Line 8 is somebody who is no staff and says yes: that is refused everywhere.
    errors = [line for line in lines if line["do"] == "error" and "line 8" not in line["text"]]
    assert [line for line in errors if line["reason"] != "unknown-task"] == []
