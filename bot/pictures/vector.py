"""The same sheet as `Canvas`, as SVG: for pages, sharp at any size, its words still words."""

from typing import Final
from xml.sax.saxutils import escape, quoteattr

from bot.pictures.canvas import WIDTH, Box
from bot.pictures.lettering import Colour, Lettering, Style

FONTS: Final = (
    "Noto Sans CJK SC, Noto Sans SC, Source Han Sans SC, PingFang SC, Microsoft YaHei, sans-serif"
)
"""What a browser may write the words with; each line keeps the width that was measured."""

_BASE: Final = 1.06
"""Where the letters stand in their line, of their size: as `Lettering.draw` has it."""


class Vector:
    """An SVG being drawn; it has no scripts, and needs nothing from elsewhere."""

    def __init__(self, height: int, background: Colour, lettering: Lettering) -> None:
        self.lettering = lettering
        self._height = height
        self._parts: list[str] = []
        self.rectangle((0, 0, WIDTH, height), background)

    def rounded(self, box: Box, radius: int, fill: Colour) -> None:
        """Fill a box with round corners."""
        left, top, right, bottom = box
        radius = max(1, min(radius, (right - left) // 2, (bottom - top) // 2))
        self._box(box, fill, f' rx="{radius}"')

    def rectangle(self, box: Box, fill: Colour) -> None:
        """Fill a box with sharp corners; one without any room is nothing."""
        self._box(box, fill, "")

    def text(self, x: int, y: int, words: str, style: Style) -> int:
        """Draw a line of text; return where it ends."""
        width = self.lettering.width(words, style)
        if width:
            weight = ' font-weight="700"' if style.bold else ""
            self._parts.append(
                f'<text x="{x}" y="{y + round(style.size * _BASE)}" font-size="{style.size}" '
                f'fill="{_hex(style.colour)}" textLength="{width}"{weight}>{_words(words)}</text>'
            )
        return x + width

    def centred(self, x: int, y: int, words: str, style: Style) -> None:
        """Draw a line of text around an x."""
        self.text(x - self.lettering.width(words, style) // 2, y, words, style)

    def right(self, x: int, y: int, words: str, style: Style) -> None:
        """Draw a line of text that ends at an x."""
        self.text(x - self.lettering.width(words, style), y, words, style)

    def svg(self, title: str) -> bytes:
        """Return the picture as a file; `title` is what those hear who cannot see it."""
        head = (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {self._height}" '
            f'width="{WIDTH}" height="{self._height}" role="img" font-family={quoteattr(FONTS)}>'
            f"<title>{_words(title)}</title>"
        )
        return "".join((head, *self._parts, "</svg>\n")).encode()

    def _box(self, box: Box, fill: Colour, more: str) -> None:
        left, top, right, bottom = box
        if left < right and top < bottom:
            self._parts.append(
                f'<rect x="{left}" y="{top}" width="{right - left}" height="{bottom - top}" '
                f'fill="{_hex(fill)}"{more}/>'
            )


def _words(words: str) -> str:
    """What XML may not hold has no look either."""
    return escape("".join(sign for sign in words if sign.isprintable()))


def _hex(colour: Colour) -> str:
    return "#{:02x}{:02x}{:02x}".format(*colour)
