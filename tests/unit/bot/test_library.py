"""What is in force: all or nothing from a folder."""

import os
from pathlib import Path

import pytest

from bot.library import library
from bot.library.bound_groups import Abilities
from bot.library.library import Library
from sop.events import PackEnforced
from sop.yaml import yaml_source
from tests.unit.bot.folders import ABILITIES, BENEFITS, GROUPS, OTHER, PACK, opened, write


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write(tmp_path, {"groups.yaml": GROUPS, "club.yaml": PACK})
    return tmp_path


def messages(found: Library) -> list[str]:
    return [problem.message for problem in found.problems]


def test_without_bindings_there_is_nothing_to_run(tmp_path: Path):
    write(tmp_path, {"club.yaml": PACK})
    found = Library(tmp_path, ABILITIES)

    assert not found.reload()
    (problem,) = found.problems
    assert problem.fatal
    assert problem.file == str(tmp_path / "groups.yaml")


def test_a_folder_that_is_not_there_says_so(tmp_path: Path):
    found = Library(tmp_path / "nowhere", ABILITIES)

    assert not found.reload()
    assert not found.changed()
    assert "no bindings" in messages(found)[0]


@pytest.mark.parametrize(
    "broken",
    [
        {"club.yaml": PACK + "nonsense: 1\n"},
        {"club.yaml": "\t"},
        {"unbound.yaml": "pack: x"},
        {"groups.yaml": GROUPS.replace("pack: club", "pack: nothing")},
        {"groups.yaml": ""},
        {"groups.yaml": GROUPS.replace("ROBOT_KEY_ALPHA", "ROBOT_KEY_MISSING")},
        {"other.yaml": PACK},
        {"club.yaml": PACK.replace("书友会", "改名了"), "other.yaml": "pack: {"},
    ],
    ids=["unknown key", "no YAML", "a pack nobody runs", "no such pack", "empty bindings",
         "a key that is not set", "two packs with one id", "one good edit beside a bad one"],
)  # fmt: skip
def test_with_one_error_anywhere_the_last_good_state_stays(folder: Path, broken: dict[str, str]):
    found = opened(folder)
    good = found.shelf
    write(folder, broken)

    assert found.changed()
    assert not found.reload()

    assert found.shelf is good
    assert any(problem.severity == "error" for problem in found.problems)
    assert not found.changed()


def test_two_packs_with_one_id_are_told_by_the_later_file(folder: Path):
    found = opened(folder)
    write(folder, {"zweite.yaml": PACK})
    found.reload()

    (problem,) = found.problems
    assert problem.file == str(folder / "zweite.yaml")
    assert problem.message == "is the id of club.yaml, too: change one, or move a copy away"


def test_all_problems_of_all_files_are_told_at_once(folder: Path):
    write(folder, {"club.yaml": PACK + "x: 1\ny: 2\n", "other.yaml": OTHER + "z: 3\n"})
    found = Library(folder, ABILITIES)
    found.reload()

    assert {"x", "y", "z"} <= {problem.path for problem in found.problems}


@pytest.mark.parametrize("broken", [PACK + "x: 1\n", PACK + "y: ["], ids=["a key", "no YAML"])
def test_a_broken_pack_is_not_told_as_missing_too(folder: Path, broken: str):
    write(folder, {"club.yaml": broken})
    found = Library(folder, ABILITIES)
    found.reload()

    assert {Path(problem.file).name for problem in found.problems} == {"club.yaml"}


def test_every_file_is_parsed_once(folder: Path, monkeypatch: pytest.MonkeyPatch):
    parsed: list[str] = []
    compose = yaml_source.compose

    def counted(data: bytes, file: str) -> object:
        parsed.append(Path(file).name)
        return compose(data, file)

    monkeypatch.setattr(yaml_source, "compose", counted)
    opened(folder)

    assert sorted(parsed) == ["club.yaml", "groups.yaml"]


def test_what_is_put_right_comes_into_force(folder: Path):
    found = opened(folder)
    write(folder, {"club.yaml": "pack: ["})
    found.reload()
    write(folder, {"club.yaml": PACK.replace("书友会", "晨读社")})

    assert found.changed()
    assert found.reload()
    assert found.shelf.books["club"].pack.title == "晨读社"
    assert [problem for problem in found.problems if problem.severity == "error"] == []


def test_what_the_channels_cannot_hear_is_a_warning_in_force(folder: Path):
    write(folder, {"club.yaml": PACK.replace("steps: []", """\
rules:
  checks: [{id: flood, detect: flood, messages: 5, within: 10s}]
steps: []""")})  # fmt: skip
    found = opened(folder)

    told = [problem for problem in found.problems if "mentions" in problem.message]
    assert told
    assert {problem.severity for problem in told} == {"warning"}
    assert len(set(found.problems)) == len(found.problems)


@pytest.mark.parametrize("name", [".#club.yaml", "._club.yaml", ".club.yaml.swp", "notes.txt"])
def test_an_editors_own_files_are_no_packs(folder: Path, name: str):
    found = opened(folder)
    (folder / name).symlink_to("nobody@nowhere.123")

    assert found.reload()
    write(folder, {"club.yaml": PACK.replace("书友会", "晨读社")})
    assert found.changed()


def test_what_cannot_be_read_is_a_problem_and_no_end(folder: Path):
    found = opened(folder)
    good = found.shelf
    (folder / "gone.yaml").symlink_to("nobody@nowhere.123")
    (folder / "folder.yaml").mkdir()

    assert not found.reload()

    assert found.shelf is good
    assert "cannot be read" in messages(found)[0]
    assert found.problems[0].file == str(folder / "folder.yaml")


def test_a_file_that_was_exchanged_for_one_of_the_same_size_and_age_is_another(folder: Path):
    found = opened(folder)
    before = (folder / "club.yaml").stat()
    (folder / "new").write_text(PACK.replace("书友会", "友书会"), "utf-8")
    os.utime(folder / "new", ns=(before.st_atime_ns, before.st_mtime_ns))
    (folder / "new").replace(folder / "club.yaml")

    assert found.changed()


def test_nothing_has_changed_where_nothing_was_written(folder: Path):
    found = opened(folder)

    assert not found.changed()
    assert not found.changed()


def events(found: Library, now: int = 5) -> list[PackEnforced]:
    return found.enforcements(now)


def test_a_shelf_comes_into_force_by_one_event_for_each_community(folder: Path):
    second = GROUPS.replace("communities:\n", "").replace("  club:", "  second:", 1)
    second = second.replace("wrk", "wrkX").replace("core2026", "core2")
    second = second.replace('webhook: "${ROBOT_KEY_ALPHA}", ', "")
    write(folder, {"groups.yaml": GROUPS + second})
    found = opened(folder)

    told = events(found, 77)

    assert [event.community for event in told] == ["club", "second"]
    assert {event.at for event in told} == {77}
    assert [event.groups for event in told] == list(found.shelf.groups.values())
    assert {event.version for event in told} == {found.shelf.books["club"].version}


def test_an_edit_that_is_taken_back_is_no_repeat(folder: Path):
    """The same key would be taken for a repeat, and what was edited in between would stay."""
    found = opened(folder)
    keys = [events(found)[0].key]
    for text in (PACK.replace("书友会", "晨读社"), PACK):
        write(folder, {"club.yaml": text})
        found.reload()
        keys.append(events(found)[0].key)

    assert len(set(keys)) == 3


def fingerprint(folder: Path, abilities: Abilities = ABILITIES) -> str:
    return opened(folder, abilities).shelf.fingerprint


def test_the_fingerprint_is_that_of_everything_that_counts(folder: Path):
    first = fingerprint(folder)

    assert first == fingerprint(folder)
    assert first != fingerprint(folder, Abilities(robot_keys=ABILITIES.robot_keys))
    write(folder, {"club.yaml": PACK + "# x\n"})
    assert first != fingerprint(folder)
    write(folder, {"club.yaml": PACK, "groups.yaml": GROUPS + "# x\n"})
    assert first != fingerprint(folder)


def test_files_that_benefits_name_are_read_with_the_pack(folder: Path):
    write(folder, {"club.yaml": PACK + BENEFITS, "codes.csv": "A1\nA2\n", "more.csv": "x"})

    files = opened(folder).shelf.books["club"].files

    assert files == {"codes.csv": b"A1\nA2\n"}


def test_a_file_too_large_to_keep_is_left_where_it_is(
    folder: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(library, "MAX_FILE", 3)
    write(folder, {"club.yaml": PACK + BENEFITS, "codes.csv": "A1\nA2\n", "week.pdf": "abc"})

    assert set(opened(folder).shelf.books["club"].files) == {"week.pdf"}
