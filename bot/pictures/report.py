"""The picture of a report: figures, when the group is awake, and how far members come.

One code draws it, on a `Canvas` for the chat or a `Vector` for a page. `heat`, `funnels` and
`segments` are as `handlers.figures.pictured` makes them: -1 stands for what nobody knows, and is
drawn as such, never as nothing.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
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
_LEFT: Final = _MARGIN + _PAD
_INNER: Final = _ROOM - 2 * _PAD
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
_LINE: Final = 40
_HEAD_LINE: Final = 46


@dataclass(frozen=True)
class _Part:
    """A piece of the picture: how high it is, and what draws it below a top."""

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
        found.append(_figures(wish["figures"], lettering))
    if heat := wish.get("heat"):
        found.append(_card(heat["title"], _heat(heat), lettering))
    bars = [(each["title"], each["stages"]) for each in wish.get("funnels", ())]
    if (segments := wish.get("segments") or {}).get("bars"):
        bars.append((segments["title"], segments["bars"]))
    return [*found, *(_card(title, _bars(rows), lettering) for title, rows in bars)]


def _head(wish: Wish, lettering: Lettering) -> _Part:
    notes = lettering.wrap(str(wish.get("heard", "")), palette.NOTE, _ROOM, most=3)

    def drawn(sheet: Drawing, top: int) -> None:
        title = lettering.cut(str(wish["title"]), palette.TITLE, _ROOM)
        sheet.text(_MARGIN, top, title, palette.TITLE)
        span = lettering.cut(str(wish.get("span", "")), palette.SUBTITLE, _ROOM)
        sheet.text(_MARGIN, top + 74, span, palette.SUBTITLE)
        _lines(sheet, _MARGIN, top + 128, notes)

    return _Part(128 + _LINE * len(notes), drawn)


def _lines(sheet: Drawing, left: int, top: int, lines: Iterable[str]) -> None:
    for number, line in enumerate(lines):
        sheet.text(left, top + _LINE * number, line, palette.NOTE)


def _figures(pairs: Sequence[Sequence[str]], lettering: Lettering) -> _Part:
    """Figures beside each other in one size, each above what it counts."""
    width = (_ROOM - _GAP * (len(pairs) - 1)) // len(pairs)
    room = width - 24
    large = all(lettering.width(figure, _FIGURE) <= room for figure, _ in pairs)
    size = _FIGURE if large else _HEADING

    def drawn(sheet: Drawing, top: int) -> None:
        for place, (figure, label) in enumerate(pairs):
            left = _MARGIN + place * (width + _GAP)
            sheet.rounded((left, top, left + width, top + 150), 20, palette.CARD)
            middle, y = left + width // 2, top + 22 + (_FIGURE.size - size.size) // 2
            sheet.centred(middle, y, lettering.cut(figure, size, room), size)
            sheet.centred(middle, top + 98, lettering.cut(label, _LABEL, room), _LABEL)

    return _Part(150, drawn)


def _card(title: str, inside: _Part, lettering: Lettering) -> _Part:
    """A part on a card, below its title."""
    heading = lettering.wrap(str(title), _HEADING, _INNER, most=2)
    above = 42 + _HEAD_LINE * len(heading)

    def drawn(sheet: Drawing, top: int) -> None:
        bottom = top + above + inside.height
        sheet.rounded((_MARGIN, top, _MARGIN + _ROOM, bottom), 20, palette.CARD)
        for number, line in enumerate(heading):
            sheet.text(_LEFT, top + 26 + _HEAD_LINE * number, line, _HEADING)
        inside.draw(sheet, top + above)

    return _Part(above + inside.height, drawn)


def _heat(heat: Wish) -> _Part:
    """The map of the hours with the best of them below it; else that nobody knows."""
    cells, best = heat.get("cells") or (), heat.get("best") or ()
    if not cells:
        return _Part(70, lambda sheet, top: _lines(sheet, _LEFT, top, [str(heat["unknown"])]))

    def drawn(sheet: Drawing, top: int) -> None:
        _map(sheet, top, cells, heat)
        for number, each in enumerate(best, 1):
            words = sheet.lettering.cut(str(each["words"]), palette.NOTE, _INNER - 44)
            y = top + 7 * _ROW + 10 + _LINE * number
            sheet.text(_LEFT, y, str(number), palette.NOTE)
            sheet.text(_LEFT + 40, y, words, palette.NOTE)

    return _Part(7 * _ROW + 70 + _LINE * len(best), drawn)


def _map(sheet: Drawing, top: int, cells: Sequence[Sequence[float]], heat: Wish) -> None:
    hottest = max((cell for row in cells for cell in row), default=0) or 1
    marks = {(each["day"], each["hour"]): str(n) for n, each in enumerate(heat["best"], 1)}
    left = _LEFT + _DAYS
    for day, row in enumerate(cells):
        y = top + day * _ROW
        sheet.text(_LEFT, y + 4, str(heat["days"][day]), _LABEL)
        for hour, cell in enumerate(row):
            x = left + hour * _CELL
            sheet.rounded((x, y, x + _CELL - 4, y + _ROW - 4), 6, _shade(cell / hottest, cell))
            if (day, hour) in marks:
                sheet.rounded((x + 3, y + 7, x + 28, y + 32), 12, palette.CARD)
                sheet.centred(x + 15, y + 8, marks[day, hour], _BEST)
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


def _bars(rows: Sequence[Sequence[Any]]) -> _Part:
    """Bars below each other, each with its words above it; dots stand for what nobody knows."""
    most = max((int(count) for _, count, _ in rows), default=0) or 1

    def drawn(sheet: Drawing, top: int) -> None:
        for number, (_, count, words) in enumerate(rows):
            y = top - 8 + _BAR_ROW * number
            sheet.text(_LEFT, y, sheet.lettering.cut(str(words), _LABEL, _INNER), _LABEL)
            _bar(sheet, y + 38, int(count) / most)

    return _Part(_BAR_ROW * len(rows) + 18, drawn)


def _bar(sheet: Drawing, top: int, part: float) -> None:
    if part < 0:
        for left in range(_LEFT, _LEFT + _INNER - 12, 24):
            sheet.rounded((left, top, left + 12, top + 12), 6, _TRACK)
        return
    sheet.rounded((_LEFT, top, _LEFT + _INNER, top + 12), 6, _TRACK)
    if part:
        sheet.rounded((_LEFT, top, _LEFT + max(round(_INNER * part), 12), top + 12), 6, _BAR)
