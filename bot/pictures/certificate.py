"""A certificate: who completed what, when, as a sheet that people like to keep and to show.

`name` and `title` are asked for; `community`, `award`, `words`, `date` and `seal` (up to four
signs) are texts, `figures` up to three pairs of a number and what it counts. What has no room is
cut; what is not given leaves its place empty.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from bot.pictures.canvas import WIDTH, Canvas
from bot.pictures.lettering import Colour, Lettering, Style

HEIGHT: Final = 1_440

_PAPER: Final[Colour] = (253, 249, 240)
_GOLD: Final[Colour] = (190, 152, 84)
_PALE: Final[Colour] = (246, 236, 214)
_BROWN: Final[Colour] = (74, 56, 32)
_SOFT: Final[Colour] = (128, 108, 78)
_RED: Final[Colour] = (190, 52, 44)

_COMMUNITY: Final = Style(38, _GOLD, bold=True)
_TITLE: Final = Style(92, _BROWN, bold=True)
_AWARD: Final = Style(34, _SOFT)
_NAME: Final = Style(80, _BROWN, bold=True)
_WORDS: Final = Style(40, _BROWN)
_FIGURE: Final = Style(60, _RED, bold=True)
_LABEL: Final = Style(28, _SOFT)
_DATE: Final = Style(32, _SOFT)

_MIDDLE: Final = WIDTH // 2
_ROOM: Final = WIDTH - 280
_MOST_WORDS: Final = 4
_MOST_FIGURES: Final = 3
_SEAL: Final = 172
_SIGNS: Final = 4


def draw(wish: Mapping[str, Any], lettering: Lettering) -> bytes:
    """Return the PNG; the same wish gives the same bytes."""
    canvas = Canvas(HEIGHT, _PAPER, lettering)
    _frame(canvas)
    _line(canvas, 150, _text(wish, "community"), _COMMUNITY)
    _line(canvas, 226, str(wish["title"]), _TITLE)
    _rule(canvas, 386)
    _line(canvas, 446, _text(wish, "award"), _AWARD)
    _line(canvas, 512, str(wish["name"]), _NAME)
    lines = lettering.wrap(_text(wish, "words"), _WORDS, _ROOM, most=_MOST_WORDS)
    for number, words in enumerate(lines):
        canvas.centred(_MIDDLE, 664 + 66 * number, words, _WORDS)
    _figures(canvas, wish.get("figures", ()))
    canvas.text(130, HEIGHT - 196, lettering.cut(_text(wish, "date"), _DATE, 520), _DATE)
    _stamp(canvas, _text(wish, "seal")[:_SIGNS])
    return canvas.png()


def _text(wish: Mapping[str, Any], name: str) -> str:
    return str(wish.get(name, ""))


def _line(canvas: Canvas, y: int, words: str, style: Style) -> None:
    canvas.centred(_MIDDLE, y, canvas.lettering.cut(words, style, _ROOM), style)


def _frame(canvas: Canvas) -> None:
    right, bottom = WIDTH - 48, HEIGHT - 48
    canvas.framed((48, 48, right, bottom), 28, _PAPER, _GOLD)
    canvas.rounded((60, 60, right - 12, bottom - 12), 20, _GOLD)
    canvas.rounded((66, 66, right - 18, bottom - 18), 16, _PAPER)
    for x in (84, WIDTH - 84 - 44):
        for y in (84, HEIGHT - 84 - 44):
            canvas.rounded((x, y, x + 44, y + 44), 10, _PALE)
            canvas.rounded((x + 13, y + 13, x + 31, y + 31), 9, _GOLD)


def _rule(canvas: Canvas, y: int) -> None:
    """A thin line with a lozenge in its middle."""
    canvas.rectangle((240, y, WIDTH - 240, y + 2), _GOLD)
    canvas.rectangle((_MIDDLE - 34, y, _MIDDLE + 34, y + 2), _PAPER)
    canvas.polygon(
        [(_MIDDLE - 14, y + 1), (_MIDDLE, y - 13), (_MIDDLE + 14, y + 1), (_MIDDLE, y + 15)], _GOLD
    )


def _figures(canvas: Canvas, figures: Sequence[Sequence[Any]]) -> None:
    """Numbers beside each other, each above what it counts."""
    shown = figures[:_MOST_FIGURES]
    width = 250
    left = _MIDDLE - (width * len(shown) + 20 * (len(shown) - 1)) // 2
    for place, (number, label) in enumerate(shown):
        x = left + place * (width + 20)
        canvas.rounded((x, 944, x + width, 1_104), 22, _PALE)
        middle, room = x + width // 2, width - 24
        for y, words, style in ((962, number, _FIGURE), (1_046, label, _LABEL)):
            canvas.centred(middle, y, canvas.lettering.cut(str(words), style, room), style)


def _stamp(canvas: Canvas, signs: str) -> None:
    """A red seal, its signs in two columns as they are cut."""
    if not signs.strip():
        return
    left, top = WIDTH - 130 - _SEAL, HEIGHT - 118 - _SEAL
    canvas.rounded((left, top, left + _SEAL, top + _SEAL), 18, _RED)
    canvas.framed((left + 8, top + 8, left + _SEAL - 8, top + _SEAL - 8), 12, _RED, _PAPER)
    style = Style(62, _PAPER, bold=True)
    for number, sign in enumerate(signs):
        row, column = divmod(number, 2)
        x = left + _SEAL // 2 + (34 if column else -34) * (len(signs) > 1)
        y = top + (14 + 70 * row if len(signs) > 2 else 50)  # noqa: PLR2004 - one row or two
        canvas.centred(x, y, sign, style)
