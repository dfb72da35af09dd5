"""A group is found by its name, as the bindings say."""

from pathlib import Path

import pytest

from bot.library.bound_groups import Abilities
from bot.library.named_group import NoSuchGroup, named_group
from tests.unit.bot.folders import GROUPS, PACK, write


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write(tmp_path, {"club.yaml": PACK, "groups.yaml": GROUPS})
    return tmp_path


def found(name: str, *folders: Path, pack: str = "club"):
    return named_group(name, pack, list(folders), Abilities())


def refusal(name: str, *folders: Path, pack: str = "club") -> str:
    with pytest.raises(NoSuchGroup) as told:
        found(name, *folders, pack=pack)
    return str(told.value)


@pytest.mark.parametrize("name", ["alpha", "club/alpha"])
def test_a_group_is_known_by_its_id_alone_or_with_its_community(name: str, folder: Path):
    group = found(name, folder)

    assert (group.id, group.kind, group.starts) == ("alpha", "regular", "2026-12-01")


def test_bindings_need_no_secret_to_plan_with(folder: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.delenv("ROBOT_KEY_ALPHA", raising=False)

    assert found("alpha", folder).title == "一群"


def test_the_first_folder_with_bindings_is_asked(folder: Path, tmp_path: Path):
    empty = tmp_path / "empty"
    empty.mkdir()

    assert found("core", empty, folder).kind == "core"


def test_what_is_there_is_told_with_what_was_meant(folder: Path, tmp_path: Path):
    assert "did you mean alpha?" in refusal("alhpa", folder)
    assert "there are club/core, club/alpha" in refusal("zzzzzz", folder)
    assert "no group runs the pack other" in refusal("alpha", folder, pack="other")
    assert "there are no bindings: looked for" in refusal("alpha", tmp_path / "nowhere")


def test_an_id_of_several_communities_has_to_be_told_apart(folder: Path):
    second = GROUPS.replace("communities:\n", "").replace("  club:\n", "  second:\n")
    for own in ("core2026", "wrkCORE", "wrkA", "wrkR"):
        second = second.replace(own, f"{own}x")
    both = GROUPS + second.replace("${ROBOT_KEY_ALPHA}", "${ROBOT_KEY_BETA}")
    write(folder, {"groups.yaml": both})

    assert refusal("alpha", folder) == (
        "alpha is the id of several groups: write club/alpha or second/alpha"
    )
    assert found("second/alpha", folder).community == "second"


def test_bindings_with_errors_tell_all_of_them(folder: Path):
    write(folder, {"groups.yaml": GROUPS.replace("pack: club", "pack: clbu")})

    assert "did you mean club" in refusal("alpha", folder)


def test_bindings_that_cannot_be_read_are_named(folder: Path):
    (folder / "groups.yaml").unlink()
    (folder / "groups.yaml").mkdir()

    assert "there are no bindings" in refusal("alpha", folder)
