"""The result of a vote as a picture: the same bytes for the same wish, whatever options are."""

from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from bot.pictures import easel
from bot.pictures.canvas import TALLEST, WIDTH
from bot.pictures.painter import MAX_PICTURE
from tests.unit.bot.pictures.faces import lettering

WISH = {
    "kind": "vote", "community": "Club", "title": "What next?", "decision": "It is B.",
    "rows": [["B", 3, 75, True], ["A", 1, 25, False], ["C", 0, 0, False]], "foot": "4 ballots",
}  # fmt: skip


def test_the_same_figures_are_the_same_picture(tmp_path: Path):
    drawn = easel.draw(WISH, lettering(tmp_path))

    assert Image.open(BytesIO(drawn)).width == WIDTH
    assert drawn == easel.draw(WISH, lettering(tmp_path))


@pytest.mark.parametrize("part", ["community", "title", "decision", "rows", "foot"])
def test_every_part_is_seen(part: str, tmp_path: Path):
    empty = {**WISH, part: [] if part == "rows" else ""}

    assert easel.draw(empty, lettering(tmp_path)) != easel.draw(WISH, lettering(tmp_path))


def test_long_options_many_of_them_and_no_ballots_have_room(tmp_path: Path):
    rows = [["A very long option " * 20, 0, 0, False]] * 500
    drawn = easel.draw({**WISH, "rows": rows, "title": "W" * 900}, lettering(tmp_path))

    assert Image.open(BytesIO(drawn)).height < TALLEST
    assert len(drawn) < MAX_PICTURE
