"""Sheets, boxes, and blocks in pages."""

from io import BytesIO
from itertools import pairwise
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from bot.pictures.canvas import WIDTH, Block, Canvas, Space, Stack, draw_pages, paged
from tests.unit.bot.pictures.faces import lettering

WHITE, RED, BLUE = (255, 255, 255), (255, 0, 0), (0, 0, 255)


def canvas(folder: Path) -> Canvas:
    return Canvas(100, WHITE, lettering(folder))


def test_a_rounded_box_is_full_in_the_middle_and_open_at_its_corners(tmp_path: Path):
    sheet = canvas(tmp_path)
    sheet.rounded((10, 10, 90, 60), 20, RED)

    assert sheet.image.getpixel((50, 35)) == sheet.image.getpixel((10, 35)) == RED
    for corner in ((10, 10), (89, 10), (10, 59), (89, 59), (90, 35), (50, 60)):
        assert sheet.image.getpixel(corner) == WHITE, corner


def test_boxes_without_room_are_nothing(tmp_path: Path):
    sheet = canvas(tmp_path)
    sheet.rectangle((10, 10, 10, 50), RED)
    sheet.rounded((10, 10, 12, 50), 20, WHITE)

    assert sheet.image.getcolors() == [(WIDTH * 100, WHITE)]


def test_an_edge_runs_around_a_box(tmp_path: Path):
    sheet = canvas(tmp_path)
    sheet.framed((10, 10, 90, 60), 10, RED, BLUE)

    assert sheet.image.getpixel((10, 35)) == sheet.image.getpixel((50, 59)) == BLUE
    assert sheet.image.getpixel((50, 35)) == RED


def test_text_stands_in_the_middle_or_ends_at_a_place(tmp_path: Path):
    from bot.pictures.lettering import Style  # noqa: PLC0415 - one test's matter

    style = Style(20, (0, 0, 0))
    middle, right = canvas(tmp_path), canvas(tmp_path)
    middle.centred(200, 20, "mmm", style)
    right.right(200, 20, "mmm", style)

    ink = [Image.eval(each.image.convert("L"), lambda v: 255 - v).getbbox()
           for each in (middle, right)]  # fmt: skip
    assert ink[0] is not None
    assert ink[1] is not None
    assert abs((ink[0][0] + ink[0][2]) / 2 - 200) <= 2
    assert 196 <= ink[1][2] <= 200


def test_pages_are_files_of_the_blocks_heights(tmp_path: Path):
    pages = draw_pages([[Space(30), Stack([Space(20), Space(5)])], [Space(7)]], RED,
                       lettering(tmp_path))  # fmt: skip

    sizes = [Image.open(BytesIO(page)).size for page in pages]
    assert sizes == [(WIDTH, 55), (WIDTH, 7)]


@given(st.lists(st.integers(1, 900), max_size=30), st.integers(1, 1_000))
def test_pages_keep_every_block_in_order_and_no_page_is_too_tall(heights: list[int], room: int):
    blocks: list[Block] = [Space(height) for height in heights]

    pages = paged(blocks, room)

    assert [block for page in pages for block in page] == blocks
    assert all(len(page) == 1 or sum(block.height for block in page) <= room for page in pages)
    assert all(
        sum(block.height for block in (*page, following[0])) > room
        for page, following in pairwise(pages)
    )
