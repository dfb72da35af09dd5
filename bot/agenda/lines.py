"""An agenda as lines of JSON: one per occurrence, then one for what waits for an event."""

import json
from collections.abc import Iterator
from typing import Any

from sop.agenda.agenda import Agenda, Entry, Known
from sop.agenda.agenda_words import Wording
from sop.book import Book
from sop.times import localtime
from sop.triggers import trigger_forms


def lines(agenda: Agenda, book: Book, known: Known) -> Iterator[str]:
    """Yield `{at, step, title}` per occurrence, with its marks, and one line `{relative}` last.

    Marks: `shift` (when it really happens: quiet hours hold it, or with `bundle` the day's
    bundle), `clash` (ids of steps in the same minute), `over` (`7/6`: the seventh message of a
    budget of six), `holiday` (its name).
    """
    titles = Wording(book, known).titles
    for entry in agenda.entries:
        yield _json(_line(entry, titles[entry.step.id], book))
    if agenda.relative:
        waiting = [
            {"step": step.id, "title": titles[step.id], "when": trigger_forms.written(step.when)}
            for step in agenda.relative
        ]
        yield _json({"relative": waiting})


def _line(entry: Entry, title: str, book: Book) -> dict[str, Any]:
    line: dict[str, Any] = {"at": _stamp(entry.at, book), "step": entry.step.id, "title": title}
    if entry.is_shifted:
        line["shift"] = _stamp(entry.real, book)
        line |= {"bundle": True} if entry.bundled else {}
    if entry.clash:
        line["clash"] = list(entry.clash)
    if entry.over:
        line["over"] = "{}/{}".format(*entry.over)
    holiday = book.calendar.holiday(localtime.local_date(entry.at, book.zone))
    if holiday:
        line["holiday"] = holiday
    return line


def _stamp(ms: int, book: Book) -> str:
    wall = localtime.wall_time(ms, book.zone)
    return wall.isoformat(timespec="milliseconds" if ms % 1_000 else "seconds")


def _json(line: dict[str, Any]) -> str:
    return json.dumps(line, ensure_ascii=False)
