"""`qunyun calendar`: what a pack brings a group or a member, day by day, before it happens."""

from datetime import date, datetime, time
from importlib import import_module
from pathlib import Path
from typing import Annotated

import typer

from bot.agenda import lines, table
from bot.commands.pictured import save, studio_or_exit
from bot.commands.shared import (
    UNUSABLE,
    AsJson,
    book_or_exit,
    day_or_exit,
    fail,
    group_or_exit,
    possible_or_exit,
)
from sop.agenda import agenda, agenda_marks
from sop.agenda.agenda import Agenda, Known
from sop.book import Book
from sop.model import Group
from sop.times import localtime

MORNING = time(9)
"""When somebody joins of whom only the day is given; birthdays are greeted then, too."""

_EVENT = "2026-12-01 (then 09:00) or 2026-12-01T20:30."


def calendar(  # noqa: PLR0917 - typer's way: one parameter per option
    pack: Annotated[Path, typer.Argument(help="The pack.")],
    first: Annotated[str, typer.Option("--from", help="First day; by default today.")] = "",
    days: Annotated[int, typer.Option(min=1, max=agenda.LONGEST_DAYS, help="How many.")] = 30,
    group: Annotated[
        str, typer.Option(help="A group of groups.yaml (beside the pack, or in SOP_DIR).")
    ] = "",
    joined: Annotated[str, typer.Option(help=f"When a member joins: {_EVENT}")] = "",
    created: Annotated[str, typer.Option(help=f"When the group is created: {_EVENT}")] = "",
    adopted: Annotated[str, typer.Option(help=f"When the group is adopted: {_EVENT}")] = "",
    starts: Annotated[str, typer.Option(help="The day the camp starts.")] = "",
    ics: Annotated[Path | None, typer.Option(help="Write a file for calendar programs.")] = None,
    png: Annotated[Path | None, typer.Option(help="Write a picture.")] = None,
    *,
    as_json: AsJson = False,
) -> None:
    """Show what a pack brings, day by day: clashes, quiet hours and holidays marked.

    --json prints {at, step, title} per occurrence, with shift, clash, over and holiday where
    they apply, and what waits for an event in a last line under "relative".
    """
    if sum((as_json, ics is not None, png is not None)) > 1:
        raise fail("choose one of --json, --ics and --png", UNUSABLE)
    book = book_or_exit(pack)
    bound = group_or_exit(group, book, pack) if group else None
    book = book.of(bound.override) if bound else book
    known = _known(book, bound, starts=starts, joined=joined, created=created, adopted=adopted)
    whole = _agenda(book, known, _first(first, book), days)
    if ics is not None:
        _write_ics(ics, whole, book, known, group)
    elif png is not None:
        _write_png(png, whole, book, known)
    else:
        told = (lines.lines if as_json else table.table)(whole, book, known)
        typer.echo("\n".join(told))


def _known(
    book: Book, group: Group | None, *, starts: str, joined: str, created: str, adopted: str
) -> Known:
    start = starts or (group.starts if group else "")
    return Known(
        starts=day_or_exit(start, "--starts") if start else None,
        joined=_instant(joined, "--joined", book),
        created=_instant(created, "--created", book),
        adopted=_instant(adopted, "--adopted", book),
        layer=("core" if group.kind == "core" else "regular") if group else None,
        title=group.title if group else "",
        channels=group.channels if group else None,
    )


def _first(written: str, book: Book) -> date:
    return day_or_exit(written, "--from") if written else datetime.now(book.zone).date()


def _instant(written: str, option: str, book: Book) -> int | None:
    if not written:
        return None
    try:
        moment = datetime.fromisoformat(written)
    except ValueError:
        raise fail(
            f"{option}: {written!r:.40} is not a time, such as {_EVENT}", UNUSABLE
        ) from None
    possible_or_exit(moment.date(), option)
    if len(written) == len("2026-12-01"):
        moment = datetime.combine(moment.date(), MORNING)
    if moment.tzinfo is not None:
        return round(moment.timestamp() * 1_000)
    return localtime.resolve(moment, book.zone)


def _agenda(book: Book, known: Known, first: date, days: int) -> Agenda:
    try:
        return agenda_marks.marked(agenda.agenda_of(book, known, first, days), book, known)
    except agenda.TooMuch as error:
        raise fail(f"--days {days}: {error}", UNUSABLE) from None


def _write_ics(file: Path, whole: Agenda, book: Book, known: Known, place: str) -> None:
    # Loaded for those who want the file only: it is slower than the whole of the rest.
    ics = import_module("bot.agenda.ics")

    save({file: ics.calendar_file(whole, book, known, place)})


def _write_png(file: Path, whole: Agenda, book: Book, known: Known) -> None:
    studio = studio_or_exit(file)
    plan = import_module("bot.pictures.plan")

    studio.draw(lambda faces: plan.draw(whole, book, known, faces))
