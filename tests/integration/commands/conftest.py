"""Every command of these tests runs in an empty folder, with no settings but its own."""

from pathlib import Path

import pytest

from bot.setting_families import CREDENTIALS


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in (*CREDENTIALS, "SOP_DIR", "DATA_DIR", "DATABASE_URL", "PORT"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)
    return tmp_path
