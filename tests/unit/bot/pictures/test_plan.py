"""Pictures of plans: a phone's width, bounded height, the same bytes for the same plan."""

from datetime import date
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from bot.pictures import days, month, plan
from bot.pictures.canvas import TALLEST, WIDTH
from bot.pictures.palette import KINDS, PAGE
from bot.pictures.plan_parts import Plan, badges_of
from sop.agenda import agenda, agenda_marks, agenda_steps
from sop.agenda.agenda import Known
from sop.book import Book
from tests import builders
from tests.unit.bot.pictures.faces import faces, lettering

BOOK = builders.book("""\
title: Club
quiet: "22:30-07:30"
budget: {group: 2/day}
steps:
  - {id: a, title: Morning, when: "08:00 workdays", do: [{post: x}]}
  - {id: b, title: Noon, when: "08:00 fri", do: [{ask: y}]}
  - {id: c, title: Night, when: "23:00 sat", do: [{questions: {title: z}}]}
  - {id: d, title: Later, when: {silence: 24h}, do: [{post: w}]}
""")


def marked(first: str, count: int, book: Book = BOOK) -> agenda.Agenda:
    found = agenda.agenda_of(book, Known(), date.fromisoformat(first), count)
    return agenda_marks.marked(found, book, Known())


def sizes(pages: list[bytes]) -> list[tuple[int, int]]:
    return [Image.open(BytesIO(page)).size for page in pages]


def drawn(folder: Path, first: str, count: int, book: Book = BOOK) -> list[bytes]:
    return plan.draw(marked(first, count, book), book, Known(), faces(folder))


@pytest.mark.parametrize("count", [1, 14, 15, 62])
def test_a_plan_is_one_picture_of_a_phone_s_width(count: int, tmp_path: Path):
    ((width, height),) = sizes(drawn(tmp_path, "2026-12-01", count))

    assert width == WIDTH
    assert 400 < height <= TALLEST


def test_the_same_plan_gives_the_same_bytes(tmp_path: Path):
    assert drawn(tmp_path, "2026-12-01", 31) == drawn(tmp_path, "2026-12-01", 31)


def test_years_are_cut_into_pages_of_bounded_height(tmp_path: Path):
    found = sizes(drawn(tmp_path, "2026-01-01", 400))

    assert len(found) > 1
    assert {width for width, _ in found} == {WIDTH}
    assert max(height for _, height in found) <= TALLEST


def test_a_day_full_of_entries_stays_bounded(tmp_path: Path):
    book = builders.book("""\
title: Club
steps: [{id: a, title: x, when: {cron: "* * * * *"}, do: [{post: y}]}]
""")

    for count in (1, 20):
        (size,) = sizes(drawn(tmp_path, "2026-12-01", count, book))
        assert size[1] < 10_000


def test_an_empty_plan_is_a_picture_as_well(tmp_path: Path):
    assert len(drawn(tmp_path, "2026-12-01", 31, builders.book())) == 1


def test_the_kinds_of_steps_have_their_colours_in_the_picture(tmp_path: Path):
    page = Image.open(BytesIO(drawn(tmp_path, "2026-12-01", 31)[0])).convert("RGB")

    colours = {colour for _, colour in page.getcolors(1 << 24)}
    for kind in ("content", "topic", "questions"):
        assert KINDS[kind][0] in colours
    assert KINDS["game"][0] not in colours
    assert page.getpixel((2, 2)) == PAGE


def test_every_kind_has_a_colour():
    assert set(KINDS) == set(agenda_steps.KINDS)


def test_a_week_has_room_for_its_fullest_day(tmp_path: Path):
    whole = Plan(marked("2026-12-01", 31), BOOK, Known(), lettering(tmp_path))

    months = list(month.blocks(whole))
    cards = list(days.blocks(whole))

    assert len(months) == 1
    assert len(cards) == 31
    assert cards[3].height > cards[0].height == cards[1].height


def test_marks_of_an_entry_become_badges():
    found = {
        (entry.step.id, f"{entry.at}"): badges_of(entry)
        for entry in marked("2026-12-04", 2).entries
    }

    assert list(found.values()) == [("clash",), ("clash",), ("shift",)]
