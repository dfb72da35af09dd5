"""A plan as months: a week in a row, in every day what happens in it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from bot.pictures.canvas import WIDTH, Block, Canvas, Space, Stack
from bot.pictures.lettering import Style
from bot.pictures.palette import CARD, FAINT, HEADING, INK, KINDS, LINE, REST, RESTING, WORK
from bot.pictures.plan_parts import BADGES, MARGIN, Plan, badge, badges_of
from sop.agenda import agenda_steps, agenda_words
from sop.agenda.agenda import Entry
from sop.texts import text

_DAY: Final = timedelta(days=1)
_WEEK: Final = 7
_SIDE: Final = 12
_COLUMN: Final = (WIDTH - 2 * MARGIN - 2 * _SIDE) // _WEEK
_DATE: Final = 56
_CHIP: Final = 104
_MOST: Final = 6
_BADGES: Final = 2
_LEFT: Final = MARGIN + _SIDE

_NUMBER: Final = 30
_LABEL: Final = 20
_WORDS: Final = 24


def blocks(plan: Plan) -> Iterator[Block]:
    """Yield the months of the plan as blocks."""
    days = plan.by_day()
    last = plan.agenda.first + (plan.agenda.days - 1) * _DAY
    month = plan.agenda.first.replace(day=1)
    while month <= last:
        yield Stack([_MonthHead(month), *_weeks(plan, month, last, days), _MonthFoot(), Space(20)])
        month = _next(month)


def _weeks(
    plan: Plan, month: date, last: date, entries: Mapping[date, list[Entry]]
) -> Iterator[Block]:
    monday = month - month.weekday() * _DAY
    while monday < _next(month):
        week = (monday + ahead * _DAY for ahead in range(_WEEK))
        shown = tuple(
            day if day.month == month.month and plan.agenda.first <= day <= last else None
            for day in week
        )
        if any(shown):
            yield _Week(plan, shown, entries)
        monday += _WEEK * _DAY


def _next(month: date) -> date:
    return (month + 31 * _DAY).replace(day=1)


@dataclass(frozen=True)
class _MonthHead:
    month: date

    @property
    def height(self) -> int:
        return 146

    def draw(self, canvas: Canvas, top: int) -> None:
        canvas.rounded((MARGIN, top, WIDTH - MARGIN, top + self.height + 30), 24, CARD)
        name = text("calendar.month", year=self.month.year, month=self.month.month)
        canvas.text(MARGIN + 32, top + 22, name, HEADING)
        for number in range(_WEEK):
            day = date(2024, 1, 1) + number * _DAY
            colour = REST if number >= _WEEK - 2 else FAINT
            x = _LEFT + number * _COLUMN + _COLUMN // 2
            canvas.centred(x, top + 100, agenda_words.weekday(day), Style(26, colour))


@dataclass(frozen=True)
class _MonthFoot:
    @property
    def height(self) -> int:
        return 36

    def draw(self, canvas: Canvas, top: int) -> None:
        canvas.rounded((MARGIN, top, WIDTH - MARGIN, top + self.height), 18, CARD)
        canvas.rectangle((MARGIN, top, WIDTH - MARGIN, top + self.height // 2), CARD)


@dataclass(frozen=True)
class _Week:
    plan: Plan
    days: Sequence[date | None]
    entries: Mapping[date, Sequence[Entry]]

    @property
    def height(self) -> int:
        fullest = max(len(self.entries.get(day, ())) for day in self.days if day)
        more = 36 if fullest > _MOST else 0
        return _DATE + 12 + max(1, min(fullest, _MOST)) * _CHIP + more

    def draw(self, canvas: Canvas, top: int) -> None:
        canvas.rectangle((MARGIN, top, WIDTH - MARGIN, top + self.height), CARD)
        canvas.rectangle((_LEFT, top, WIDTH - _LEFT, top + 2), LINE)
        for number, day in enumerate(self.days):
            if day is not None:
                self._day(canvas, day, _LEFT + number * _COLUMN, top)

    def _day(self, canvas: Canvas, day: date, x: int, top: int) -> None:
        calendar = self.plan.book.calendar
        works = calendar.is_workday(day)
        if not works:
            box = (x + 2, top + 4, x + _COLUMN - 2, top + self.height - 4)
            canvas.rounded(box, 14, RESTING)
        end = canvas.text(
            x + 12, top + 12, str(day.day), Style(_NUMBER, INK if works else REST, bold=True)
        )
        self._name(canvas, day, end + 8, x + _COLUMN - 6, top)
        entries = self.entries.get(day, ())
        for place, entry in enumerate(entries[:_MOST]):
            self._chip(canvas, entry, x + 4, top + _DATE + 8 + place * _CHIP)
        if len(entries) > _MOST:
            rest = text("pictures.more", count=len(entries) - _MOST)
            y = top + _DATE + 8 + _MOST * _CHIP
            canvas.centred(x + _COLUMN // 2, y, rest, Style(22, FAINT))

    def _name(self, canvas: Canvas, day: date, x: int, right: int, top: int) -> None:
        """What the day is: free or worked by the official calendar, a festival."""
        calendar = self.plan.book.calendar
        if calendar.is_made_up(day):
            badge(canvas, right - 34, top + 16, text("pictures.work"), WORK, 30)
            return
        name = agenda_words.day_name(day, calendar)
        style = Style(_LABEL, REST if not calendar.is_workday(day) else FAINT)
        if name:
            canvas.right(right, top + 22, canvas.lettering.cut(name, style, right - x), style)

    def _chip(self, canvas: Canvas, entry: Entry, x: int, y: int) -> None:
        fill, ink = KINDS[agenda_steps.kind_of(entry.step)]
        right = x + _COLUMN - 8
        canvas.rounded((x, y, right, y + _CHIP - 8), 12, fill)
        time = agenda_words.clock(entry.at, self.plan.book)
        canvas.text(x + 8, y + 3, time, Style(22, ink, bold=True))
        edge = right - 6
        for mark in reversed(badges_of(entry)[-_BADGES:]):
            badge(canvas, edge - 26, y + 5, text(f"pictures.badge-{mark}"), BADGES[mark], 26)
            edge -= 29
        style = Style(_WORDS, ink)
        room = right - x - 14
        words = canvas.lettering.wrap(self.plan.said.titles[entry.step.id], style, room, most=2)
        for number, line in enumerate(words):
            canvas.text(x + 8, y + 32 + 29 * number, line, style)
