"""`qunyun versions` and `rollback`: what was in force, compared and brought back."""

import asyncio
import json
import stat
from pathlib import Path

import pytest

from bot.library import versions
from bot.library.bound_groups import Abilities
from bot.library.library import Library
from sop.model import Version
from storage.database import Database
from tests.integration.commands.running import Said, qunyun
from tests.integration.live import CORE, Live, bindings, pack, play
from tests.unit.bot.folders import PACK, write

GROUPS = """\
communities:
  club:
    pack: club
    owner: boss
    regular:
      - {id: alpha, channels: {aibot: wrkA, webhook: %s}}
"""
ENV = {"SOP_DIR": "sop", "DATABASE_URL": "sqlite:///q.db", "ROBOT_KEY_ALPHA": "k-alpha-1234"}
TEXTS = [PACK, PACK.replace("书友会", "晨读社"), PACK.replace("书友会", "夜读社")]


def said(*words: object) -> Said:
    return qunyun(*words, env=ENV)


def live_through(folder: Path, texts: list[str], groups: list[str] | None = None) -> None:
    """Let texts come into force one after the other, as a running bot does."""
    sop = folder / "sop"
    sop.mkdir(exist_ok=True)
    database = Database("sqlite:///q.db")
    database.migrate()
    every = groups or [GROUPS % '"${ROBOT_KEY_ALPHA}"'] * len(texts)
    for number, (text, bound) in enumerate(zip(texts, every, strict=True)):
        write(sop, {"club.yaml": text, "groups.yaml": bound})
        library = Library(sop, Abilities(robot_keys={"ROBOT_KEY_ALPHA": "k-alpha-1234"}))
        assert library.reload(), library.problems
        batch = database.batch()
        with batch.event() as store:
            signed = versions.signed(library.shelf.versions, {}, sop, lambda _path: "wang.wu")
            versions.keep(store, signed.values(), 1_796_212_800_000 + number * 60_000)
        batch.commit()
    database.close()


def rows() -> list[Version]:
    database = Database("sqlite:///q.db")
    found = database.read(
        lambda store: list(store.find(Version, name="club.yaml", order="number"))
    )
    database.close()
    return found


def test_where_no_bot_ever_ran_there_are_no_versions(folder: Path):
    code, out, err = said("versions")

    assert (code, out) == (2, "")
    assert "no database yet" in err
    assert not (folder / "q.db").exists()


def test_versions_are_listed_the_newest_first(folder: Path):
    live_through(folder, TEXTS)

    code, out, err = said("versions", "sop/club.yaml")

    assert (code, err) == (0, "")
    lines = out.splitlines()
    assert lines[0] == "club.yaml"
    assert [line.split()[0] for line in lines[1:]] == ["3", "2", "1"]
    assert all("wang.wu" in line for line in lines[1:])
    assert [line.endswith("in force") for line in lines[1:]] == [True, False, False]


def test_all_files_are_listed_as_json(folder: Path):
    live_through(folder, TEXTS)

    found = json.loads(said("versions", "--json").out)

    assert [(each["file"], each["version"]) for each in found] == [
        ("club.yaml", 3), ("club.yaml", 2), ("club.yaml", 1), ("groups.yaml", 1)
    ]  # fmt: skip
    assert set(found[0]) == {"file", "version", "sha", "at", "author", "in_force"}


def test_what_is_saved_but_not_in_force_is_told(folder: Path):
    live_through(folder, TEXTS)
    write(folder / "sop", {"club.yaml": "pack: ["})

    assert "qunyun check sop/club.yaml" in said("versions", "club.yaml").out
    (folder / "sop" / "club.yaml").unlink()
    assert "not there any more" in said("versions", "club.yaml").out


def test_two_versions_are_compared(folder: Path):
    live_through(folder, TEXTS)
    sha = rows()[1].sha

    out = said("versions", "club.yaml", "--diff", 1, sha[:8]).out

    assert out.splitlines()[0] == "--- club.yaml 1"
    assert "-title: 书友会" in out
    assert "+title: 晨读社" in out
    assert said("versions", "club.yaml", "--diff", 3, "now").out == "no difference\n"
    read = json.loads(said("versions", "club.yaml", "--diff", 1, 3, "--json").out)
    assert (read["from"], read["to"]) == ("1", "3")
    assert "夜读社" in read["diff"]


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("versions", "clubb.yaml"), "did you mean club.yaml?"),
        (("versions", "--diff", 1, 2), "--diff needs the file"),
        (("versions", "club.yaml", "--diff", 1, 9), "no version 9: there are 1 to 3"),
        (("rollback", "club.yaml", "x"), "no version x"),
        (("rollback", "other.yaml", 1), "no version of other.yaml is kept"),
    ],
)
def test_what_is_not_there_is_told(folder: Path, words: tuple[object, ...], told: str):
    live_through(folder, TEXTS)

    code, out, err = said(*words)

    assert (code, out) == (2, "")
    assert told in err


def test_a_version_is_brought_back_whole_and_signed(folder: Path):
    live_through(folder, TEXTS)
    path = folder / "sop" / "club.yaml"
    path.chmod(0o640)

    code, out, err = said("rollback", "club.yaml", 1, "--by", "zhang.san")

    assert (code, err) == (0, "")
    assert "-title: 夜读社" in out
    assert "+title: 书友会" in out
    assert path.read_text("utf-8") == PACK
    assert stat.S_IMODE(path.stat().st_mode) == 0o640
    assert [(each.number, each.author) for each in rows()][-1] == (4, "zhang.san")
    assert sorted(each.name for each in path.parent.iterdir()) == ["club.yaml", "groups.yaml"]
    assert "already" in said("rollback", "club.yaml", 1).out
    assert len(rows()) == 4


def test_what_never_came_into_force_is_taken_back_without_a_new_version(folder: Path):
    live_through(folder, TEXTS)
    write(folder / "sop", {"club.yaml": "pack: ["})

    code, out, _ = said("rollback", "club.yaml", 3)

    assert code == 0
    assert "in force all along" in out
    assert len(rows()) == 3


def test_a_link_is_followed_and_stays_one(folder: Path):
    live_through(folder, TEXTS)
    path = folder / "sop" / "club.yaml"
    path.rename(folder / "elsewhere.yaml")
    path.symlink_to(folder / "elsewhere.yaml")

    assert said("rollback", "club.yaml", 1).code == 0

    assert path.is_symlink()
    assert (folder / "elsewhere.yaml").read_text("utf-8") == PACK


def test_a_dry_run_saves_nothing(folder: Path):
    live_through(folder, TEXTS)

    code, out, _ = said("rollback", "club.yaml", 1, "--dry-run")

    assert code == 0
    assert "+title: 书友会" in out
    assert (folder / "sop" / "club.yaml").read_text("utf-8") == TEXTS[2]
    assert len(rows()) == 3


def test_a_version_that_no_longer_fits_changes_nothing(folder: Path):
    """The old pack has another id than the one that is bound today."""
    live_through(folder, [PACK])
    other = PACK.replace("pack: club", "pack: other")
    groups = (GROUPS % '"${ROBOT_KEY_ALPHA}"').replace("pack: club", "pack: other")
    live_through(folder, [other], [groups])

    code, _, err = said("rollback", "club.yaml", 1)

    assert code == 1
    assert 'there is no pack "other"' in err
    assert (folder / "sop" / "club.yaml").read_text("utf-8") == other
    assert len(rows()) == 2


def test_what_only_fits_together_is_brought_back_together(folder: Path):
    live_through(folder, [PACK])
    other = PACK.replace("pack: club", "pack: other")
    groups = (GROUPS % '"${ROBOT_KEY_ALPHA}"').replace("pack: club", "pack: other")
    live_through(folder, [other], [groups])

    code, out, err = said("rollback", "club.yaml", 1, "groups.yaml", 1)

    assert (code, err) == (0, "")
    assert out.count("again, as version 3") == 2
    assert (folder / "sop" / "club.yaml").read_text("utf-8") == PACK
    assert "pack: club" in (folder / "sop" / "groups.yaml").read_text("utf-8")
    assert said("rollback", "club.yaml", 1, "groups.yaml").code == 2


def test_a_folder_nobody_may_write_in_keeps_file_and_record(
    folder: Path, monkeypatch: pytest.MonkeyPatch
):
    live_through(folder, TEXTS)

    def refuse(*_arguments: object, **_named: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("bot.library.whole_files.tempfile.mkstemp", refuse)
    code, _, err = said("rollback", "club.yaml", 1)

    assert (code, "cannot be written (Permission denied)" in err) == (2, True)
    assert (folder / "sop" / "club.yaml").read_text("utf-8") == TEXTS[2]
    assert len(rows()) == 3


def test_a_masked_key_is_taken_from_todays_file_or_the_rollback_is_refused(folder: Path):
    bound = [GROUPS % key for key in ("secret-key-9876", "secret-key-9876")]
    bound[1] = bound[1].replace("owner: boss", "owner: wang")
    live_through(folder, [PACK, PACK], bound)
    path = folder / "sop" / "groups.yaml"

    code, out, _ = said("rollback", "groups.yaml", 1)
    assert code == 0
    assert "secret-key" not in out
    assert path.read_text("utf-8") == bound[0]

    write(folder / "sop", {"groups.yaml": GROUPS % "another-key-1111"})
    code, _, err = said("rollback", "groups.yaml", 2)
    assert code == 2
    assert "masked" in err
    assert "another-key-1111" in path.read_text("utf-8")


def test_a_file_that_was_taken_away_comes_back(folder: Path):
    live_through(folder, TEXTS)
    (folder / "sop" / "club.yaml").unlink()

    assert said("rollback", "club.yaml", 2).code == 0
    assert (folder / "sop" / "club.yaml").read_text("utf-8") == TEXTS[1]


def test_the_running_bot_picks_up_what_was_brought_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    for name in ("ROUND_S", "STILL_S", "POLL_S"):
        monkeypatch.setattr(f"bot.library.reloading.{name}", 0.02)
    monkeypatch.setattr("bot.library.watching.STEP_MS", 10)
    before = pack()
    env = {
        "SOP_DIR": str(tmp_path / "sop"), "DATABASE_URL": f"sqlite:///{tmp_path / 'qunyun.db'}",
    }  # fmt: skip

    async def story(live: Live) -> None:
        def title() -> str:
            return str(live.bot.library.shelf.books["club"].pack.title)

        (live.folder / "club.yaml").write_text(before.replace("书友会", "晨读社"), "utf-8")

        async def kept() -> bool:
            return len(await live.rows(Version, name="club.yaml")) == 2

        await live.until(kept)
        found = await asyncio.to_thread(
            qunyun, "rollback", "club.yaml", 1, "--by", "li.si", env=env
        )
        assert found.code == 0, found
        await live.until(lambda: title() == "书友会")
        await live.until(lambda: not live.bot.enforcement.lagging())
        listed = await live.rows(Version, name="club.yaml", order="number")
        assert [each.author for each in listed][-1] == "li.si"
        assert len(listed) == 3

    play(tmp_path, bindings(CORE), story, before)
