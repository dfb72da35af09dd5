"""Every command of these tests runs in an empty folder, with no settings but its own."""

from pathlib import Path

import pytest

from bot.pictures import fonts
from bot.setting_families import CREDENTIALS
from tests.unit.bot.pictures.faces import font_file


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in (*CREDENTIALS, "SOP_DIR", "DATA_DIR", "DATABASE_URL", "PORT"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def plain_font(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The one font of the machine, whatever it really has."""
    fonts_folder = folder / "fonts"
    fonts_folder.mkdir()
    font_file(fonts_folder, "NotoSansSC-Regular.ttf")
    monkeypatch.setattr(fonts, "FOLDERS", (str(fonts_folder),))
    monkeypatch.setattr(fonts, "find_spec", lambda _name: None)
