"""The picture of a report: one drawing, as a PNG and as an SVG; unknown is not nothing."""

from io import BytesIO
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from bot.pictures import easel, report
from bot.pictures.canvas import TALLEST, WIDTH
from bot.pictures.painter import MAX_PICTURE
from tests.unit.bot.pictures.faces import lettering

CELLS = [[float(day + hour) for hour in range(24)] for day in range(7)]
WISH: dict[str, Any] = {
    "kind": "report", "title": "Readers", "span": "week 48", "heard": "all is heard",
    "figures": [["12", "said"], ["4", "spoke"]],
    "heat": {
        "title": "When", "days": list("MTWTFSS"), "cells": CELLS, "unknown": "nobody knows",
        "best": [{"day": 2, "hour": 20, "words": "Wednesday 20"}],
    },
    "funnels": [{"title": "How far", "stages": [["all", 9, "all 9"], ["core", -1, "core ?"]]}],
    "segments": {"title": "Who", "bars": [["new", 3, "new 3"]]},
}  # fmt: skip
SVG = "{http://www.w3.org/2000/svg}"


def drawn(tmp_path: Path, **changes: Any) -> bytes:
    return easel.draw({**WISH, **changes}, lettering(tmp_path))


def vector(tmp_path: Path, **changes: Any) -> ET.Element:
    return ET.fromstring(report.draw_vector({**WISH, **changes}, lettering(tmp_path)))


def test_the_same_figures_are_the_same_picture_of_a_phones_width(tmp_path: Path):
    found = Image.open(BytesIO(drawn(tmp_path)))

    assert found.width == WIDTH
    assert drawn(tmp_path) == drawn(tmp_path)


@pytest.mark.parametrize("part", ["title", "span", "heard", "figures", "funnels", "segments"])
def test_every_part_is_seen(part: str, tmp_path: Path):
    empty = {"figures": [], "funnels": [], "segments": {}}.get(part, "")

    assert drawn(tmp_path, **{part: empty}) != drawn(tmp_path)


def test_an_hour_nobody_looked_at_is_drawn_otherwise_than_an_empty_one(tmp_path: Path):
    empty = [[0.0, *row[1:]] for row in CELLS]
    unseen = [[-1.0, *row[1:]] for row in CELLS]

    assert drawn(tmp_path, heat={**WISH["heat"], "cells": empty}) != drawn(
        tmp_path, heat={**WISH["heat"], "cells": unseen}
    )


def test_a_stage_nobody_knows_is_drawn_otherwise_than_one_nobody_reached(tmp_path: Path):
    def funnel(count: int) -> bytes:
        stages = [["all", 9, "all"], ["core", count, "core"]]
        return drawn(tmp_path, funnels=[{"title": "How far", "stages": stages}])

    assert funnel(-1) != funnel(0)


def test_a_long_title_of_a_card_goes_on_in_a_second_line(tmp_path: Path):
    title = "How far those come who joined lately " * 2
    found = vector(tmp_path, funnels=[{"title": title, "stages": [["all", 9, "all"]]}])
    words = [each.text or "" for each in found.iter(f"{SVG}text")]

    assert len([each for each in words if "those come" in each or "lately" in each]) == 2


def test_where_nothing_is_heard_the_map_says_so(tmp_path: Path):
    heat = {**WISH["heat"], "cells": [], "best": []}
    words = [each.text for each in vector(tmp_path, heat=heat).iter(f"{SVG}text")]

    assert "nobody knows" in words


def test_the_svg_is_the_same_sheet_with_its_words_as_words(tmp_path: Path):
    found, picture = vector(tmp_path), Image.open(BytesIO(drawn(tmp_path)))
    words = [each.text for each in found.iter(f"{SVG}text")]

    assert found.get("viewBox") == f"0 0 {picture.width} {picture.height}"
    assert found.find(f"{SVG}title").text == "Readers week 48"  # type: ignore[union-attr] # it has one
    assert {"Readers", "week 48", "12", "said", "When", "Wednesday 20", "core ?", "Who"} <= {
        *words
    }
    assert {each.tag for each in found.iter()} == {
        f"{SVG}{name}" for name in ("svg", "title", "rect", "text")
    }


@given(st.text(max_size=60), st.integers(-1, 10**9), st.integers(0, 30))
@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40, deadline=None
)
def test_any_words_and_numbers_find_their_place(tmp_path: Path, words: str, count: int, rows: int):
    stages = [[words, count, words]] * rows
    wish = {
        "title": words, "span": words, "heard": words, "figures": [[words, words]],
        "funnels": [{"title": words, "stages": stages}],
    }  # fmt: skip
    found = drawn(tmp_path, **wish)

    assert Image.open(BytesIO(found)).height < TALLEST
    assert len(found) < MAX_PICTURE
    vector(tmp_path, **wish)
