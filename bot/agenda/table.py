"""An agenda as a table for people, 80 columns wide where Chinese characters take two."""

import unicodedata
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from functools import lru_cache
from itertools import groupby

from sop.agenda import agenda_words
from sop.agenda.agenda import Agenda, Entry, Known
from sop.agenda.agenda_words import Wording
from sop.book import Book
from sop.texts import text
from sop.times import localtime

WIDTH = 80
"""Columns of a terminal that everybody has."""

_COLUMNS = (7, 6, 10, 7, 32, 18)
_GAP = 2
_WHEN = 30


def width(words: str) -> int:
    """Count the columns that words take: two for a wide character, none for a mark above one."""
    return sum(map(_columns, words))


@lru_cache(maxsize=8_192)
def _columns(sign: str) -> int:
    if unicodedata.combining(sign) or unicodedata.category(sign) in ("Cf", "Me", "Mn"):
        return 0
    return 2 if unicodedata.east_asian_width(sign) in ("W", "F") else 1


def cut(words: str, columns: int) -> str:
    """Return the words, or as many as fit with a sign that more follows."""
    if width(words) <= columns:
        return words
    return _pieces(words, columns - 1)[0] + "…"


def table(agenda: Agenda, book: Book, known: Known) -> Iterator[str]:
    """Yield the lines of the table: days with what happens on them, then what waits for events."""
    yield cut(" · ".join(filter(None, (book.pack.title, known.title))), WIDTH)
    yield f"{agenda_words.span(agenda)}  {book.pack.timezone}"
    yield from _days(agenda, Wording(book, known))
    yield from _relative(agenda, Wording(book, known))
    yield ""
    yield agenda_words.totals(agenda)
    yield from agenda_words.unknown_years(agenda, book)


def _days(agenda: Agenda, said: Wording) -> Iterator[str]:
    heads = ("date", "day", "", "time", "title", "marks")
    yield ""
    if not agenda.entries:
        yield text("calendar.nothing-at-all")
        return
    yield _row([text(f"calendar.head-{head}") if head else "" for head in heads])
    month: tuple[int, int] | None = None
    for day, entries in _by_day(agenda, said.book):
        if not entries and not said.book.calendar.holiday(day):
            continue
        if month != (day.year, day.month):
            month = (day.year, day.month)
            title = f"─── {text('calendar.month', year=day.year, month=day.month)} "
            yield title + "─" * (WIDTH - width(title))
        yield from _day(day, entries, said)


def _by_day(agenda: Agenda, book: Book) -> Iterator[tuple[date, list[Entry]]]:
    """Every day of the agenda with its entries."""
    found = {
        day: list(entries)
        for day, entries in groupby(
            agenda.entries, lambda entry: localtime.local_date(entry.at, book.zone)
        )
    }
    for ahead in range(agenda.days):
        day = agenda.first + timedelta(days=ahead)
        yield day, found.get(day, [])


def _day(day: date, entries: Sequence[Entry], said: Wording) -> Iterator[str]:
    calendar = said.book.calendar
    head = [f"{day:%m-%d}", agenda_words.weekday(day), agenda_words.day_name(day, calendar)]
    if not entries:
        yield _row([*head, "", text("calendar.nothing"), ""])
    for place, entry in enumerate(entries):
        title, time = said.titles[entry.step.id], agenda_words.clock(entry.at, said.book)
        marks, *more = _wrapped(said.marks(entry), _COLUMNS[-1])
        yield _row([*(head if not place else ("", "", "")), time, title, marks])
        yield from (_row(["", "", "", "", "", each]) for each in more)


def _row(cells: Sequence[str]) -> str:
    filled = (_filled(cell, room) for cell, room in zip(cells, _COLUMNS, strict=True))
    return "".join(filled).rstrip()


@lru_cache(maxsize=8_192)
def _filled(cell: str, columns: int) -> str:
    fitting = cut(cell, columns - _GAP if columns != _COLUMNS[-1] else columns)
    return fitting + " " * (columns - width(fitting))


@lru_cache(maxsize=8_192)
def _wrapped(marks: tuple[str, ...], columns: int) -> tuple[str, ...]:
    """The marks in lines of so many columns, one at least; a mark too long is continued."""
    lines = [""]
    for mark in marks:
        joined = f"{lines[-1]} · {mark}" if lines[-1] else mark
        if lines[-1] and width(joined) > columns:
            lines.append("")
            joined = mark
        lines[-1:] = _pieces(joined, columns)
    return tuple(lines)


def _pieces(words: str, columns: int) -> list[str]:
    pieces, used = [""], 0
    for sign in words:
        wide = _columns(sign)
        if used + wide > columns:
            pieces.append("")
            used = 0
        pieces[-1] += sign
        used += wide
    return pieces


def _relative(agenda: Agenda, said: Wording) -> Iterator[str]:
    if not agenda.relative:
        return
    yield ""
    yield text("calendar.relative")
    for step in agenda.relative:
        when = cut(agenda_words.when(step.when, said.book), _WHEN)
        title = said.titles[step.id]
        yield f"  {when}{' ' * (_WHEN - width(when))}  {cut(title, WIDTH - _WHEN - 2 * _GAP)}"
    yield text("calendar.note-relative")
