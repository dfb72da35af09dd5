"""Finding fonts: by name in folders, never by what the tests' machine has."""

from pathlib import Path

import pytest

from bot.pictures import fonts
from bot.pictures.fonts import Face, NoFont, discover
from tests.unit.bot.pictures.faces import font_file


def test_without_a_font_one_sentence_says_what_to_install(tmp_path: Path):
    with pytest.raises(NoFont, match=r"fonts-noto-cjk.*--no-deps mplfonts"):
        discover([tmp_path, tmp_path / "missing"])


def test_a_font_is_found_however_deep_it_lies_with_its_bold_one(tmp_path: Path):
    deep = tmp_path / "opentype" / "noto"
    deep.mkdir(parents=True)
    regular = font_file(deep, "NotoSansSC-Regular.ttf")
    bold = font_file(tmp_path, "NotoSansSC-Bold.ttf")

    found = discover([tmp_path])

    assert (found.regular, found.bold) == (Face(regular), Face(bold))
    assert (found.signs, found.emoji) == ((), None)


def test_the_better_font_is_taken_and_does_without_a_bold_one(tmp_path: Path):
    font_file(tmp_path, "simhei.ttf")
    better = font_file(tmp_path, "SourceHanSansCN-Regular.otf")

    assert discover([tmp_path]) == fonts.Faces(regular=Face(better), bold=Face(better))


def test_the_first_folder_wins(tmp_path: Path):
    first, second = tmp_path / "a", tmp_path / "b"
    for folder in (first, second):
        folder.mkdir()
        font_file(folder, "msyh.ttf")

    assert discover([second, first]).regular.path.parent == second


def test_emoji_and_signs_come_along(tmp_path: Path):
    for name in ("msyh.ttf", "NotoColorEmoji.ttf", "Symbola.ttf", "DejaVuSans.ttf"):
        font_file(tmp_path, name)

    found = discover([tmp_path])

    assert found.emoji == Face(tmp_path / "NotoColorEmoji.ttf")
    assert [face.path.name for face in found.signs] == ["Symbola.ttf", "DejaVuSans.ttf"]


def test_a_collection_without_a_name_for_the_region_gives_its_first_font(tmp_path: Path):
    path = font_file(tmp_path, "NotoSansCJK-Regular.ttc")

    assert discover([tmp_path]).regular == Face(path, 0)


def test_a_font_that_cannot_be_read_is_no_crash(tmp_path: Path):
    (tmp_path / "msyh.ttc").write_bytes(b"not a font")

    with pytest.raises(NoFont):
        discover([tmp_path])


def test_every_bold_font_belongs_to_a_regular_one():
    assert set(fonts.BOLD) <= set(fonts.REGULAR)
