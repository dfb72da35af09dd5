"""A sheet to draw on, and blocks that stand below each other on it."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from io import BytesIO
from typing import Final, Protocol, TypeVar

from PIL import Image, ImageDraw

from bot.pictures.lettering import Colour, Lettering, Style

WIDTH: Final = 1_080
"""Pixels: as wide as a phone's screen, so that nothing is scaled there."""

TALLEST: Final = 20_000
"""Pixels: taller pictures are refused, or shrunk to nothing, by the programs that show them."""

_SMOOTH: Final = 4

Box = tuple[int, int, int, int]


class Canvas:
    """A picture being drawn; boxes are (left, top, right, bottom), the last two outside."""

    def __init__(self, height: int, background: Colour, lettering: Lettering) -> None:
        self.image = Image.new("RGB", (WIDTH, height), background)
        self.lettering = lettering
        self._pen = ImageDraw.Draw(self.image)

    def rounded(self, box: Box, radius: int, fill: Colour) -> None:
        """Fill a box with smooth round corners."""
        left, top, right, bottom = box
        radius = max(1, min(radius, (right - left) // 2, (bottom - top) // 2))
        self.rectangle((left + radius, top, right - radius, bottom), fill)
        self.rectangle((left, top + radius, right, bottom - radius), fill)
        mask = _disc(radius)
        for x, place_x in ((left, 0), (right - radius, radius)):
            for y, place_y in ((top, 0), (bottom - radius, radius)):
                corner = mask.crop((place_x, place_y, place_x + radius, place_y + radius))
                self.image.paste(fill, (x, y), corner)

    def framed(self, box: Box, radius: int, fill: Colour, edge: Colour) -> None:
        """Fill a box with a thin edge of another colour."""
        self.rounded(box, radius, edge)
        left, top, right, bottom = box
        self.rounded((left + 2, top + 2, right - 2, bottom - 2), radius - 2, fill)

    def rectangle(self, box: Box, fill: Colour) -> None:
        """Fill a box with sharp corners; one without any room is nothing."""
        left, top, right, bottom = box
        if left < right and top < bottom:
            self._pen.rectangle((left, top, right - 1, bottom - 1), fill)

    def polygon(self, points: Sequence[tuple[int, int]], fill: Colour) -> None:
        """Fill a shape."""
        self._pen.polygon(list(points), fill)

    def text(self, x: int, y: int, words: str, style: Style) -> int:
        """Draw a line of text; return where it ends."""
        return self.lettering.draw(self.image, (x, y), words, style)

    def centred(self, x: int, y: int, words: str, style: Style) -> None:
        """Draw a line of text around an x."""
        self.text(x - self.lettering.width(words, style) // 2, y, words, style)

    def right(self, x: int, y: int, words: str, style: Style) -> None:
        """Draw a line of text that ends at an x."""
        self.text(x - self.lettering.width(words, style), y, words, style)

    def png(self) -> bytes:
        """Return the picture as a file: the same drawing gives the same bytes."""
        written = BytesIO()
        self.image.save(written, "PNG", compress_level=3)
        return written.getvalue()


class Block(Protocol):
    """Something as wide as the picture."""

    @property
    def height(self) -> int:
        """Pixels from its top to the top of the next block."""

    def draw(self, canvas: Canvas, top: int) -> None:
        """Draw it below `top`."""


B = TypeVar("B", bound=Block)


@dataclass(frozen=True)
class Space:
    """Nothing, so many pixels of it."""

    height: int

    def draw(self, canvas: Canvas, top: int) -> None:
        """Leave it as it is."""


@dataclass(frozen=True)
class Stack:
    """Blocks that stay together on one page."""

    blocks: Sequence[Block]

    @property
    def height(self) -> int:
        """As high as all of them."""
        return sum(block.height for block in self.blocks)

    def draw(self, canvas: Canvas, top: int) -> None:
        """Draw them below each other."""
        for block in self.blocks:
            block.draw(canvas, top)
            top += block.height


def draw_pages(
    pages: Sequence[Sequence[Block]], background: Colour, lettering: Lettering
) -> list[bytes]:
    """Return a PNG for each page of blocks."""
    return [_page(blocks, background, lettering) for blocks in pages]


def _page(blocks: Sequence[Block], background: Colour, lettering: Lettering) -> bytes:
    page = Stack(blocks)
    canvas = Canvas(page.height, background, lettering)
    page.draw(canvas, 0)
    return canvas.png()


def paged(blocks: Sequence[B], room: int) -> list[list[B]]:
    """Return the blocks in pages of at most `room` pixels; one that is taller stands alone."""
    pages: list[list[B]] = [[]]
    used = 0
    for block in blocks:
        if pages[-1] and used + block.height > room:
            pages.append([])
            used = 0
        pages[-1].append(block)
        used += block.height
    return pages


@lru_cache(maxsize=64)
def _disc(radius: int) -> Image.Image:
    large = Image.new("L", (2 * radius * _SMOOTH, 2 * radius * _SMOOTH), 0)
    side = 2 * radius * _SMOOTH - 1
    ImageDraw.Draw(large).ellipse((0, 0, side, side), fill=255)
    return large.resize((2 * radius, 2 * radius), Image.Resampling.LANCZOS)
