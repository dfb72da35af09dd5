"""A poster's code is read from the command line: where it leads, and whether it may be tracked."""

import json
from pathlib import Path

import pytest

from bot.pictures import qr
from tests.integration.commands.running import qunyun

BLANK = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010100000000376ef924"
    "0000000a4944415478016368000000820081dd436af40000000049454e44ae426082"
)
"""A picture of one white dot."""


def test_a_code_is_told_with_the_words_that_track_it(folder: Path):
    (folder / "poster.png").write_bytes(qr.bare("https://shop.example.com/a?b=1"))

    code, out, err = qunyun("qr", "poster.png")
    assert (code, err) == (0, "")
    assert out.splitlines() == [
        "https://shop.example.com/a?b=1", "  say to the bot: 短链 https://shop.example.com/a?b=1",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("target", "why"), [("javascript:alert(1)", "scheme"), ("http://192.168.1.1/x", "private")]
)
def test_what_no_link_may_lead_to_is_told_and_refused(folder: Path, target: str, why: str):
    (folder / "poster.png").write_bytes(qr.bare(target))

    code, out, _ = qunyun("qr", "poster.png", "--json")
    assert code == 1
    assert json.loads(out) == [{"target": target, "refused": why, "say": ""}]


def test_what_is_no_picture_or_holds_no_code_is_said_in_a_sentence(folder: Path):
    (folder / "words.png").write_text("no picture", encoding="utf-8")

    assert qunyun("qr", "words.png") == (2, "", "words.png: this is no picture that can be read\n")
    (folder / "blank.png").write_bytes(BLANK)
    assert qunyun("qr", "blank.png") == (1, "", "blank.png: no QR code found\n")
    assert qunyun("qr", "none.png") == (2, "", "none.png: No such file or directory\n")
