"""Files are written whole, all or none."""

import os
import stat
from pathlib import Path

import pytest

from bot.library.whole_files import write_whole


def test_files_are_written_and_replaced(tmp_path: Path):
    one, two = tmp_path / "one.png", tmp_path / "two.png"
    one.write_bytes(b"old")
    one.chmod(0o640)

    write_whole({one: b"new", two: b"second"})

    assert (one.read_bytes(), two.read_bytes()) == (b"new", b"second")
    assert stat.S_IMODE(one.stat().st_mode) == 0o640
    assert sorted(path.name for path in tmp_path.iterdir()) == ["one.png", "two.png"]


@pytest.mark.parametrize("bad", ["folder", "missing/two.png"])
def test_where_one_cannot_be_written_nothing_is(tmp_path: Path, bad: str):
    one = tmp_path / "one.png"
    one.write_bytes(b"old")
    (tmp_path / "folder").mkdir()

    with pytest.raises(OSError, match=r"folder|missing") as told:
        write_whole({one: b"new", tmp_path / bad: b"second"})

    assert told.value.filename
    assert one.read_bytes() == b"old"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["folder", "one.png"]


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give files away")
def test_what_is_replaced_keeps_its_owner(tmp_path: Path):
    one = tmp_path / "one.png"
    one.write_bytes(b"old")
    os.chown(one, 54_321, 54_322)

    write_whole({one: b"new"})

    assert (one.stat().st_uid, one.stat().st_gid) == (54_321, 54_322)
