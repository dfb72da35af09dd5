"""What both pictures of a plan have: the title, the legend, what waits for events, the pages."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Final

from bot.pictures.canvas import TALLEST, WIDTH, Block, Canvas, Space, draw_pages, paged
from bot.pictures.lettering import Colour, Lettering, Style
from bot.pictures.palette import (
    CARD,
    FAINT,
    HEADING,
    INK,
    KINDS,
    NOTE,
    PAGE,
    REST,
    SMALL,
    SOFT,
    SUBTITLE,
    TITLE,
    WARN,
)
from sop.agenda import agenda_steps, agenda_words
from sop.agenda.agenda import Agenda, Entry, Known, steps_of
from sop.agenda.agenda_words import Wording
from sop.book import Book
from sop.texts import text
from sop.times import localtime

MARGIN: Final = 32
GAP: Final = 24
_PAD: Final = 36
_MOST_RELATIVE: Final = 20
_BADGE: Final = 34

MARKS: Final = ("shift", "clash", "over")
BADGES: Final[dict[str, Colour]] = {"shift": SOFT, "clash": REST, "over": WARN}
"""The marks of an entry, each with the colour of its badge."""


@dataclass(frozen=True)
class Plan:
    """What is drawn, and what it is drawn from."""

    agenda: Agenda
    book: Book
    known: Known
    lettering: Lettering

    @cached_property
    def said(self) -> Wording:
        """What steps and entries are called."""
        return Wording(self.book, self.known)

    def by_day(self) -> Mapping[date, list[Entry]]:
        """The entries of every local day that has any."""
        days: dict[date, list[Entry]] = {}
        for entry in self.agenda.entries:
            days.setdefault(localtime.local_date(entry.at, self.book.zone), []).append(entry)
        return days


def badges_of(entry: Entry) -> tuple[str, ...]:
    """Return the marks of an entry that get a badge."""
    there = {"shift": entry.is_shifted, "clash": bool(entry.clash), "over": bool(entry.over)}
    return tuple(mark for mark in MARKS if there[mark])


def badge(canvas: Canvas, x: int, y: int, words: str, fill: Colour, side: int = _BADGE) -> int:
    """Draw a small square with one or two signs; return where it ends."""
    style = Style(round(side * 0.66), CARD, bold=True)
    width = max(side, canvas.lettering.width(words, style) + side // 2)
    canvas.rounded((x, y, x + width, y + side), side // 4, fill)
    canvas.centred(x + width // 2, y + round(side * 0.12), words, style)
    return x + width


@dataclass(frozen=True)
class Head:
    """The title of a page: community, days, how much there is; which page of how many."""

    plan: Plan
    number: int = 1
    of: int = 1

    @property
    def height(self) -> int:
        """As high as its three lines."""
        return 236

    def draw(self, canvas: Canvas, top: int) -> None:
        """Draw the lines below each other."""
        plan, room = self.plan, WIDTH - 2 * MARGIN - 16
        name = " · ".join(filter(None, (plan.book.pack.title, plan.known.title)))
        x = MARGIN + 8
        canvas.text(x, top + 44, canvas.lettering.cut(name, TITLE, room), TITLE)
        canvas.text(x, top + 122, agenda_words.span(plan.agenda), SUBTITLE)
        canvas.text(x, top + 170, agenda_words.totals(plan.agenda), SUBTITLE)
        if self.of > 1:
            page = text("pictures.page", number=self.number, count=self.of)
            canvas.right(WIDTH - MARGIN - 8, top + 122, page, SUBTITLE)


@dataclass(frozen=True)
class Legend:
    """Which colour is which kind of step, and what the badges mean where there are any."""

    plan: Plan
    badges: bool

    @property
    def height(self) -> int:
        """As high as its rows."""
        return 2 * _PAD + 56 * len(self._rows()) - 14 + GAP

    def draw(self, canvas: Canvas, top: int) -> None:
        """Draw a card with the rows."""
        canvas.rounded((MARGIN, top, WIDTH - MARGIN, top + self.height - GAP), 24, CARD)
        for number, row in enumerate(self._rows()):
            x = MARGIN + _PAD
            for kind, words in row:
                x = self._item(canvas, (x, top + _PAD + 56 * number), kind, words) + 34

    def _item(self, canvas: Canvas, place: tuple[int, int], kind: str, words: str) -> int:
        x, y = place
        if kind in KINDS:
            fill, ink = KINDS[kind]
            canvas.framed((x, y + 4, x + 34, y + 38), 10, fill, ink)
            return canvas.text(x + 46, y, words, NOTE)
        end = badge(canvas, x, y + 4, text(f"pictures.badge-{kind}"), BADGES[kind])
        return canvas.text(end + 12, y, words, NOTE)

    def _rows(self) -> list[list[tuple[str, str]]]:
        """The items, as many in a row as fit."""
        rows: list[list[tuple[str, str]]] = []
        left = 0
        for item in self._items():
            width = 46 + self.plan.lettering.width(item[1], NOTE) + 34
            if not rows or left < width:
                rows.append([])
                left = WIDTH - 2 * (MARGIN + _PAD)
            rows[-1].append(item)
            left -= width
        return rows

    def _items(self) -> list[tuple[str, str]]:
        kinds = agenda_steps.kinds_of([entry.step for entry in self.plan.agenda.entries])
        entries = self.plan.agenda.entries if self.badges else ()
        marks = {mark for entry in entries for mark in badges_of(entry)}
        told = [(mark, text(f"pictures.means-{mark}")) for mark in MARKS if mark in marks]
        return [*((kind, text(f"kinds.{kind}")) for kind in kinds), *told]


@dataclass(frozen=True)
class Relative:
    """What waits for an event, below the plan."""

    plan: Plan

    @property
    def height(self) -> int:
        """As high as its lines; nothing where nothing waits."""
        shown = len(self.plan.agenda.relative[:_MOST_RELATIVE])
        return 2 * _PAD + 68 + 86 * shown + GAP if shown else 0

    def draw(self, canvas: Canvas, top: int) -> None:
        """Draw a card with two lines for each step: when, and what."""
        if not self.height:
            return
        canvas.rounded((MARGIN, top, WIDTH - MARGIN, top + self.height - GAP), 24, CARD)
        x, room = MARGIN + _PAD, WIDTH - 2 * (MARGIN + _PAD) - 30
        canvas.text(x, top + _PAD - 6, text("pictures.relative"), HEADING)
        for number, step in enumerate(self.plan.agenda.relative[:_MOST_RELATIVE]):
            y = top + _PAD + 74 + 86 * number
            fill, ink = KINDS[agenda_steps.kind_of(step)]
            canvas.framed((x, y + 4, x + 12, y + 70), 6, fill, ink)
            when = agenda_words.when(step.when, self.plan.book)
            canvas.text(x + 30, y - 2, canvas.lettering.cut(when, SMALL, room), SMALL)
            title = self.plan.said.titles[step.id]
            body = Style(32, INK)
            canvas.text(x + 30, y + 32, canvas.lettering.cut(title, body, room), body)


@dataclass(frozen=True)
class Foot:
    """What has to be said about the plan as a whole."""

    plan: Plan

    @property
    def height(self) -> int:
        """As high as its lines."""
        return 40 * len(self._lines()) + 48

    def draw(self, canvas: Canvas, top: int) -> None:
        """Draw the lines in the middle."""
        for number, line in enumerate(self._lines()):
            canvas.centred(WIDTH // 2, top + 40 * number, line, Style(24, FAINT))

    def _lines(self) -> tuple[str, ...]:
        years = agenda_words.unknown_years(self.plan.agenda, self.plan.book)
        return (*years, text("pictures.plan-foot"))


def drawn(plan: Plan, body: Sequence[Block], *, badges: bool) -> list[bytes]:
    """Return the pages of a plan: its head on each, legend and notes on the last.

    `badges`: whether the body marks entries by badges, which the legend then explains.
    """
    tail: list[Block] = []
    if steps_of(plan.agenda):
        tail = [Legend(plan, badges), Relative(plan)] if plan.agenda.entries else [Relative(plan)]
    tail.append(Foot(plan))
    room = TALLEST - Head(plan).height
    pages = paged([*body, *tail], room)
    whole: list[list[Block]] = [
        [Head(plan, number, len(pages)), *blocks, Space(8)]
        for number, blocks in enumerate(pages, 1)
    ]
    return draw_pages(whole, PAGE, plan.lettering)
