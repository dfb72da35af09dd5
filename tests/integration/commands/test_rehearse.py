"""`qunyun rehearse`: what would happen, on stdout; a script it cannot play, on stderr, exit 2."""

import json
from pathlib import Path
from typing import Any

import pytest

from bot.rehearsal.stage import BUNDLES
from tests.integration.commands.running import CLUB, Said, qunyun

CHECKIN = {"at": "2026-12-01T08:30:00+08:00", "group": "g", "from": "li", "text": "签到",
           "mentions": ["bot"]}  # fmt: skip
EIGHT, NINE = "2026-12-01T08:00:00+08:00", "2026-12-01T09:00:00+08:00"


def rehearse(*lines: Any, more: tuple[str, ...] = (), pack: Path = CLUB) -> Said:
    texts = [line if isinstance(line, str) else json.dumps(line) for line in lines]
    Path("script.jsonl").write_text("\n".join(texts), "utf-8")
    return qunyun("rehearse", pack, "--script", "script.jsonl", *more)


def dos(said: Said) -> list[str]:
    assert (said.code, said.err) == (0, "")
    return [json.loads(line)["do"] for line in said.lines]


def test_every_line_is_told_to_people_or_as_json():
    told = rehearse(CHECKIN, more=("--until", NINE))
    lines = rehearse(CHECKIN, more=("--until", NINE, "--json")).lines

    assert told.code == 0
    assert "08:30  g  li +2 分（签到）" in told.lines
    assert told.lines[0] == "── 2026-12-01 周二 ──"
    assert {"at", "do"} <= set.intersection(*(set(json.loads(line)) for line in lines))
    assert '"member": "li", "points": 2, "deed": "checkin"' in "\n".join(lines)
    assert all(line == json.dumps(json.loads(line), ensure_ascii=False) for line in lines)


def test_the_same_command_says_the_same_byte_for_byte():
    more = ("--json", "--seed", "1")

    assert rehearse(CHECKIN, more=more) == rehearse(CHECKIN, more=more)


def test_start_and_until_bound_what_is_played():
    more = ("--json", "--start", EIGHT, "--until")

    assert dos(rehearse(CHECKIN, more=(*more, EIGHT))) == []
    assert "points" not in dos(rehearse(CHECKIN, more=(*more, CHECKIN["at"])))
    assert "points" in dos(rehearse(CHECKIN, more=(*more, "2026-12-01T08:30:00.001+08:00")))
    assert dos(rehearse(CHECKIN, more=("--json", "--start", NINE, "--until", EIGHT))) == []


def test_without_bounds_the_scripts_own_day_is_played():
    lines = [json.loads(line) for line in rehearse(CHECKIN, more=("--json",)).lines]

    assert lines[0]["at"] == EIGHT
    assert max(line["at"] for line in lines) < "2026-12-02T08:30"


def test_line_ends_within_a_text_end_no_line(folder: Path):
    line = json.dumps({**CHECKIN, "text": "签到 早\u2028上\x85好"}, ensure_ascii=False)

    assert "points" in dos(rehearse(line, more=("--until", NINE, "--json")))


def test_an_empty_script_is_no_error():
    assert rehearse("", "  ") == (0, "", "")


def test_a_byte_order_mark_and_windows_line_ends_are_nothing_special(folder: Path):
    (folder / "s.jsonl").write_bytes(
        b"\xef\xbb\xbf" + json.dumps(CHECKIN, ensure_ascii=False).encode() + b"\r\n\r\n"
    )

    said = qunyun("rehearse", CLUB, "--script", "s.jsonl", "--until", NINE, "--json")

    assert "points" in dos(said)


@pytest.mark.parametrize("channel", BUNDLES)
def test_every_channel_can_be_rehearsed(channel: str):
    said = rehearse(CHECKIN, more=("--until", NINE, "--json", "--channel", channel))

    assert "error" not in dos(said)


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("{", "line 2: is not JSON"),
        ("[]", "line 2: is not a JSON object"),
        ({**CHECKIN, "at": "08:00"}, "line 2: '08:00' is not a time with its offset"),
        ({key: CHECKIN[key] for key in ("group", "from", "text")}, "line 2: lacks at"),
        ({**CHECKIN, "event": "group.deleted"}, "line 2: unknown event 'group.deleted'"),
        ({**CHECKIN, "mentions": 5}, "line 2: mentions must be a list of texts"),
        ({"at": EIGHT, "event": "group.created", "group": ""}, "line 2: lacks group"),
    ],
)
def test_a_line_that_cannot_be_played_ends_it_with_its_number(line: Any, sentence: str):
    code, out, err = rehearse(CHECKIN, line, CHECKIN)

    assert (code, out) == (2, "")
    assert err.startswith(f"script.jsonl: {sentence}")


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        (("--channel", "telegram"), "--channel telegram: known are sandbox, appchat"),
        (("--start", "soon"), "--start: 'soon' is not a time"),
        (("--until", "2026-12-01T09:00:00"), "is not a time with its offset"),
    ],
)
def test_options_that_make_no_sense_are_told(more: tuple[str, ...], sentence: str):
    code, out, err = rehearse(CHECKIN, more=more)

    assert (code, out) == (2, "")
    assert sentence in err


def test_what_is_no_pack_or_no_script_is_told(folder: Path):
    (folder / "bad.yaml").write_text("pack: x\nnonsense: 1\n", "utf-8")
    (folder / "bad.jsonl").write_bytes(b"\xff\xfe")

    for said in (
        rehearse(CHECKIN, pack=Path("bad.yaml")),
        rehearse(CHECKIN, pack=Path("nowhere.yaml")),
        qunyun("rehearse", CLUB, "--script", "nowhere.jsonl"),
        qunyun("rehearse", CLUB, "--script", "bad.jsonl"),
        qunyun("rehearse", CLUB),
    ):
        assert (said.code, said.out) == (2, "")
        assert said.err
