"""An invented group is plausible, the same for the same seed, and a script like any other."""

import json
from collections import Counter
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.rehearsal import script
from bot.rehearsal.cast import cast_of
from bot.rehearsal.groups import BUNDLES
from bot.rehearsal.invention import Invented
from bot.rehearsal.script import Cue
from bot.rehearsal.sources import Witnessed
from bot.rehearsal.stage import Stage
from sop import channels
from sop.book import Book
from sop.times.durations import DAY_MS
from tests.acceptance.rehearsing import play, shipped

START = "2026-03-02T00:00:00+08:00"
ZONE = ZoneInfo("Asia/Shanghai")
FIRST = script.instant(START, "")


def lived(
    *, members: int = 12, days: float = 2, seed: int = 1, channel: str = "sandbox",
    book: Book | None = None, start: int = FIRST,
) -> tuple[list[Cue], list[dict[str, Any]]]:  # fmt: skip
    book = book or shipped()
    hears = channels.hears_all(dict.fromkeys(BUNDLES[channel], ""))
    source = Invented(book, members=members, seed=seed, start=start, hears_all=hears)
    cues: list[Cue] = []
    stage = Stage(book, channel=channel, seed=seed)
    try:
        told = Witnessed(source, cues.append)
        return cues, list(stage.perform(told, start, start + round(days * DAY_MS)))
    finally:
        stage.close()


def written(cues: list[Cue]) -> list[str]:
    return [json.dumps(script.fields_of(cue, ZONE), ensure_ascii=False) for cue in cues]


@pytest.fixture(scope="module")
def week() -> tuple[list[Cue], list[dict[str, Any]]]:
    return lived(members=30, days=5)


def test_the_same_seed_invents_the_same_bytes_and_another_seed_others():
    one, two, other = (json.dumps(lived(seed=seed)[1]) for seed in (1, 1, 2))

    assert one == two
    assert one != other


@given(st.floats(0.3, 2.9))
@settings(max_examples=4, deadline=None)
def test_a_shorter_run_is_the_beginning_of_a_longer_one(days: float):
    cues, lines = lived(days=days, members=9)
    all_cues, all_lines = lived(days=3, members=9)

    assert lines == all_lines[: len(lines)]
    assert cues == all_cues[: len(cues)]
    end = FIRST + round(days * DAY_MS)
    assert [line for line in all_lines[len(lines) :] if script.instant(line["at"], "") < end] == []


@pytest.mark.parametrize("channel", ["sandbox", "aibot"])
def test_what_was_invented_can_be_written_down_and_played_again(channel: str):
    cues, lines = lived(days=2, members=14, channel=channel)

    again = play(shipped(), written(cues), START, "2026-03-04T00:00:00+08:00", channel, 1)

    assert again == lines


def test_everything_that_happens_in_a_group_happens_in_an_invented_one(week: Any):
    cues, lines = week

    kinds = Counter(cue.kind for cue in cues)
    assert {"message", "group.created", "member.joined", "accept"} <= set(kinds)
    said = [cue.fields for cue in cues if cue.kind == "message"]
    assert any("quote" in fields for fields in said)
    assert any("bot" in fields.get("mentions", ()) for fields in said)
    assert any("group" not in fields for fields in said)
    deeds = {line["deed"] for line in lines if line["do"] == "points"}
    assert {"message", "introduce", "checkin", "reply", "question", "answer"} <= deeds
    assert {line["rule"] for line in lines if line["do"] == "strike"} & {"ads", "flood", "repeats"}


def test_nothing_invented_is_refused(week: Any):
    assert [line for line in week[1] if line["do"] == "error"] == []


def test_a_group_sleeps_at_night_and_talks_in_the_evening(week: Any):
    messages = [cue for cue in week[0] if cue.kind == "message"]
    hours = Counter(script.fields_of(cue, ZONE)["at"][11:13] for cue in messages)

    assert sum(hours[f"{hour:02}"] for hour in range(1, 6)) == 0
    assert hours["20"] + hours["21"] > hours["14"] + hours["15"]


def test_who_was_taken_out_says_nothing_any_more(week: Any):
    cues, lines = week
    gone = {
        line["member"]: script.instant(line["at"], "")
        for line in lines
        if line["do"] == "remove" and line["group"] == "alpha" and "rule" in line
    }

    assert gone
    for cue in cues:
        who = cue.fields.get("from")
        assert who not in gone or cue.at <= gone[who]


@pytest.mark.parametrize("members", [1, 2, 5, 8])
def test_a_group_may_be_as_small_as_one(members: int):
    cues, lines = lived(members=members, days=1.5)

    assert cues[0].kind == "group.created"
    assert lines
    assert len(cast_of(1, members)) == members


def test_people_have_their_own_ids_and_a_temper_each():
    cast = cast_of(7, 300)

    assert len({player.userid for player in cast}) == 300
    tempers = Counter(player.temper for player in cast)
    assert tempers["owner"] == 1
    assert min(tempers[temper] for temper in ("star", "advertiser", "flooder", "lurker")) >= 1
    assert cast[0].temper == "owner"
    assert cast == cast_of(7, 300)


def test_where_only_mentions_are_heard_people_address_the_bot():
    cues, _ = lived(channel="aibot", members=15)
    commands = [
        cue.fields for cue in cues
        if cue.kind == "message" and cue.fields["text"].startswith(("签到", "提问"))
        and "group" in cue.fields
    ]  # fmt: skip

    assert commands
    assert sum("mentions" in fields for fields in commands) > len(commands) * 0.7


def test_a_rehearsal_that_starts_in_the_evening_founds_the_group_then():
    evening = FIRST + 20 * 3_600_000

    cues, _ = lived(start=evening, days=0.5)

    assert cues[0].at == evening
    assert all(cue.at >= evening for cue in cues)


def test_staff_close_tasks_by_what_they_are_about():
    cues, lines = lived(members=30, days=5, seed=5)
    answers = [cue.fields for cue in cues if cue.kind in ("done", "approve", "reject")]

    assert answers
    assert all(fields["about"] and fields["task"].isdecimal() for fields in answers)
    assert [line for line in lines if line["do"] == "error"] == []
