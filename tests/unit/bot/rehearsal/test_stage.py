"""The virtual clock: order, pauses, quotes, groups that live already, cuts and repetition."""

import json
from functools import cache
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.rehearsal.groups import BUNDLES
from bot.rehearsal.script import NEEDED, instant, read_script
from bot.rehearsal.stage import Stage
from sop.book import Book
from sop.model import SeenEvent
from tests import builders
from tests.acceptance.rehearsing import PACKS, play, shipped
from tests.unit.bot.rehearsal.test_script import GOOD

SCRIPT = PACKS.parents[1] / "tests/acceptance/reading-club/script.jsonl"
MINUTE_MS = 60_000
"""What a script may say already, and no handler carries out."""

PACK = """\
score:
  window: 30d
  earn:
    checkin: {points: 2}
steps:
  - {id: morning, when: "08:00 daily", do: [{post: 早安}]}
  - {id: welcome, when: member.joined, do: [{post: "欢迎 {{ member.name }}"}]}
  - {id: opened, when: group.created, do: [{post: 开群啦}]}
  - {id: unmade, when: "08:00 daily", missed: skip, do: [{post: 不补}]}
rules:
  checks: [{id: adverts, detect: words, any: [加微信]}]
  ladder: [remind-privately]
"""


def at(clock: str, day: int = 1) -> str:
    return f"2026-12-{day:02}T{clock if clock.count(':') == 2 else clock + ':00'}+08:00"


def book(pack: str = PACK) -> Book:
    return builders.book(pack)


def said(text: str, clock: str, sender: str = "li", day: int = 1, **fields: Any) -> dict[str, Any]:
    return {"at": at(clock, day), "group": "g", "from": sender, "text": text, **fields}


def lived(*lines: dict[str, Any], start: str = "07:00", until: str = "12:00", **how: Any) -> Any:
    return play(how.pop("book", None) or book(), lines, at(start), at(until), **how)


def texts(lines: list[dict[str, Any]]) -> list[str]:
    return [f"{line['at'][11:16]} {line['text']}" for line in lines if line["do"] == "post"]


def test_lines_come_in_order_of_time_with_the_packs_offset():
    lines = lived(said("早", "07:50"), said("打卡", "08:30", mentions=["bot"]))

    assert texts(lines) == ["08:00 早安", "08:00 不补"]
    assert [line["at"] for line in lines] == sorted(line["at"] for line in lines)
    assert all(line["at"].endswith("+08:00") for line in lines)


def test_the_end_is_exclusive_for_the_script_and_for_the_clock():
    spoken = said("打卡", "08:00", mentions=["bot"])

    assert lived(spoken, until="08:00") == []
    assert len(lived(spoken, until="08:00:00.001")) > 2


def test_the_start_is_inclusive_and_what_lay_before_it_is_left_out():
    lines = lived(said("打卡", "07:59", mentions=["bot"]), said("打卡", "08:01", mentions=["bot"]),
                  start="08:01")  # fmt: skip

    assert [line["at"] for line in lines if line["do"] == "points"] == [at("08:01")]
    assert texts(lines) == []


def test_a_line_of_the_script_goes_before_what_the_clock_does_in_the_same_instant():
    lines = lived(said("打卡", "08:00", mentions=["bot"]), until="08:01")

    assert [line["do"] for line in lines] == ["points", "reply", "post", "post"]


def test_a_group_that_the_script_does_not_create_lives_from_the_start():
    lines = lived(said("早", "10:00"))

    assert texts(lines) == ["08:00 早安", "08:00 不补"]


def test_a_group_that_the_script_creates_lives_from_then_on():
    created = {"at": at("09:00"), "event": "group.created", "group": "g", "owner": "boss"}

    assert texts(lived(said("早", "10:00"), created)) == ["09:00 开群啦"]


def test_the_group_named_core_is_the_core_group():
    pack = PACK.replace("- {id: morning,", "- {id: morning, in: core,")

    lines = lived(said("早", "10:00"), said("早", "10:00", group="core"), book=book(pack))

    assert {line["group"] for line in lines if line.get("step") == "morning"} == {"core"}
    assert {line["group"] for line in lines if line.get("step") == "unmade"} == {"g"}


def test_what_happens_while_the_bot_is_down_is_delivered_in_order_when_it_is_back():
    down = {"at": at("07:30"), "event": "down", "for": "1h"}
    joins = [
        {"at": at(clock), "event": "member.joined", "group": "g", "member": name, "name": name}
        for name, clock in (("b", "07:50"), ("a", "07:40"), ("c", "08:30"))
    ]

    lines = lived(down, *joins)

    assert texts(lines) == ["08:30 欢迎 a", "08:30 欢迎 b", "08:30 早安", "08:30 欢迎 c"]


def test_a_pause_within_a_pause_ends_with_the_later_of_both():
    downs = [{"at": at("07:30"), "event": "down", "for": "1h"},
             {"at": at("08:00"), "event": "down", "for": "10m"}]  # fmt: skip

    assert texts(lived(*downs, said("早", "07:40"))) == ["08:30 早安"]


@pytest.mark.parametrize("length", ["9h", "4h30m"])
def test_nothing_comes_of_a_pause_that_lasts_until_the_end_or_longer(length: str):
    down = {"at": at("07:30"), "event": "down", "for": length}

    assert lived(down, said("打卡", "07:40", mentions=["bot"])) == []


@pytest.mark.parametrize("quote", ["m1", "扫码领红包", "扫码"])
def test_a_quote_is_found_by_id_or_by_the_latest_text_that_holds_it(quote: str):
    """A report shows what was quoted."""
    lines = lived(
        {"at": at("07:30"), "event": "role", "member": "boss", "role": "owner", "group": "g"},
        said("扫码领红包", "07:40", "wang", id="m1"),
        said("举报 @wang", "07:50", mentions=["bot", "wang"], quote=quote),
    )

    reported = [line["text"] for line in lines if line["do"] == "task" and "举报" in line["text"]]
    assert len(reported) == 1
    assert "扫码领红包" in reported[0]


def test_of_two_messages_with_that_text_the_later_is_meant_but_an_id_goes_first():
    talk = [said("好书 甲", "07:40", "wang", id="甲"), said("好书 乙", "07:41", "zhao", id="乙"),
            said("甲", "07:42", "sun", id="丙")]  # fmt: skip

    def quoted(words: str) -> str:
        lines = lived(*talk, said("举报", "07:50", mentions=["bot"], quote=words))
        return next(line["text"] for line in lines if line["do"] == "task")

    assert "好书 乙" in quoted("好书")
    assert "好书 甲" in quoted("甲")


def test_a_quote_tells_its_words_even_where_the_bot_had_not_heard_them():
    """In most groups this is how adverts are heard of."""
    lines = lived(
        said("加微信领红包", "07:40", "wang", id="m1"),
        said("举报", "07:50", mentions=["bot"], quote="m1"),
        channel="aibot",
    )

    (task,) = [line["text"] for line in lines if line["do"] == "task"]
    assert "加微信领红包" in task


def test_who_answers_by_what_a_task_is_about_needs_no_number():
    pack = 'steps: [{id: chore, when: "08:00 daily", do: [{task: {to: staff, text: 看群}}]}]\n'
    answer = {"event": "done", "group": "g", "task": "99", "by": "boss"}
    boss = {"at": at("07:10"), "event": "role", "group": "g", "member": "boss", "role": "owner"}

    lines = lived(
        boss,
        {"at": at("09:00"), **answer, "about": "no such thing"},
        {"at": at("09:01"), **answer},
        book=book(pack),
    )

    assert [line["at"][11:16] for line in lines if line["do"] == "error"] == ["09:01"]


@pytest.mark.parametrize("channel", BUNDLES)
def test_every_event_of_the_format_plays_on_every_channel_without_an_error(channel: str):
    """But answers to tasks, and buttons, that are not there: they have tests of their own."""
    left_out = ("approve", "reject", "done", "take", "message", "press")
    lines = [
        {"at": at(f"08:{number:02}"), "event": kind, **GOOD[kind]}
        for number, kind in enumerate(NEEDED)
        if kind not in left_out
    ]

    told = play(shipped(), [*lines, said("大家好", "08:40")], at("07:00"),
                at("20:00"), channel)  # fmt: skip

    assert [line for line in told if line["do"] == "error"] == []
    assert told


def test_where_rotating_texts_begin_is_the_seeds_choice():
    pack = 'steps: [{id: morning, when: "08:00 daily", do: [{post: [甲, 乙, 丙, 丁]}]}]\n'
    lines = [
        lived(said("早", "07:30"), book=book(pack), until="09:00", seed=seed)
        for seed in (0, *range(9), 0)
    ]

    firsts = [texts(each) for each in lines]
    assert firsts[0] == firsts[-1] == ["08:00 甲"]
    assert len({str(each) for each in firsts}) > 1


@pytest.mark.parametrize("choice", ["approve", "reject", "done"])
def test_an_answer_to_a_task_that_is_not_there_says_so_and_ends_nothing(choice: str):
    answer = {"at": at("07:30"), "event": choice, "group": "g", "task": "latest", "by": "boss"}

    lines = lived(answer)

    (told,) = [line for line in lines if line["do"] == "error"]
    assert told["reason"] == "unknown-task"
    assert told["text"] == f"line 1: {choice}: unknown-task"
    assert texts(lines) == ["08:00 早安", "08:00 不补"]


def test_a_channel_that_hears_mentions_only_does_not_hear_the_rest():
    talk = [said("打卡", "07:30"), said("打卡", "07:31", mentions=["bot"])]

    heard = [line["at"] for line in lived(*talk, channel="aibot") if line["do"] == "points"]
    assert heard == [at("07:31")]


@cache
def whole() -> tuple[dict[str, Any], ...]:
    return tuple(_cut(48 * 60 * MINUTE_MS))


def _cut(after_ms: int) -> list[dict[str, Any]]:
    return play(shipped(), SCRIPT.read_text("utf-8").splitlines(), at("07:00"),
                _stamp(after_ms))  # fmt: skip


def _stamp(after_ms: int) -> str:
    minute, rest = divmod(after_ms, MINUTE_MS)
    day, minute = divmod(7 * 60 + minute, 24 * 60)
    return at(f"{minute // 60:02}:{minute % 60:02}:{rest / 1_000:06.3f}", 1 + day)


@given(
    st.one_of(
        st.integers(1, 41 * 60 * MINUTE_MS),
        st.integers(0, 41 * 60).map(lambda minute: minute * MINUTE_MS),
    )
)
@settings(max_examples=10, deadline=None)
def test_a_run_cut_short_is_the_beginning_of_the_whole(after_ms: int):
    end = instant(_stamp(after_ms), "")

    assert _cut(after_ms) == [line for line in whole() if instant(line["at"], "") < end]


def test_two_runs_are_equal_byte_for_byte():
    assert json.dumps(_cut(48 * 60 * MINUTE_MS)) == json.dumps(whole())


def test_a_long_rehearsal_forgets_as_a_deployment_does():
    """Else a year would not fit into memory."""
    talk = [said("早", "10:00", day=day) for day in range(1, 29)]
    january = [{**line, "at": line["at"].replace("-12-", "-01-").replace("2026", "2027")}
               for line in talk]  # fmt: skip
    cues = read_script(json.dumps(line) for line in (*talk, *january))
    stage = Stage(book())
    try:
        lines = list(stage.play(cues, cues[0].at, cues[-1].at + 1))
        kept = stage.look(lambda store: store.count(SeenEvent))
    finally:
        stage.close()

    assert len(texts(lines)) > 100
    assert 0 < kept < len(cues) * 0.8


def test_a_rehearsal_of_nothing_is_silent():
    assert play(book(), [], at("07:00"), at("12:00")) == []
