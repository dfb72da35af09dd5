"""Pools on a disk: what lies there, and nothing that lies elsewhere."""

import os
from pathlib import Path

import pytest

from bot.commands.shared import book_or_exit
from bot.library import library, pool_folder
from bot.library.bound_groups import Abilities

PACK = """
pack: club
title: 书友会
timezone: Asia/Shanghai
library: {daily: daily, table: pools/table.csv, list: list.pool.yaml}
steps: []
"""
BINDINGS = """
communities:
  club:
    {title: 书友会, pack: club, owner: boss, core: {id: core, channels: {aibot: wrkA}}}
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    sop = tmp_path / "sop"
    (sop / "daily").mkdir(parents=True)
    (sop / "pools").mkdir()
    (sop / "club.yaml").write_text(PACK, encoding="utf-8")
    (sop / "groups.yaml").write_text(BINDINGS, encoding="utf-8")
    (sop / "daily" / "1.md").write_text("---\nimage: sea.png\n---\n第一篇", encoding="utf-8")
    (sop / "daily" / "sea.png").write_bytes(b"png")
    (sop / "pools" / "table.csv").write_text("内容\n一\n", encoding="utf-8")
    (sop / "list.pool.yaml").write_text("- 甲\n", encoding="utf-8")
    return sop


def test_a_pack_is_read_with_its_pools(folder: Path):
    found = book_or_exit(folder / "club.yaml").pack.library

    assert {name: pool.items[0].text for name, pool in found.items()} == {
        "daily": "第一篇", "table": "一", "list": "甲",
    }  # fmt: skip
    assert found["daily"].items[0].image == "daily/sea.png"


def test_a_pool_that_changes_is_read_anew_and_a_broken_one_changes_nothing(folder: Path):
    shelves = library.Library(folder, Abilities())
    assert shelves.reload(), shelves.problems
    (folder / "daily" / "2.md").write_text("第二篇", encoding="utf-8")
    assert shelves.changed()
    assert shelves.reload()
    book = shelves.book_of("club")
    assert book is not None
    assert [item.text for item in book.pack.library["daily"].items] == ["第一篇", "第二篇"]

    (folder / "pools" / "table.csv").write_bytes(b"\xff\n")
    assert not shelves.reload()
    assert [each.file for each in shelves.problems] == [str(folder / "pools" / "table.csv")]
    assert shelves.book_of("club") is book


def read(folder: Path, name: str) -> str:
    """Why a pool cannot be read: nothing where it can, `missing` where it is not there."""
    source = pool_folder.Beside.of(folder).pool(name)
    return "missing" if source is None else source.error


def test_what_leads_out_of_the_folder_is_not_read(folder: Path, tmp_path: Path):
    (tmp_path / "secret.csv").write_text("text\nsecret\n", encoding="utf-8")
    (tmp_path / "notes").mkdir()
    (folder / "out.csv").symlink_to(tmp_path / "secret.csv")
    (folder / "away").symlink_to(tmp_path / "notes")
    (folder / "daily" / "3.md").symlink_to(tmp_path / "secret.csv")
    (folder / "within.csv").symlink_to(folder / "pools" / "table.csv")
    (folder / "nowhere.csv").symlink_to(folder / "gone.csv")
    (folder / "circle.csv").symlink_to(folder / "circle.csv")

    assert "leads out" in read(folder, "out.csv")
    assert "leads out" in read(folder, "away")
    assert "leads out" in read(folder, "daily")
    assert read(folder, "within.csv") == ""
    assert read(folder, "nowhere.csv") == "missing"
    assert read(folder, "circle.csv") != ""


def test_nothing_endless_is_read(folder: Path, monkeypatch: pytest.MonkeyPatch):
    os.mkfifo(folder / "pipe.csv")
    os.mkfifo(folder / "daily" / "pipe.md")
    (folder / "big.csv").write_bytes(b"text\n" + b"a" * pool_folder.MAX_FILE)

    assert "neither a table" in read(folder, "pipe.csv")
    assert "over" in read(folder, "big.csv")
    assert read(folder, "daily") == ""
    (folder / "daily" / "big.md").write_bytes(b"a" * (pool_folder.MAX_NOTE + 1))
    assert "big.md" in read(folder, "daily")
    monkeypatch.setattr(pool_folder, "MOST_FILES", 2)
    assert "more than" in read(folder, "daily")


@pytest.mark.parametrize(
    ("name", "there"),
    [
        ("daily/sea.png", True), ("club.yaml", True), ("../secret", False),
        ("/etc/hostname", False), ("daily/../../secret", False), ("daily/../club.yaml", True),
    ],
)  # fmt: skip
def test_a_name_leads_nowhere_but_into_the_folder(
    folder: Path, tmp_path: Path, name: str, *, there: bool
):
    (tmp_path / "secret").write_text("secret", encoding="utf-8")

    assert (pool_folder.inside(folder, name) is not None) is there


def test_a_link_that_leads_elsewhere_is_no_file_beside_the_pack(folder: Path, tmp_path: Path):
    secret = tmp_path / "secret.csv"
    secret.write_text("A1\n", encoding="utf-8")
    (folder / "codes.csv").symlink_to(secret)
    (folder / "inside.png").symlink_to(folder / "daily" / "sea.png")
    (folder / "circle.png").symlink_to(folder / "circle.png")
    pack = PACK.replace(
        "steps: []",
        "benefits: [{id: a, title: A, kind: code, codes: codes.csv}]\n"
        "steps: [{id: a, when: 08:00 daily, do: [{post: x, image: inside.png}]}]",
    )
    (folder / "club.yaml").write_text(pack, encoding="utf-8")
    shelves = library.Library(folder, Abilities())

    assert "codes.csv" not in library.listing(folder)
    assert {"inside.png", "club.yaml"} <= library.listing(folder)
    assert "circle.png" not in library.listing(folder)
    assert shelves.reload(), shelves.problems
    assert any('"codes.csv" does not lie beside' in str(each) for each in shelves.problems)
    book = shelves.book_of("club")
    assert book is not None
    assert not book.files


def test_only_regular_files_of_a_bounded_size_are_read(tmp_path: Path):
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "endless").symlink_to("/dev/zero")
    (tmp_path / "long").write_bytes(b"12345")

    for name in ("pipe", "endless", "long"):
        with pytest.raises(OSError, match=r"is no file|is over"):
            pool_folder.whole_file(tmp_path / name, 4)
    assert pool_folder.whole_file(tmp_path / "long", 5) == b"12345"
