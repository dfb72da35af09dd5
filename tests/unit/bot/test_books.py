"""Books of collections: escaped, whole, as long as they are, and printable."""

from datetime import date
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL.PdfParser import PdfParser

from bot.books import printed, sheets
from handlers.collections.story_books import Story, StoryBook
from tests.unit.bot.pictures.faces import faces


def book(*said: str, **fields: str) -> StoryBook:
    stories = tuple(
        Story(number=number, by="Li", day=date(2026, 12, 1), said=each, likes=number % 2)
        for number, each in enumerate(said, 1)
    )
    told = {"title": "Books & us", "place": "Club", "span": "2026", **fields}
    return StoryBook(stories=stories, **told)


class Seen(HTMLParser):
    """The tags and the text of a page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.text = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: object) -> None:
        assert not any(name.startswith("on") for name, _ in attrs)  # type: ignore[attr-defined]
        self.tags.add(tag)

    def handle_data(self, data: str) -> None:
        self.text += data


TAGS = {
    "html", "head", "meta", "title", "style", "body", "header", "p", "h1", "hr", "main", "article",
    "h2", "small", "footer",
}  # fmt: skip


@settings(max_examples=30, deadline=None)
@given(st.text(min_size=1, max_size=200))
def test_whatever_people_write_is_shown_and_nothing_of_it_is_markup(said: str):
    page = Seen(printed.html(book(said, title=said, place=said, span=said)))

    assert page.tags <= TAGS
    assert "".join(said.split()) in "".join(page.text.split())


@pytest.mark.parametrize(
    "said", ["<script>alert(1)</script>", "{{ 7 * 7 }}", "</p></article>&amp;"]
)
def test_what_would_be_markup_or_a_template_stays_text(said: str):
    page = printed.html(book(said))

    assert said in Seen(page).text
    assert "@page { size: A4" in page
    assert "default-src 'none'" in page


@pytest.mark.parametrize(("stories", "least"), [(1, 2), (40, 5)])
def test_a_pdf_has_a_cover_and_all_that_was_said(stories: int, least: int, tmp_path: Path):
    file = tmp_path / "book.pdf"
    count = sheets.write(book(*["words " * 90] * stories), faces(tmp_path), file)

    assert file.read_bytes().startswith(b"%PDF")
    assert count >= least
    with PdfParser(str(file)) as parsed:
        assert len(parsed.pages) == count


def test_one_long_story_goes_on_over_pages_and_an_empty_one_takes_no_room(tmp_path: Path):
    file = tmp_path / "book.pdf"

    assert sheets.write(book("word " * 3_000), faces(tmp_path), file) > 4
    assert sheets.write(book("\n\n", "a"), faces(tmp_path), file) == 2


def test_a_book_without_end_is_told_to_be_split(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(sheets, "MOST_PAGES", 3)

    with pytest.raises(sheets.TooLong, match="--month"):
        sheets.write(book(*["word " * 300] * 9), faces(tmp_path), tmp_path / "book.pdf")
