"""What figures are drawn on: boxes and lines of text, for a PNG or an SVG alike."""

from typing import Protocol

from bot.pictures.canvas import Box
from bot.pictures.lettering import Colour, Lettering, Style


class Drawing(Protocol):
    """A sheet that takes boxes (left, top, right, bottom) and lines of text; see `Canvas`."""

    @property
    def lettering(self) -> Lettering:
        """What measures and breaks the text."""

    def rounded(self, box: Box, radius: int, fill: Colour) -> None:
        """Fill a box with round corners."""

    def rectangle(self, box: Box, fill: Colour) -> None:
        """Fill a box with sharp corners."""

    def text(self, x: int, y: int, words: str, style: Style) -> int:
        """Draw a line of text; return where it ends."""

    def centred(self, x: int, y: int, words: str, style: Style) -> None:
        """Draw a line of text around an x."""

    def right(self, x: int, y: int, words: str, style: Style) -> None:
        """Draw a line of text that ends at an x."""
