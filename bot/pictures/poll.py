"""What a vote brought: a bar for each option, the longest first, and what was decided.

`title` and `rows` are asked for: each row is an option, its ballots, its share in hundredths, and
whether it won. `community`, `decision` and `foot` are texts. What has no room is cut.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from bot.pictures import palette
from bot.pictures.canvas import WIDTH, Canvas
from bot.pictures.lettering import Lettering, Style

_MARGIN: Final = 72
_ROOM: Final = WIDTH - 2 * _MARGIN
_ROW: Final = 148
_BAR: Final = 34
_MOST_ROWS: Final = 20
_FIGURE_ROOM: Final = 260

_INK: Final = palette.KINDS["campaign"][1]
_OPTION: Final = Style(38, palette.INK)
_WON: Final = Style(38, _INK, bold=True)
_FIGURE: Final = Style(34, palette.SOFT)
_DECISION: Final = Style(42, _INK, bold=True)


def draw(wish: Mapping[str, Any], lettering: Lettering) -> bytes:
    """Return the PNG; the same wish gives the same bytes."""
    title = lettering.wrap(str(wish["title"]), palette.TITLE, _ROOM, most=2)
    decision = lettering.wrap(str(wish.get("decision", "")), _DECISION, _ROOM, most=2)
    rows = wish["rows"][:_MOST_ROWS]
    top = 132 + 72 * len(title)
    bottom = top + _ROW * len(rows)
    canvas = Canvas(bottom + 60 * len(decision) + 148, palette.PAGE, lettering)
    community = lettering.cut(str(wish.get("community", "")), palette.SUBTITLE, _ROOM)
    canvas.text(_MARGIN, 56, community, palette.SUBTITLE)
    for number, words in enumerate(title):
        canvas.text(_MARGIN, 108 + 72 * number, words, palette.TITLE)
    most = max((int(row[1]) for row in rows), default=0)
    for number, row in enumerate(rows):
        _row(canvas, top + _ROW * number, row, most)
    for number, words in enumerate(decision):
        canvas.text(_MARGIN, bottom + 16 + 60 * number, words, _DECISION)
    foot = lettering.cut(str(wish.get("foot", "")), palette.NOTE, _ROOM)
    canvas.text(_MARGIN, bottom + 60 * len(decision) + 56, foot, palette.NOTE)
    return canvas.png()


def _row(canvas: Canvas, top: int, row: Sequence[Any], most: int) -> None:
    option, count, share, won = row
    style = _WON if won else _OPTION
    words = canvas.lettering.cut(str(option), style, _ROOM - _FIGURE_ROOM)
    canvas.text(_MARGIN, top + 8, words, style)
    canvas.right(WIDTH - _MARGIN, top + 10, f"{count}　{share}%", _FIGURE)
    left, middle = _MARGIN, top + 74
    canvas.rounded((left, middle, WIDTH - _MARGIN, middle + _BAR), _BAR // 2, palette.LINE)
    length = round(_ROOM * int(count) / most) if most else 0
    if length:
        box = (left, middle, left + max(length, _BAR), middle + _BAR)
        canvas.rounded(box, _BAR // 2, _INK if won else palette.WORK)
