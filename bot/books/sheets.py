"""A book as sheets of A4 in a PDF: a cover, then one story after the other, with page numbers.

The letters are drawn: no font need be on the machine that prints them.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Final

from PIL import Image

from bot.books.printed import about
from bot.pictures.canvas import WIDTH, Block, Canvas, Space, Stack, paged
from bot.pictures.fonts import Faces
from bot.pictures.lettering import Colour, Lettering, Style
from handlers.collections.story_books import Story, StoryBook
from sop.texts import text

HEIGHT: Final = 1_527
"""Of a sheet, pixels: as high beside its width as A4."""

MOST_PAGES: Final = 400
"""Sheets of one file: more are told to be split by month."""

_DOTS: Final = 25.4 * WIDTH / 210
"""Pixels an inch, so that the sheet is 210 mm wide."""

_AT_ONCE: Final = 16

_PAPER: Final[Colour] = (255, 255, 255)
_INK: Final[Colour] = (38, 33, 26)
_SOFT: Final[Colour] = (123, 106, 77)
_FAINT: Final[Colour] = (154, 138, 109)
_GOLD: Final[Colour] = (190, 152, 84)
_LINE: Final[Colour] = (231, 220, 199)

_MARGIN: Final = 118
_TOP: Final = 118
_ROOM: Final = WIDTH - 2 * _MARGIN
_TALL: Final = HEIGHT - _TOP - 150

_TITLE: Final = Style(72, _INK, bold=True)
_COVER: Final = Style(34, _SOFT)
_NAME: Final = Style(31, _INK, bold=True)
_ABOUT: Final = Style(24, _FAINT)
_WORDS: Final = Style(29, _INK)
_FOOT: Final = Style(22, _FAINT)

_LEADING: Final = 54
_GAP: Final = 60


class TooLong(ValueError):
    """The book has more sheets than a file should have; the message says what to do."""


@dataclass(frozen=True)
class _Line:
    words: str
    style: Style
    height: int = _LEADING

    def draw(self, canvas: Canvas, top: int) -> None:
        canvas.text(_MARGIN, top, self.words, self.style)


@dataclass(frozen=True)
class _Head:
    by: str
    about: str
    height: int = 78

    def draw(self, canvas: Canvas, top: int) -> None:
        canvas.rectangle((_MARGIN, top, WIDTH - _MARGIN, top + 2), _LINE)
        beside = canvas.lettering.width(self.about, _ABOUT) + 28
        name = canvas.lettering.cut(self.by, _NAME, _ROOM - beside)
        ends = canvas.text(_MARGIN, top + 20, name, _NAME)
        canvas.text(ends + 28, top + 26, self.about, _ABOUT)


def write(book: StoryBook, faces: Faces, file: Path) -> int:
    """Write the PDF, a few sheets in memory at a time; returns how many there are.

    Raises `TooLong` for a book that is too long for one file.
    """
    lettering = Lettering(faces)
    pages = _pages(book, lettering)
    if len(pages) + 1 > MOST_PAGES:
        raise TooLong(f"more than {MOST_PAGES} pages: make a book of each month with --month")
    sheets = _sheets(book, pages, lettering)
    written = False
    while part := list(islice(sheets, _AT_ONCE)):
        part[0].save(
            file, "PDF", save_all=True, append_images=part[1:], resolution=_DOTS, append=written,
            title=book.title, quality=90,
        )  # fmt: skip
        written = True
    return len(pages) + 1


def _sheets(
    book: StoryBook, pages: Sequence[Sequence[Block]], lettering: Lettering
) -> Iterator[Image.Image]:
    yield _cover(book, lettering)
    for number, blocks in enumerate(pages, 1):
        canvas = Canvas(HEIGHT, _PAPER, lettering)
        Stack(blocks).draw(canvas, _TOP)
        canvas.centred(WIDTH // 2, HEIGHT - 92, str(number), _FOOT)
        yield canvas.image


def _cover(book: StoryBook, lettering: Lettering) -> Image.Image:
    canvas = Canvas(HEIGHT, _PAPER, lettering)
    title = lettering.wrap(book.title, _TITLE, _ROOM, most=4)
    top = 470 - 50 * len(title)
    middle = WIDTH // 2
    canvas.centred(middle, top, lettering.cut(book.place, _COVER, _ROOM), _COVER)
    for number, words in enumerate(title):
        canvas.centred(middle, top + 96 + 104 * number, words, _TITLE)
    below = top + 140 + 104 * len(title)
    canvas.rectangle((middle - 90, below, middle + 90, below + 3), _GOLD)
    canvas.centred(middle, below + 44, book.span, _COVER)
    count = text("books.count", count=len(book.stories))
    canvas.centred(middle, below + 104, count, _COVER)
    return canvas.image


def _pages(book: StoryBook, lettering: Lettering) -> list[list[Block]]:
    blocks = [block for story in book.stories for block in _blocks(story, lettering)]
    # A gap parts two stories on one page; at the top of another there is nothing to part.
    pages = [_without_gap(page) for page in paged(blocks, _TALL)]
    return [page for page in pages if page]


def _without_gap(page: list[Block]) -> list[Block]:
    return page[1:] if page and isinstance(page[0], Space) else page


def _blocks(story: Story, lettering: Lettering) -> Iterator[Block]:
    """Yield what may be parted by the end of a page: a name stays with its first lines."""
    lines = [
        _Line(words, _WORDS)
        for paragraph in story.said.splitlines()
        if paragraph.strip()
        for words in lettering.wrap(paragraph.strip(), _WORDS, _ROOM)
    ]
    yield Stack((_Head(story.by, about(story)), *lines[:2]))
    yield from lines[2:]
    yield Space(_GAP)
