"""Letters: lines that fit, and nothing drawn that no font has."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.pictures.fonts import Face, Faces
from bot.pictures.lettering import Lettering, Style
from tests.unit.bot.pictures.faces import blank, faces, lettering

STYLE = Style(20, (0, 0, 0))


@pytest.fixture(scope="module")
def letters(tmp_path_factory: pytest.TempPathFactory) -> Lettering:
    return lettering(tmp_path_factory.mktemp("font"))


def drawn(letters: Lettering, words: str) -> bytes:
    image = blank()
    letters.draw(image, (5, 5), words, STYLE)
    return image.tobytes()


def test_what_no_font_has_takes_no_room_and_leaves_no_mark(letters: Lettering):
    assert letters.width("a早👍b", STYLE) == letters.width("ab", STYLE) > 0
    assert drawn(letters, "a早👍b") == drawn(letters, "ab")
    assert drawn(letters, "早👍") == blank().tobytes()


@pytest.mark.parametrize("sign", ["\u200d", "\ufe0f", "\x07", "\U0001f3fb", "\U0001f1e8"])
def test_signs_that_only_join_or_change_others_are_left_out(letters: Lettering, sign: str):
    assert drawn(letters, f"a{sign}b") == drawn(letters, "ab") != drawn(letters, "a b")


def test_another_face_draws_what_the_first_has_not(tmp_path: Path, letters: Lettering):
    plain = faces(tmp_path)
    helped = Lettering(Faces(regular=plain.regular, bold=plain.bold, signs=(plain.regular,)))

    assert helped.width("abc", STYLE) == letters.width("abc", STYLE)


def test_a_face_for_emoji_without_bitmaps_draws_none(tmp_path: Path):
    plain = faces(tmp_path)
    helped = Lettering(
        Faces(regular=plain.regular, bold=plain.bold, emoji=Face(plain.regular.path))
    )

    assert drawn(helped, "a👍b") == drawn(helped, "ab")


def test_drawing_ends_where_measuring_says(letters: Lettering):
    image = blank()

    assert letters.draw(image, (7, 5), "hello", STYLE) == 7 + letters.width("hello", STYLE)


def test_words_and_addresses_stay_whole(letters: Lettering):
    width = letters.width("see https://a.b/c?d=1", STYLE) - 1

    assert letters.wrap("see https://a.b/c?d=1 now", STYLE, width) == [
        "see", "https://a.b/c?d=1", "now",
    ]  # fmt: skip


def test_what_is_longer_than_a_line_is_broken(letters: Lettering):
    width = letters.width("aaaa", STYLE)

    assert letters.wrap("aaaaaaaaaa", STYLE, width) == ["aaaa", "aaaa", "aa"]


def test_closing_signs_do_not_begin_a_line_and_opening_ones_do_not_end_it(letters: Lettering):
    width = letters.width("abcd", STYLE)

    assert letters.wrap("abcd! efg", STYLE, width) == ["abcd!", "efg"]
    assert letters.wrap("ab (cd)", STYLE, letters.width("ab (", STYLE)) == ["ab", "(cd)"]


def test_paragraphs_keep_their_breaks(letters: Lettering):
    assert letters.wrap("a\n\nb", STYLE, 200) == ["a", "", "b"]


def test_more_lines_than_wanted_end_with_a_sign_of_more(letters: Lettering):
    found = letters.wrap("a\nb\nc\nd", STYLE, 200, most=2)

    assert found == ["a", "b…"]


def test_a_text_of_any_length_is_broken_in_bounded_time(letters: Lettering):
    found = letters.wrap("word " * 100_000, STYLE, 200, most=40)

    assert len(found) == 40


@given(words=st.text(max_size=80), width=st.integers(60, 400))
def test_no_line_is_wider_than_asked_but_for_what_hangs(
    letters: Lettering, words: str, width: int
):
    lines = letters.wrap(words, STYLE, width)

    assert all(letters.width(line, STYLE) <= width + 2 * STYLE.size for line in lines)


@given(words=st.text("abc def,.!?()", max_size=80), width=st.integers(60, 400))
def test_breaking_loses_nothing_but_blanks(letters: Lettering, words: str, width: int):
    lines = letters.wrap(words, STYLE, width)

    assert "".join(lines).replace(" ", "") == words.replace(" ", "")


@given(words=st.text(max_size=40), width=st.integers(30, 200))
def test_what_is_cut_fits(letters: Lettering, words: str, width: int):
    assert letters.width(letters.cut(words, STYLE, width), STYLE) <= width
