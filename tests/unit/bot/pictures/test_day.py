"""The picture of a day: bubbles, bands and notes, in pages of bounded height."""

from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from bot.pictures import chat_parts, day
from bot.pictures.canvas import TALLEST, WIDTH
from bot.pictures.chat_parts import Bubble
from bot.pictures.moments import Cast, Said
from bot.pictures.palette import CARD
from tests.unit.bot.pictures.faces import faces, lettering
from tests.unit.bot.pictures.test_story import BOOK, OPENED, cues, line, message

Colours = dict[Any, int]


def drawn(folder: Path, said: list[Any] | None = None, lines: list[Any] | None = None):
    pages = day.draw(lines or [], cues(OPENED, *(said or [])), BOOK, faces(folder))
    return [Image.open(BytesIO(page)).convert("RGB") for page in pages]


def colours(folder: Path, *said: Any, lines: list[Any] | None = None) -> Colours:
    (page,) = drawn(folder, list(said), lines)
    return {colour: count for count, colour in page.getcolors(1 << 24) or []}


def test_a_day_is_one_picture_as_wide_as_a_phone(tmp_path: Path):
    (page,) = drawn(tmp_path, [message("09:00", "li", "hello")])

    assert page.width == WIDTH
    assert 400 < page.height < 1_000
    assert page.getpixel((2, 2)) == CARD


def test_the_same_day_gives_the_same_bytes(tmp_path: Path):
    one, other = (
        day.draw([line("09:00", "post", text="hi")], cues(OPENED), BOOK, faces(tmp_path))
        for _ in range(2)
    )

    assert one == other


def test_the_bot_the_owner_and_members_have_bubbles_of_their_own(tmp_path: Path):
    member = colours(tmp_path, message("09:00", "li", "hello"))
    owner = colours(tmp_path, message("09:00", "boss", "hello"))
    bot = colours(tmp_path, lines=[line("09:00", "post", text="hello")])

    assert chat_parts._OURS in owner
    assert chat_parts._OURS not in member
    assert chat_parts._BOTS in bot
    assert chat_parts._BOTS not in owner


def test_private_messages_stand_on_a_band_of_their_own(tmp_path: Path):
    private = colours(tmp_path, {"at": "2026-12-01T09:00:00+08:00", "from": "li", "text": "hi"})

    assert private[chat_parts.BAND] > 50_000
    assert chat_parts.BAND not in colours(tmp_path, message("09:00", "li", "hi"))


def test_a_long_day_is_cut_into_pages_none_of_them_too_tall(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(day, "TALLEST", 3_000)
    said = [message("09:00", "li", f"number {n}") for n in range(50)]

    pages = drawn(tmp_path, said)

    assert len(pages) > 1
    assert max(page.height for page in pages) <= 3_000


def test_a_private_chat_and_messages_without_end_stay_within_a_page(tmp_path: Path):
    endless = [{"at": "2026-12-01T09:00:00+08:00", "from": "li", "text": "word " * 5_000}
               for _ in range(9)]  # fmt: skip

    assert max(page.height for page in drawn(tmp_path, endless)) <= TALLEST


@pytest.mark.parametrize("words", ["", "早", "👍👨‍👩‍👧", "\u202e\x07\u2029", "a" * 3_000])
def test_any_text_can_be_drawn(tmp_path: Path, words: str):
    lines = [line("09:00", "post", text=words, mention=["li", words or "x"])]
    named = {**OPENED, "names": {"li": words or "x"}}

    pages = day.draw(
        [*lines, line("09:01", "task", to="li", text=words)],
        cues(named, message("09:02", "li", words, quote=words, image=words)), BOOK,
        faces(tmp_path),
    )  # fmt: skip

    assert len(pages) == 1


def bubble(folder: Path, **fields: Any) -> Bubble:
    return Bubble(Said(at=0, **{"who": "li", "words": "hi", **fields}), Cast(), lettering(folder))


def test_a_bubble_has_room_for_all_that_belongs_to_it(tmp_path: Path):
    plain = bubble(tmp_path).height

    for fields in (
        {"quote": "before"}, {"mention": ("all",)}, {"image": "a.png"}, {"file": "a.pdf"},
        {"points": ((1, "x"),)}, {"words": "a\nb"},
    ):  # fmt: skip
        assert bubble(tmp_path, **fields).height > plain, fields


def test_who_is_named_in_the_text_is_not_named_twice(tmp_path: Path):
    named = bubble(tmp_path, words="@li hello", mention=("li",))

    assert named.height == bubble(tmp_path, words="@li hello").height
