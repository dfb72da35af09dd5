"""`qunyun check`: every problem at once, on stdout; 0 clean, 1 problems, 2 nothing to check."""

import json
import os
from pathlib import Path
from typing import Any

import pytest

from tests.integration.commands.running import CLUB, qunyun
from tests.unit.bot.folders import OTHER, PACK, write

GROUPS = """\
communities:
  club:
    pack: club
    regular:
      - {id: alpha, channels: {aibot: wrkA}}
"""
FLOOD = f"""\
rules:
  checks: [{{id: flood, detect: flood, messages: 5, within: 9s}}]
{PACK}"""
KEYS = {"file", "line", "column", "path", "message", "suggestion", "severity"}


def read(text: str) -> list[dict[str, Any]]:
    found = json.loads(text)
    assert isinstance(found, list)
    return found


def test_the_shipped_pack_is_clean():
    assert qunyun("check", CLUB) == (0, "1 file(s): no problems\n", "")
    assert qunyun("check", CLUB, "--json") == (0, "[]\n", "")


def test_every_problem_of_every_file_is_told_at_once(folder: Path):
    write(folder, {"a.yaml": PACK + "nonsens: 1\nstep: 2\n", "b.yaml": OTHER + "x: 1\n"})

    code, out, err = qunyun("check", "a.yaml", "b.yaml")

    assert (code, err) == (1, "")
    assert [line.split(": ")[0] for line in out.splitlines()] == [
        "a.yaml:5:1", "a.yaml:6:1", "b.yaml:5:1"
    ]  # fmt: skip


def test_lines_of_a_code_list_that_are_none_are_named_without_the_codes(folder: Path):
    write(
        folder,
        {"a.yaml": f"{PACK}benefits:\n  - {{id: c, title: 券, kind: code, codes: c.csv}}\n"},
    )
    (folder / "c.csv").write_bytes("兑换码\n券一\n券一\n1.2E+11\n".encode("gb18030"))

    code, out, _ = qunyun("check", "a.yaml")

    assert code == 0
    assert "c.csv, line 3: the same code as in line 2" in out
    assert "c.csv, line 4: the table program has shortened this number" in out
    assert "券一" not in out
    (folder / "c.csv").write_text("\n".join(["A"] * 20), "utf-8")
    assert qunyun("check", "a.yaml").out.count("c.csv, line") == 6


def test_problems_as_json_have_the_same_keys_always(folder: Path):
    write(folder, {"a.yaml": PACK + "nonsens: 1\nstep: 2\n", "b.yaml": "\t"})

    said = qunyun("check", "a.yaml", "b.yaml", "--json")

    found = read(said.out)
    assert (said.code, said.err) == (2, "")
    assert {frozenset(each) for each in found} == {frozenset(KEYS)}
    assert {each["severity"] for each in found} == {"error"}
    assert {(each["file"], each["path"]) for each in found} >= {
        ("a.yaml", "nonsens"), ("a.yaml", "step"), ("b.yaml", "")
    }  # fmt: skip
    assert all(each["line"] >= 1 and each["column"] >= 1 for each in found)


def test_with_warnings_alone_a_file_is_clean(folder: Path):
    write(folder, {"club.yaml": FLOOD, "groups.yaml": GROUPS})

    code, out, _ = qunyun("check", "club.yaml")

    assert code == 0
    assert "can never fire" in out
    assert all(line.endswith("(warning)") for line in out.splitlines())
    assert {each["severity"] for each in read(qunyun("check", "club.yaml", "--json").out)} == {
        "warning"
    }


@pytest.mark.parametrize("text", ["", "\t", "5", "- a", "pack: [", "\x00", "a: &a [*a]"])
def test_what_cannot_be_read_as_a_pack_is_unusable(folder: Path, text: str):
    write(folder, {"a.yaml": text})

    code, out, err = qunyun("check", "a.yaml")

    assert (code, err) == (2, "")
    assert out.startswith("a.yaml:1:")


def test_bytes_that_are_no_text_are_unusable(folder: Path):
    (folder / "a.yaml").write_bytes(b"pack: \xff\xfe")

    assert qunyun("check", "a.yaml").code == 2


@pytest.mark.parametrize(
    ("name", "told"), [("nowhere.yaml", "cannot be read"), (".", "there is no pack in it")]
)
def test_what_cannot_be_read_says_so_on_stderr(name: str, told: str):
    code, out, err = qunyun("check", name)

    assert (code, out) == (2, "")
    assert f"{name}: {told}" in err


def test_a_pipe_and_a_loop_of_links_are_refused_instead_of_waited_for(folder: Path):
    os.mkfifo(folder / "pipe.yaml")
    (folder / "loop.yaml").symlink_to(folder / "loop.yaml")

    for name in ("pipe.yaml", "loop.yaml"):
        code, out, err = qunyun("check", name)
        assert (code, out, f"{name}: cannot be read" in err) == (2, "", True)


def test_of_a_huge_file_only_the_beginning_is_read(folder: Path):
    with (folder / "huge.yaml").open("wb") as file:
        file.truncate(1 << 33)

    code, out, _ = qunyun("check", "huge.yaml")
    assert (code, "over 1 MiB" in out) == (2, True)


def test_bindings_are_checked_with_the_packs_beside_them(folder: Path):
    write(folder, {"club.yaml": PACK, "groups.yaml": GROUPS})
    assert qunyun("check", "groups.yaml").code == 0

    write(folder, {"groups.yaml": GROUPS.replace("pack: club", "pack: clab")})
    code, out, _ = qunyun("check", "groups.yaml")

    assert code == 1
    assert "groups.yaml:3:11: communities.club.pack:" in out
    assert "did you mean club?" in out


def test_what_channels_cannot_hear_is_told_of_the_pack_that_is_bound_beside_it(folder: Path):
    write(folder, {"club.yaml": FLOOD})
    assert qunyun("check", "club.yaml").out == "1 file(s): no problems\n"

    write(folder, {"groups.yaml": GROUPS})
    assert 'rule "flood" can never fire in group "alpha"' in qunyun("check", "club.yaml").out


def test_the_points_within_reach_are_printed_of_a_bound_pack_but_are_no_problem(folder: Path):
    earning = (
        PACK + "score: {earn: {message: {points: 1, cap: 3/day, min_chars: 2, distinct: 3}}}\n"
    )
    write(folder, {"club.yaml": earning, "groups.yaml": GROUPS.replace("aibot", "webhook")})

    reach = 'club.yaml: group "alpha": nobody can earn anything: its channels hear no messages'
    assert reach in qunyun("check", "club.yaml").out.splitlines()
    found = read(qunyun("check", "club.yaml", "--json").out)
    assert {each["severity"] for each in found} == {"warning"}
    assert reach not in str(found)


def test_nothing_of_a_pack_takes_effect_only_later(folder: Path):
    write(folder, {"club.yaml": PACK + "admission: {}\n"})

    assert qunyun("check", "club.yaml").out == "1 file(s): no problems\n"
    assert qunyun("check", "club.yaml", "--verbose").out.splitlines()[1:] == []


def test_a_day_that_is_over_is_told(folder: Path):
    past = PACK.replace("steps: []", "steps: [{id: a, when: 2020-01-01 09:00, do: [{post: x}]}]")
    assert past != PACK
    write(folder, {"club.yaml": past})

    code, out, _ = qunyun("check", "club.yaml")
    assert (code, "this day is over" in out) == (0, True)


def test_without_credentials_every_bound_channel_is_taken_to_work(folder: Path):
    joining = PACK.replace("steps: []", "steps: [{id: a, when: member.joined, do: [{post: x}]}]")
    bound = GROUPS.replace("aibot: wrkA", "aibot: wrkA, appchat: chat1")
    write(folder, {"club.yaml": joining, "groups.yaml": bound})
    assert qunyun("check", "club.yaml").out == "1 file(s): no problems\n"

    env = "ADMIN_PASSWORD=a long one\nSESSION_SECRET=" + "s" * 64 + "\nWECOM_AIBOT_ID=b\n"
    write(folder, {".env": env + "WECOM_AIBOT_SECRET=some-secret-of-it\n"})
    assert "nobody's joining is known" in qunyun("check", "club.yaml").out


def test_a_pack_needs_no_settings_but_bindings_do(folder: Path):
    write(folder, {"club.yaml": PACK, "groups.yaml": GROUPS, ".env": "PORT=nothing\n"})

    assert qunyun("check", "club.yaml").code == 0
    code, out, err = qunyun("check", "groups.yaml")

    assert (code, out) == (2, "")
    assert "PORT" in err


def test_without_files_the_whole_folder_is_checked(folder: Path):
    sop = folder / "data" / "sop"
    sop.mkdir(parents=True)
    write(sop, {"club.yaml": PACK, "other.yaml": OTHER, "groups.yaml": GROUPS})

    assert qunyun("check") == (0, "3 file(s): no problems\n", "")
    write(sop, {"other.yaml": PACK})
    code, out, _ = qunyun("check")

    assert code == 1
    assert out.startswith("data/sop/other.yaml:1:1: pack: is the id of club.yaml, too: ")


def test_of_a_folder_that_is_named_everything_is_checked(folder: Path):
    sop = folder / "elsewhere"
    sop.mkdir()
    write(sop, {"club.yaml": PACK, "other.yaml": OTHER.replace("pack: ", "pakc: ")})
    code, out, _ = qunyun("check", "elsewhere")

    assert code == 1
    assert out.startswith("elsewhere/other.yaml:1:1: pakc: unknown key (did you mean pack?)")


def test_without_files_and_without_a_folder_there_is_nothing_to_check(folder: Path):
    code, _, err = qunyun("check")
    assert (code, "there is no such folder" in err) == (2, True)

    (folder / "data" / "sop").mkdir(parents=True)
    code, _, err = qunyun("check")
    assert (code, "there is no pack in it" in err) == (2, True)


def test_an_unreadable_pack_beside_them_is_no_clean_check_of_bindings(folder: Path):
    write(folder, {"club.yaml": PACK, "groups.yaml": GROUPS})
    (folder / "gone.yaml").symlink_to("nowhere")

    assert qunyun("check", "groups.yaml").code == 2
    assert qunyun("check", "club.yaml").code == 0
