"""The figures of a chat: avatars, and frames for pictures and files a rehearsal only names."""

import zlib
from collections.abc import Callable, Mapping
from typing import Final

from bot.pictures.canvas import Canvas
from bot.pictures.lettering import Colour, Style
from bot.pictures.palette import AVATARS, CARD, INK, REST, SOFT, WORK

AVATAR: Final = 92
"""Pixels of an avatar's side."""

HEIGHTS: Final[Mapping[str, int]] = {"image": 280, "file": 150}
WIDTHS: Final[Mapping[str, int]] = {"image": 420, "file": 560}
"""Pixels that an attachment of each kind takes."""

VIOLET: Final[Colour] = (92, 80, 160)
"""The colour of what is private."""

_NAME: Final = Style(28, SOFT)
_FILE: Final = Style(40, INK)


def avatar(canvas: Canvas, x: int, y: int, who: str, name: str) -> None:
    """Draw a coloured square with the end of a name; the bot has a face."""
    if not who:
        canvas.rounded((x, y, x + AVATAR, y + AVATAR), 18, WORK)
        _face(canvas, x, y)
        return
    fill = AVATARS[zlib.crc32(who.encode()) % len(AVATARS)]
    canvas.rounded((x, y, x + AVATAR, y + AVATAR), 18, fill)
    short = name[-2:] if not name.isascii() else name[:2].upper()
    style = Style(34, CARD, bold=True)
    canvas.centred(x + AVATAR // 2, y + 24, short, style)


def _face(canvas: Canvas, x: int, y: int) -> None:
    canvas.rounded((x + 43, y + 12, x + 49, y + 28), 3, CARD)
    canvas.rounded((x + 40, y + 8, x + 52, y + 20), 6, CARD)
    canvas.rounded((x + 18, y + 26, x + 74, y + 74), 16, CARD)
    for eye in (x + 31, x + 51):
        canvas.rounded((eye, y + 40, eye + 10, y + 54), 5, WORK)
    canvas.rounded((x + 36, y + 60, x + 56, y + 65), 2, WORK)


def _picture(canvas: Canvas, x: int, y: int, name: str) -> None:
    """A frame with a landscape, and the file's name: the rehearsal sends no picture."""
    right, bottom = x + WIDTHS["image"], y + HEIGHTS["image"]
    canvas.rounded((x, y, right, bottom), 16, (222, 230, 240))
    canvas.rounded((x + 56, y + 40, x + 112, y + 96), 28, (255, 214, 120))
    hills = [(x + 40, bottom - 70), (x + 150, y + 90), (x + 250, bottom - 70)]
    canvas.polygon(hills, (150, 180, 205))
    canvas.polygon(
        [(x + 180, bottom - 70), (x + 290, y + 120), (x + 385, bottom - 70)], (122, 156, 186)
    )
    label = canvas.lettering.cut(name, _NAME, WIDTHS["image"] - 40)
    canvas.centred(x + WIDTHS["image"] // 2, bottom - 56, label, _NAME)


def _document(canvas: Canvas, x: int, y: int, name: str) -> None:
    canvas.rounded((x, y, x + WIDTHS["file"], y + HEIGHTS["file"]), 16, CARD)
    sheet = x + WIDTHS["file"] - 112
    canvas.rounded((sheet, y + 25, sheet + 84, y + 125), 10, REST)
    kind = name.rpartition(".")[2][:4].upper()
    canvas.centred(sheet + 42, y + 58, kind, Style(26, CARD, bold=True))
    canvas.text(x + 28, y + 48, canvas.lettering.cut(name, _FILE, WIDTHS["file"] - 170), _FILE)


DRAWN: Final[Mapping[str, Callable[[Canvas, int, int, str], None]]] = {
    "image": _picture,
    "file": _document,
}
"""How an attachment of each kind is drawn: where its upper left corner is, and its name."""


def lock(canvas: Canvas, x: int, y: int) -> None:
    """Draw a padlock: what stands beside it is between two."""
    canvas.rounded((x + 3, y - 6, x + 17, y + 14), 7, VIOLET)
    canvas.rounded((x + 6, y - 3, x + 14, y + 14), 4, CARD)
    canvas.rounded((x, y + 6, x + 20, y + 24), 4, VIOLET)
