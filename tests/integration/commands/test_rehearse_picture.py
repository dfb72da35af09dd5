"""`qunyun rehearse --picture`: a rehearsed day as the chat it would have been."""

import json
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from bot.pictures import fonts
from tests.integration.commands.running import CLUB, Said, qunyun

pytestmark = pytest.mark.usefixtures("plain_font")

SCRIPT = [
    {"at": "2026-12-01T07:50:00+08:00", "event": "group.created", "group": "g", "owner": "boss"},
    {"at": "2026-12-01T09:00:00+08:00", "group": "g", "from": "li", "text": "hello"},
    {"at": "2026-12-02T09:00:00+08:00", "group": "h", "from": "li", "text": "hello again"},
]


@pytest.fixture
def script(folder: Path) -> Path:
    path = folder / "s.jsonl"
    path.write_text("\n".join(map(json.dumps, SCRIPT)), "utf-8")
    return path


def rehearse(script: Path, *options: object) -> Said:
    return qunyun("rehearse", CLUB, "--script", script, *options)


def height(path: Path) -> int:
    picture = Image.open(BytesIO(path.read_bytes()))
    assert picture.width == 1_080
    return picture.height


def test_the_first_day_is_drawn_and_what_is_printed_stays_as_it_is(script: Path, folder: Path):
    plain = rehearse(script, "--json")

    said = rehearse(script, "--json", "--picture", folder / "day.png")

    assert (said.code, said.out) == (0, plain.out)
    assert said.err == f"{folder / 'day.png'}\n"
    assert height(folder / "day.png") > 1_000


def test_another_day_and_group_can_be_named(script: Path, folder: Path):
    rehearse(script, "--picture", folder / "one.png")
    said = rehearse(script, "--picture", folder / "two.png", "--day", "2026-12-02", "--group", "h")

    assert said.code == 0
    assert height(folder / "two.png") != height(folder / "one.png")


def test_an_invented_group_can_be_drawn(folder: Path):
    said = qunyun("rehearse", CLUB, "--members", 5, "--days", 1, "--picture", folder / "day.png")

    assert said.code == 0
    assert height(folder / "day.png") > 1_000


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (("--picture", "x.png", "--day", "2026-12-24"), "days are 2026-12-01, 2026-12-02"),
        (("--picture", "x.png", "--group", "zzz"), "there is no group zzz: there are g"),
        (("--picture", "x.png", "--day", "monday"), "--day"),
        (("--picture", "x.png", "--against", CLUB), "leave out --against"),
        (("--picture", "nowhere/x.png"), "nowhere/x.png: cannot be written"),
        (("--day", "2026-12-01"), "name a file"),
    ],
    ids=str,
)
def test_what_cannot_be_drawn_is_refused(
    script: Path, folder: Path, options: tuple[object, ...], told: str
):
    said = rehearse(script, *options)

    assert said.code == 2
    assert told in said.err
    assert not (folder / "x.png").exists()


def test_without_a_font_the_rehearsal_does_not_even_begin(
    script: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(fonts, "FOLDERS", (str(folder / "nowhere"),))

    said = rehearse(script, "--picture", folder / "x.png")

    assert (said.code, said.out) == (2, "")
    assert "fonts-noto-cjk" in said.err
