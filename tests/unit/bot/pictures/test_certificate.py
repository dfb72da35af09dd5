"""Certificates: the same bytes for the same wish, and room for whatever people are called."""

from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from bot.pictures import certificate, easel
from bot.pictures.canvas import WIDTH
from bot.pictures.painter import MAX_PICTURE
from tests.unit.bot.pictures.faces import lettering

WISH = {
    "kind": "certificate", "community": "Club", "title": "21 days", "award": "to",
    "name": "Amy", "words": "who wrote every day", "figures": [["21", "days"], ["2", "made up"]],
    "date": "2026-12-21", "seal": "GOOD",
}  # fmt: skip


def test_a_certificate_is_a_sheet_of_one_size_and_the_same_twice(tmp_path: Path):
    drawn = easel.draw(WISH, lettering(tmp_path))

    assert Image.open(BytesIO(drawn)).size == (WIDTH, certificate.HEIGHT)
    assert drawn == easel.draw(WISH, lettering(tmp_path))


@pytest.mark.parametrize("part", ["name", "words", "figures", "date", "seal", "community"])
def test_every_part_is_seen(part: str, tmp_path: Path):
    empty = {**WISH, part: [] if part == "figures" else ""}

    assert easel.draw(empty, lettering(tmp_path)) != easel.draw(WISH, lettering(tmp_path))


def test_what_must_be_there_is_asked_for(tmp_path: Path):
    with pytest.raises(KeyError):
        easel.draw({"kind": "certificate", "title": "21 days"}, lettering(tmp_path))
    with pytest.raises(KeyError):
        easel.draw({"kind": "portrait"}, lettering(tmp_path))


@settings(
    max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(name=st.text(max_size=80), words=st.text(max_size=400), seal=st.text(max_size=9))
def test_any_text_finds_its_place(tmp_path: Path, name: str, words: str, seal: str):
    figures = [[words, name]] * 5
    wish = {"kind": "certificate", "title": name, "name": name, "words": words, "seal": seal}

    drawn = easel.draw({**wish, "figures": figures}, lettering(tmp_path))

    assert len(drawn) <= MAX_PICTURE


def test_one_wish_that_cannot_be_drawn_leaves_the_next_ones_alone(tmp_path: Path):
    import json  # noqa: PLC0415 - one test's matter

    wishes = b"no json\n" + json.dumps(WISH).encode() + b"\n" + b'{"kind": "portrait"}\n'
    answers = BytesIO()

    easel.serve(BytesIO(wishes), answers, lettering(tmp_path))

    drawn = easel.draw(WISH, lettering(tmp_path))
    length = len(drawn).to_bytes(4, "big")
    assert answers.getvalue() == b"\0\0\0\0" + length + drawn + b"\0\0\0\0"
