"""The picture of a report: figures, when the group is awake, and how far members come.

One code draws it, on a `Canvas` for the chat or a `Vector` for a page. `heat`, `funnels` and
`segments` are as `handlers.figures.pictured` makes them: -1 stands for what nobody knows, and is
drawn as such, never as nothing.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from bot.pictures import palette
from bot.pictures.canvas import WIDTH, Canvas
from bot.pictures.drawing import Drawing
from bot.pictures.lettering import Colour, Lettering, Style
from bot.pictures.vector import Vector

Wish = Mapping[str, Any]

_MARGIN: Final = 48
_ROOM: Final = WIDTH - 2 * _MARGIN
_PAD: Final = 36
_FIGURE: Final = Style(58, palette.INK, bold=True)
_LABEL: Final = Style(26, palette.SOFT)
_HEADING: Final = Style(34, palette.INK, bold=True)
_HOUR: Final = Style(20, palette.SOFT)
_BEST: Final = Style(20, palette.INK, bold=True)

_COLD: Final[Colour] = (238, 242, 247)
_HOT: Final[Colour] = (19, 111, 99)
_UNSEEN: Final[Colour] = (250, 250, 251)
_BAR: Final[Colour] = (120, 178, 168)
_TRACK: Final[Colour] = (238, 242, 247)

_CELL: Final = 35
_ROW: Final = 44
_DAYS: Final = 72
_GAP: Final = 28
_BAR_ROW: Final = 62


@dataclass(frozen=True)
class _Part:
    """A card of the picture: how high it is, and what draws it below a top."""

    height: int
    draw: Callable[[Drawing, int], None]


def draw(wish: Wish, lettering: Lettering) -> bytes:
    """Return the PNG; the same wish gives the same bytes."""
    parts = _parts(wish, lettering)
    canvas = Canvas(_height(parts), palette.PAGE, lettering)
    _draw(parts, canvas)
    return canvas.png()


def draw_vector(wish: Wish, lettering: Lettering) -> bytes:
    """Return the same picture as SVG."""
    parts = _parts(wish, lettering)
    sheet = Vector(_height(parts), palette.PAGE, lettering)
    _draw(parts, sheet)
    return sheet.svg(f"{wish['title']} {wish.get('span', '')}".strip())


def _height(parts: Sequence[_Part]) -> int:
    return 2 * _MARGIN + sum(part.height for part in parts) + _GAP * (len(parts) - 1)


def _draw(parts: Sequence[_Part], sheet: Drawing) -> None:
    top = _MARGIN
    for part in parts:
        part.draw(sheet, top)
        top += part.height + _GAP


def _parts(wish: Wish, lettering: Lettering) -> list[_Part]:
    found = [_head(wish, lettering)]
    if wish.get("figures"):
        found.append(_figures(wish["figures"]))
    if wish.get("heat"):
        found.append(_heat(wish["heat"]))
    found += [_bars(each["title"], each["stages"]) for each in wish.get("funnels", ())]
    segments = wish.get("segments") or {}
    if segments.get("bars"):
        found.append(_bars(segments["title"], segments["bars"]))
    return found


def _head(wish: Wish, lettering: Lettering) -> _Part:
    notes = lettering.wrap(str(wish.get("heard", "")), palette.NOTE, _ROOM, most=3)

    def drawn(sheet: Drawing, top: int) -> None:
        title = lettering.cut(str(wish["title"]), palette.TITLE, _ROOM)
        sheet.text(_MARGIN, top, title, palette.TITLE)
        span = lettering.cut(str(wish.get("span", "")), palette.SUBTITLE, _ROOM)
        sheet.text(_MARGIN, top + 74, span, palette.SUBTITLE)
        for number, line in enumerate(notes):
            sheet.text(_MARGIN, top + 128 + 40 * number, line, palette.NOTE)

    return _Part(128 + 40 * len(notes), drawn)


def _figures(pairs: Sequence[Sequence[str]]) -> _Part:
    """Figures beside each other, each above what it counts."""

    def drawn(sheet: Drawing, top: int) -> None:
        width = (_ROOM - _GAP * (len(pairs) - 1)) // len(pairs)
        for place, (figure, label) in enumerate(pairs):
            left = _MARGIN + place * (width + _GAP)
            sheet.rounded((left, top, left + width, top + 150), 20, palette.CARD)
            middle, room = left + width // 2, width - 24
            size = _FIGURE if sheet.lettering.width(figure, _FIGURE) <= room else _HEADING
            sheet.centred(
                middle, top + 22 + (_FIGURE.size - size.size) // 2,
                sheet.lettering.cut(figure, size, room), size,
            )  # fmt: skip
            sheet.centred(middle, top + 98, sheet.lettering.cut(label, _LABEL, room), _LABEL)

    return _Part(150, drawn)


def _card(sheet: Drawing, top: int, height: int, title: str) -> None:
    sheet.rounded((_MARGIN, top, _MARGIN + _ROOM, top + height), 20, palette.CARD)
    room = _ROOM - 2 * _PAD
    sheet.text(_MARGIN + _PAD, top + 26, sheet.lettering.cut(title, _HEADING, room), _HEADING)


def _heat(heat: Wish) -> _Part:
    cells, best = heat.get("cells") or (), heat.get("best") or ()
    height = 96 + (7 * _ROW + 44 + 40 * len(best) + 24 if cells else 70)

    def drawn(sheet: Drawing, top: int) -> None:
        _card(sheet, top, height, str(heat["title"]))
        if not cells:
            sheet.text(_MARGIN + _PAD, top + 92, str(heat["unknown"]), palette.NOTE)
            return
        _map(sheet, top + 90, cells, heat)
        for number, each in enumerate(best):
            words = sheet.lettering.cut(str(each["words"]), palette.NOTE, _ROOM - 2 * _PAD - 44)
            y = top + 96 + 7 * _ROW + 44 + 40 * number
            sheet.text(_MARGIN + _PAD, y, str(number + 1), palette.NOTE)
            sheet.text(_MARGIN + _PAD + 40, y, words, palette.NOTE)

    return _Part(height, drawn)


def _map(sheet: Drawing, top: int, cells: Sequence[Sequence[float]], heat: Wish) -> None:
    hottest = max((cell for row in cells for cell in row), default=0) or 1
    marks = {(each["day"], each["hour"]): str(n + 1) for n, each in enumerate(heat["best"])}
    left = _MARGIN + _PAD + _DAYS
    for day, row in enumerate(cells):
        y = top + day * _ROW
        sheet.text(_MARGIN + _PAD, y + 4, str(heat["days"][day]), _LABEL)
        for hour, cell in enumerate(row):
            x = left + hour * _CELL
            sheet.rounded((x, y, x + _CELL - 4, y + _ROW - 4), 6, _shade(cell / hottest, cell))
            if (day, hour) in marks:
                sheet.rounded((x + 4, y + 6, x + 28, y + 34), 12, palette.CARD)
                sheet.centred(x + 16, y + 9, marks[day, hour], _BEST)
    for hour in range(0, 24, 3):
        sheet.text(left + hour * _CELL, top + 7 * _ROW + 2, f"{hour}", _HOUR)


def _shade(part: float, cell: float) -> Colour:
    """From cold to hot; what was not seen has no colour of its own."""
    if cell < 0:
        return _UNSEEN
    red, green, blue = (
        round(cold + (hot - cold) * part) for cold, hot in zip(_COLD, _HOT, strict=True)
    )
    return red, green, blue


def _bars(title: str, rows: Sequence[Sequence[Any]]) -> _Part:
    """Bars below each other, each with its words above it."""
    height = 96 + _BAR_ROW * len(rows) + 18

    def drawn(sheet: Drawing, top: int) -> None:
        _card(sheet, top, height, title)
        most = max((int(count) for _, count, _ in rows), default=0) or 1
        left, room = _MARGIN + _PAD, _ROOM - 2 * _PAD
        for number, (_, count, words) in enumerate(rows):
            y = top + 88 + _BAR_ROW * number
            sheet.text(left, y, sheet.lettering.cut(str(words), _LABEL, room), _LABEL)
            sheet.rounded((left, y + 38, left + room, y + 50), 6, _TRACK)
            length = round(room * int(count) / most) if int(count) > 0 else 0
            if length:
                sheet.rounded((left, y + 38, left + max(length, 12), y + 50), 6, _BAR)

    return _Part(height, drawn)
