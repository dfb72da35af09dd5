"""A plan of a few days: a card for each, with room for titles and marks in words."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from bot.pictures.canvas import WIDTH, Block, Canvas
from bot.pictures.lettering import Colour, Style
from bot.pictures.palette import CARD, FAINT, INK, KINDS, LINE, REST, SOFT, WARN, WORK
from bot.pictures.plan_parts import MARGIN, Plan
from sop.agenda import agenda_steps, agenda_words
from sop.agenda.agenda import Entry
from sop.texts import text

_DATES: Final = 190
_PAD: Final = 28
_ROW: Final = 76
_GAP: Final = 20
_PLAIN: Final = 176
_LEFT: Final = MARGIN + _DATES
_MOST: Final = 40
_MORE: Final = 56
_TITLE: Final = Style(36, INK)
_LEADING: Final = 46


def blocks(plan: Plan) -> Iterator[Block]:
    """Yield a card for each day."""
    found = plan.by_day()
    for ahead in range(plan.agenda.days):
        day = plan.agenda.first + timedelta(days=ahead)
        entries = found.get(day, [])
        rows = tuple(_Row(plan, entry) for entry in entries[:_MOST])
        yield _Day(plan, day, rows, len(entries) - len(rows))


@dataclass(frozen=True)
class _Row:
    plan: Plan
    entry: Entry

    @property
    def height(self) -> int:
        return max(_ROW, 24 + _LEADING * len(self._lines()) + 36 * len(self._marks()))

    def draw(self, canvas: Canvas, top: int) -> None:
        fill, ink = KINDS[agenda_steps.kind_of(self.entry.step)]
        time = agenda_words.clock(self.entry.at, self.plan.book)
        canvas.text(_LEFT + 20, top + 12, time, Style(36, INK, bold=True))
        kind = text(f"kinds.{agenda_steps.kind_of(self.entry.step)}")
        x = _LEFT + 140
        label = Style(26, ink, bold=True)
        end = x + canvas.lettering.width(kind, label) + 24
        canvas.rounded((x, top + 12, end, top + 56), 12, fill)
        canvas.text(x + 12, top + 17, kind, label)
        for number, line in enumerate(self._lines()):
            canvas.text(_TEXT, top + 12 + _LEADING * number, line, _TITLE)
        y = top + 16 + _LEADING * len(self._lines())
        for number, mark in enumerate(self._marks()):
            canvas.text(_TEXT, y + 36 * number, mark, Style(26, _colour(self.entry)))

    def _lines(self) -> list[str]:
        room = WIDTH - MARGIN - _PAD - _TEXT
        return self.plan.lettering.wrap(
            self.plan.said.titles[self.entry.step.id], _TITLE, room, most=2
        )

    def _marks(self) -> list[str]:
        words = " · ".join(self.plan.said.marks(self.entry))
        room = WIDTH - MARGIN - _PAD - _TEXT
        return self.plan.lettering.wrap(words, Style(26, WARN), room, most=3) if words else []


_TEXT: Final = _LEFT + 246


def _colour(entry: Entry) -> Colour:
    if entry.clash:
        return REST
    return WARN if entry.over or entry.is_shifted else SOFT


@dataclass(frozen=True)
class _Day:
    plan: Plan
    day: date
    rows: tuple[_Row, ...]
    more: int

    @property
    def height(self) -> int:
        return max(_PLAIN, 2 * _PAD + self._rows) + _GAP

    @property
    def _rows(self) -> int:
        return sum(row.height for row in self.rows) + (_MORE if self.more else 0)

    def draw(self, canvas: Canvas, top: int) -> None:
        bottom = top + self.height - _GAP
        canvas.rounded((MARGIN, top, WIDTH - MARGIN, bottom), 24, CARD)
        canvas.rectangle((_LEFT, top + _PAD, _LEFT + 2, bottom - _PAD), LINE)
        self._date(canvas, top)
        y = top + max(_PAD, (self.height - _GAP - self._rows) // 2)
        for row in self.rows:
            row.draw(canvas, y)
            y += row.height
        if self.more:
            rest = text("pictures.more", count=self.more)
            canvas.text(_LEFT + 20, y + 6, rest, Style(28, FAINT))
        if not self.rows:
            nothing = text("calendar.nothing")
            canvas.text(_LEFT + 20, top + 66, nothing, Style(32, FAINT))

    def _date(self, canvas: Canvas, top: int) -> None:
        calendar = self.plan.book.calendar
        works = calendar.is_workday(self.day)
        colour = INK if works else REST
        middle = MARGIN + _DATES // 2
        canvas.centred(
            middle, top + 22, f"{self.day.month}/{self.day.day}", Style(50, colour, bold=True)
        )
        canvas.centred(middle, top + 88, agenda_words.weekday(self.day), Style(28, SOFT))
        name = agenda_words.day_name(self.day, calendar)
        style = Style(24, WORK if calendar.is_made_up(self.day) else REST)
        canvas.centred(middle, top + 128, canvas.lettering.cut(name, style, _DATES - 16), style)
