"""An agenda as a table for people, 80 columns wide where Chinese characters take two."""

import unicodedata
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from itertools import groupby

from sop import agenda_steps, agenda_words, localtime
from sop.agenda import Agenda, Entry, Known
from sop.book import Book
from sop.texts import text

WIDTH = 80
"""Columns of a terminal that everybody has."""

_COLUMNS = (7, 6, 10, 7, 32, 18)
_GAP = 2
_WHEN = 30


def width(words: str) -> int:
    """Count the columns that words take: two for a wide character, none for a mark above one."""
    return sum(_columns(sign) for sign in words)


def _columns(sign: str) -> int:
    if unicodedata.combining(sign) or unicodedata.category(sign) in ("Cf", "Me", "Mn"):
        return 0
    return 2 if unicodedata.east_asian_width(sign) in ("W", "F") else 1


def cut(words: str, columns: int) -> str:
    """Return the words, or as many as fit with a sign that more follows."""
    if width(words) <= columns:
        return words
    kept = ""
    for sign in words:
        if width(kept + sign) > columns - 1:
            break
        kept += sign
    return kept + "…"


def table(agenda: Agenda, book: Book, known: Known) -> Iterator[str]:
    """Yield the lines of the table: days with what happens on them, then what waits for events."""
    yield cut(" · ".join(filter(None, (book.pack.title, known.title))), WIDTH)
    yield f"{agenda_words.span(agenda)}  {book.pack.timezone}"
    yield from _days(agenda, book, known)
    yield from _relative(agenda, book, known)
    yield ""
    yield agenda_words.totals(agenda)
    yield from agenda_words.unknown_years(agenda, book)


def _days(agenda: Agenda, book: Book, known: Known) -> Iterator[str]:
    heads = ("date", "day", "", "time", "title", "marks")
    yield ""
    if not agenda.entries:
        yield text("calendar.nothing-at-all")
        return
    yield _row([text(f"calendar.head-{head}") if head else "" for head in heads])
    month: tuple[int, int] | None = None
    for day, entries in _by_day(agenda, book):
        if not entries and not book.calendar.holiday(day):
            continue
        if month != (day.year, day.month):
            month = (day.year, day.month)
            title = f"─── {text('calendar.month', year=day.year, month=day.month)} "
            yield title + "─" * (WIDTH - width(title))
        yield from _day(day, entries, book, known)


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


def _day(day: date, entries: Sequence[Entry], book: Book, known: Known) -> Iterator[str]:
    head = [f"{day:%m-%d}", agenda_words.weekday(day), agenda_words.day_name(day, book.calendar)]
    if not entries:
        yield _row([*head, "", text("calendar.nothing"), ""])
    for place, entry in enumerate(entries):
        title = agenda_steps.title_of(entry.step, book.pack, known.title)
        said = _wrapped(agenda_words.marks(entry, book, known), _COLUMNS[-1])
        time = agenda_words.clock(entry.at, book)
        yield _row([*(head if not place else ("", "", "")), time, title, next(said, "")])
        yield from (_row(["", "", "", "", "", more]) for more in said)


def _row(cells: Sequence[str]) -> str:
    filled = (_filled(cell, room) for cell, room in zip(cells, _COLUMNS, strict=True))
    return "".join(filled).rstrip()


def _filled(cell: str, columns: int) -> str:
    fitting = cut(cell, columns - _GAP if columns != _COLUMNS[-1] else columns)
    return fitting + " " * (columns - width(fitting))


def _wrapped(marks: Sequence[str], columns: int) -> Iterator[str]:
    """Yield the marks in lines of so many columns; one that is too long is continued."""
    line = ""
    for mark in marks:
        joined = f"{line} · {mark}" if line else mark
        if line and width(joined) > columns:
            yield line
            joined = mark
        *whole, line = _pieces(joined, columns)
        yield from whole
    if line:
        yield line


def _pieces(words: str, columns: int) -> list[str]:
    pieces = [""]
    for sign in words:
        if width(pieces[-1] + sign) > columns:
            pieces.append("")
        pieces[-1] += sign
    return pieces


def _relative(agenda: Agenda, book: Book, known: Known) -> Iterator[str]:
    if not agenda.relative:
        return
    yield ""
    yield text("calendar.relative")
    for step in agenda.relative:
        when = cut(agenda_words.when(step.when, book), _WHEN)
        title = agenda_steps.title_of(step, book.pack, known.title)
        yield f"  {when}{' ' * (_WHEN - width(when))}  {cut(title, WIDTH - _WHEN - 2 * _GAP)}"
    yield text("calendar.note-relative")
