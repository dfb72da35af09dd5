"""`qunyun rehearse`: what would happen, on stdout; a script it cannot play, on stderr, exit 2."""

import json
from pathlib import Path
from typing import Any

import pytest

from bot.rehearsal import script
from bot.rehearsal.groups import BUNDLES
from bot.rehearsal.invention import Invented
from bot.rehearsal.stage import Stage
from storage.database import Database
from tests.acceptance.rehearsing import shipped
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


def test_links_are_as_short_as_they_will_be_where_the_address_is_given(folder: Path):
    pack = folder / "links.yaml"
    pack.write_text(
        "pack: p\ntitle: t\ntimezone: Asia/Shanghai\n"
        "links: {book: 'https://example.com/book?from=group'}\n"
        "steps: [{id: a, when: '08:30 daily', do: [{post: \"看 {{ link('book') }}\"}]}]\n",
        "utf-8",
    )
    shown = {}
    for address in ("", "https://q.example.com", "q.example.com"):
        more = ("--public-url", address) if address else ()
        shown[address] = rehearse(CHECKIN, more=("--until", NINE, *more), pack=pack)

    assert "看 https://example.com/book?from=group" in shown[""].out
    assert "看 https://q.example.com/s/" in shown["https://q.example.com"].out
    assert shown["q.example.com"].code == 2
    assert "--public-url must be http" in shown["q.example.com"].err


def test_a_camp_is_rehearsed_from_the_day_it_starts(folder: Path):
    camp = folder / "camp.yaml"
    step = '{id: eve, when: "start - 1d at 20:00", do: [{post: 明天开营}]}'
    camp.write_text(f"pack: c\ntitle: 营\ntimezone: Asia/Shanghai\nsteps: [{step}]\n", "utf-8")
    lines = rehearse(CHECKIN, more=("--json", "--starts", "2026-12-02"), pack=camp).lines

    [post] = [line for line in map(json.loads, lines) if line["do"] == "post"]
    assert (post["at"], post["step"]) == ("2026-12-01T20:00:00+08:00", "eve")
    assert "say --starts" in rehearse(CHECKIN, pack=camp).err


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


INVENT = ("--members", "9", "--days", "1", "--seed", "4")


def test_invented_people_are_told_as_a_timeline_with_a_summary():
    said = qunyun("rehearse", CLUB, *INVENT)

    assert (said.code, said.err) == (0, "")
    assert said.lines[0] == "── 2026-03-02 周一 ──"
    end = said.lines.index("── 小结 ──")
    assert said.lines[end + 1].startswith("成员说了 ")
    assert any(line.startswith("积分前 ") for line in said.lines[end:])
    assert "\x1b" not in said.out


def test_what_members_say_is_shown_where_it_is_asked_for():
    joined = {"at": EIGHT, "event": "member.joined", "group": "g", "member": "li", "name": "李四"}
    spoken = {**CHECKIN, "text": "签到 一\n二", "points": "x", "image": True}

    lines = rehearse(joined, spoken, more=("--until", NINE, "--talk")).lines

    assert "08:00  g  李四 进群" in lines
    place = lines.index("08:30  g  李四 说")
    assert lines[place + 1 : place + 4] == [
        "       签到 一",
        "       二",
        "08:30  g  李四 +2 分（签到）",
    ]
    assert rehearse(CHECKIN, more=("--talk", "--json")) == rehearse(CHECKIN, more=("--json",))


def test_the_summary_is_for_people_alone():
    lines = qunyun("rehearse", CLUB, *INVENT, "--json").lines

    assert lines
    assert all({"at", "do"} <= json.loads(line).keys() for line in lines)


def test_what_was_invented_can_be_kept_and_played_again(folder: Path):
    invented = qunyun("rehearse", CLUB, *INVENT, "--json", "--write-script", "week.jsonl")

    played = qunyun(
        "rehearse", CLUB, "--script", "week.jsonl", "--seed", "4", "--json",
        "--start", "2026-03-02T00:00:00+08:00", "--until", "2026-03-03T00:00:00+08:00",
    )  # fmt: skip

    assert invented.code == 0
    assert len((folder / "week.jsonl").read_text("utf-8").splitlines()) > 10
    assert played == invented


def test_a_script_that_is_kept_says_what_it_said(folder: Path):
    first = rehearse(CHECKIN, more=("--until", NINE, "--json", "--write-script", "again.jsonl"))

    again = qunyun("rehearse", CLUB, "--script", "again.jsonl", "--until", NINE, "--json")

    assert again == first
    assert json.loads((folder / "again.jsonl").read_text("utf-8")) == CHECKIN


def changed(folder: Path, old: str, new: str) -> Path:
    """The club's pack with one thing otherwise, beside the files it needs."""
    for path in CLUB.parent.iterdir():
        (folder / path.name).write_bytes(path.read_bytes())
    text = CLUB.read_text("utf-8")
    assert text.count(old) == 1
    (folder / "changed.yaml").write_text(text.replace(old, new), "utf-8")
    return folder / "changed.yaml"


@pytest.mark.parametrize("how", [INVENT, ("--script", "script.jsonl", "--until", NINE)])
def test_against_another_pack_only_what_differs_is_told(folder: Path, how: tuple[str, ...]):
    Path("script.jsonl").write_text(json.dumps(CHECKIN), "utf-8")
    other = changed(folder, "checkin: {points: 2,", "checkin: {points: 7,")

    lines = qunyun("rehearse", other, *how, "--against", CLUB, "--json").lines
    told = qunyun("rehearse", other, *how, "--against", CLUB)

    found = [json.loads(line) for line in lines]
    people = [each for each in found if each["change"] == "person"]
    assert people
    assert all(each["new"]["balance"] > each["old"]["balance"] for each in people)
    assert {each["change"] for each in found} <= {"changes", "appears", "disappears", "person"}
    assert told.lines[0] == f"── 与 {CLUB} 相比 ──"


def test_what_members_say_does_not_command_the_terminal():
    joined = {"at": EIGHT, "event": "member.joined", "group": "g", "member": "li",
              "name": "李\x1b]0;x\x07四\u202e"}  # fmt: skip

    said = rehearse(joined, CHECKIN, more=("--until", NINE))

    assert said.code == 0
    assert not {"\x1b", "\x07", "\u202e"} & set(said.out)
    assert "四" in said.out


def test_a_pack_does_not_differ_from_itself():
    said = qunyun("rehearse", CLUB, *INVENT, "--against", CLUB)

    assert (said.code, said.lines[-1]) == (0, "没有差别")
    assert qunyun("rehearse", CLUB, *INVENT, "--against", CLUB, "--json").out == ""


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        ((), "what shall be played? one of --script, --members, --recorded"),
        (("--members", "3", "--recorded", "alpha"), "one of --script, --members, --recorded"),
        (("--members", "999999"), "--members 999999: 1 to 5000"),
        (("--members", "3", "--days", "9999"), "--days 9999: 1 to 730"),
        (("--recorded", "alpha", "--days", "3"), "--days 3: 1 to 730, together with --members"),
        (("--members", "3", "--until", "2036-12-01T00:00:00+08:00"), "no more than 730 days"),
        (("--recorded", "a", "--channel", "aibot"), "the group has its own channels, start and"),
        (("--members", "3", "--start", "soon"), "--start: 'soon' is not a time"),
        (("--members", "3", "--seed", "-1"), "--seed -1: a whole number from 0 on"),
        (("--members", "3", "--write-script", "nowhere/f.jsonl"), "cannot be written"),
        (("--members", "3", "--against", "nowhere.yaml"), "nowhere.yaml: cannot be read"),
    ],
)
def test_what_makes_no_sense_together_is_told(folder: Path, more: tuple[str, ...], sentence: str):
    code, out, err = qunyun("rehearse", CLUB, *more)

    assert (code, out) == (2, "")
    assert sentence in err


GROUPS = """\
communities:
  rehearsal:
    pack: reading-club
    owner: boss
    regular: [{id: alpha, channels: {aibot: wrkA}}]
"""


@pytest.fixture(scope="module")
def lived(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The database of a group that has been running for two invented days."""
    path = tmp_path_factory.mktemp("lived") / "live.db"
    database = Database(f"sqlite:///{path}")
    database.migrate()
    book = shipped()
    first = script.instant("2026-03-02T00:00:00+08:00", "")
    people = Invented(book, members=12, seed=4, start=first, hears_all=True)
    stage = Stage(book, database=database)
    for _ in stage.perform(people, first, first + 2 * 86_400_000):
        pass
    stage._batch.commit()
    database.close()
    return path


@pytest.fixture
def deployment(folder: Path, lived: Path) -> dict[str, str]:
    """The environment of a deployment with that database."""
    sop = folder / "sop"
    sop.mkdir()
    for path in CLUB.parent.iterdir():
        (sop / path.name).write_bytes(path.read_bytes())
    (sop / "groups.yaml").write_text(GROUPS, "utf-8")
    (folder / "live.db").write_bytes(lived.read_bytes())
    url = f"sqlite:///{folder / 'live.db'}"
    return {"SOP_DIR": str(sop), "DATABASE_URL": url, "DATA_DIR": str(folder)}


LAST = ("--recorded", "alpha", "--last", "1d", "--until", "2026-03-04T00:00:00+08:00")


def test_what_a_group_lived_through_is_played_against_the_pack_in_force(
    folder: Path, deployment: dict[str, str]
):
    same = qunyun("rehearse", CLUB, *LAST, env=deployment)
    richer = changed(folder, "message: {points: 1,", "message: {points: 3,")
    found = qunyun("rehearse", richer, *LAST, "--json", env=deployment)

    assert (same.code, same.lines[-1]) == (0, "没有差别")
    assert same.err.startswith("记录里有 ")
    people = [json.loads(line) for line in found.lines if '"person"' in line]
    assert people
    assert all(each["new"]["balance"] > each["old"]["balance"] for each in people)


def test_it_can_be_compared_with_another_pack_too(folder: Path, deployment: dict[str, str]):
    richer = changed(folder, "message: {points: 1,", "message: {points: 3,")

    said = qunyun("rehearse", richer, *LAST, "--against", richer, env=deployment)

    assert said.lines[-1] == "没有差别"


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        (("--recorded", "alhpa"), "alhpa: no such group; did you mean alpha?"),
        (("--recorded", "elsewhere/alpha"), "no such group"),
        (("--recorded", "alpha", "--last", "long"), "is not a length of time"),
        (("--recorded", "alpha", "--last", "900d"), "--last 900d: up to 730 days"),
        (("--recorded", "alpha", "--until", "soon"), "--until: 'soon' is not a time"),
    ],
)
def test_a_group_that_is_not_there_is_told(
    deployment: dict[str, str], more: tuple[str, ...], sentence: str
):
    code, out, err = qunyun("rehearse", CLUB, *more, env=deployment)

    assert (code, out) == (2, "")
    assert sentence in err


def test_without_a_database_nothing_has_been_recorded(deployment: dict[str, str]):
    env = {**deployment, "DATABASE_URL": "sqlite:///nowhere.db"}

    code, out, err = qunyun("rehearse", CLUB, *LAST, env=env)

    assert (code, out) == (2, "")
    assert "there is no database yet" in err
    assert not Path("nowhere.db").exists()


def test_bindings_that_are_broken_are_told(deployment: dict[str, str]):
    Path(deployment["SOP_DIR"], "groups.yaml").write_text("communities: [", "utf-8")

    code, out, err = qunyun("rehearse", CLUB, *LAST, env=deployment)

    assert (code, out) == (2, "")
    assert "groups.yaml" in err
