"""QR codes: drawn with a label below, as a picture or as SVG, and read from a picture.

The code is dark on white with its quiet zone, so that a phone finds it; what has no room in the
label is cut.
"""

import io
from collections.abc import Mapping
from html import escape
from typing import Any, Final

import segno
from PIL import Image

from bot.picture_limits import MOST_PIXELS, TooLarge
from bot.pictures import palette
from bot.pictures.canvas import WIDTH, Canvas
from bot.pictures.lettering import Lettering, Style

LONGEST: Final = 1_000
"""Characters of an address that becomes a code; with more of them phones cannot read it."""

QUIET: Final = 4
"""Modules left white around a code, as its standard wants."""

MOST_CODES: Final = 10
"""Codes read from one picture."""

_LABEL: Final = Style(56, palette.INK, bold=True)
_HINT: Final = Style(36, palette.SOFT)
_SIDE: Final = 840
_TOP: Final = 24


def draw(wish: Mapping[str, Any], lettering: Lettering) -> bytes:
    """Return the PNG of a wish: `url`, and the texts `label` and `hint` that stand below it."""
    rows = _modules(str(wish["url"]))
    size = _SIDE // len(rows)
    side = size * len(rows)
    left = (WIDTH - side) // 2
    label = lettering.wrap(str(wish.get("label", "")), _LABEL, _SIDE, most=2)
    hint = lettering.cut(str(wish.get("hint", "")), _HINT, _SIDE)
    bottom = _TOP + side + 24
    canvas = Canvas(bottom + 80 * len(label) + 120, palette.CARD, lettering)
    for y, row in enumerate(rows):
        for x, dark in enumerate(row):
            if dark:
                place = (left + x * size, _TOP + y * size)
                canvas.rectangle((*place, place[0] + size, place[1] + size), (0, 0, 0))
    for number, words in enumerate(label):
        canvas.centred(WIDTH // 2, bottom + 80 * number, words, _LABEL)
    canvas.centred(WIDTH // 2, bottom + 80 * len(label) + 12, hint, _HINT)
    return canvas.png()


def bare(url: str) -> bytes:
    """Return the PNG of a code without words, for where no font has Chinese characters."""
    written = io.BytesIO()
    _made(url).save(written, kind="png", scale=12, border=QUIET)
    return written.getvalue()


def svg(url: str, label: str) -> str:
    """Return the code as SVG with the label below it, in the fonts of whoever looks at it."""
    rows = _modules(url)
    side = len(rows)
    path = "".join(
        f"M{x} {y}h1v1h-1z" for y, row in enumerate(rows) for x, dark in enumerate(row) if dark
    )
    words = escape(label if len(label) <= _SVG_LABEL else f"{label[: _SVG_LABEL - 1]}…")
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {side} {side + 5}" '
        f'width="{side * 12}" height="{(side + 5) * 12}">'
        f'<rect width="100%" height="100%" fill="#fff"/><path d="{path}"/>'
        f'<text x="{side / 2:g}" y="{side + 2}" text-anchor="middle" '
        f'font-family="PingFang SC, Noto Sans CJK SC, Microsoft YaHei, sans-serif" '
        f'font-size="{min(2.4, side / max(len(label), 1)):.3g}">{words}</text></svg>'
    )


_SVG_LABEL: Final = 40


def read(picture: bytes) -> tuple[str, ...]:
    """Return what the codes in a picture say, each once, at most `MOST_CODES`.

    Raises `ValueError` for what is no picture, or too large a one.
    """
    # The reader is loaded where pictures are read, and nowhere else.
    import zxingcpp  # noqa: PLC0415

    try:
        with Image.open(io.BytesIO(picture)) as image:
            plain = image.convert("L") if image.width * image.height <= MOST_PIXELS else None
    except Exception as error:  # a broken file breaks its reader in many ways
        raise ValueError("this is no picture that can be read") from error
    if plain is None:
        raise TooLarge("the picture is too large")
    found = zxingcpp.read_barcodes(
        plain, formats=zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode)
    )
    return tuple(dict.fromkeys(each.text for each in found if each.text))[:MOST_CODES]


def _made(url: str) -> segno.QRCode:
    if not 0 < len(url) <= LONGEST:
        raise ValueError("no address for a code")
    return segno.make_qr(url, error="m", boost_error=False)


def _modules(url: str) -> list[list[bool]]:
    """Return the rows of a code, its quiet zone around it; true is dark."""
    return [[bool(each) for each in row] for row in _made(url).matrix_iter(border=QUIET)]
