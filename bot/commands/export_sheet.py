"""`qunyun export`: a pack as a workbook that a boss can read and an operator can edit."""

from pathlib import Path
from typing import Annotated

import typer

from bot.commands.shared import UNUSABLE, book_or_exit, day_or_exit, fail
from bot.library.whole_files import write_whole
from bot.sheets.sheet_writer import workbook
from sop.agenda import agenda
from sop.agenda.agenda import Known, TooMuch
from sop.book import Book
from sop.sheets.sheet_export import OutTable, dated_table, steps_table
from sop.sheets.sheet_overview import overview_table


def export_sheet(
    pack: Annotated[Path, typer.Argument(help="The pack.")],
    out: Annotated[Path | None, typer.Option(help="Default: its id and .xlsx, here.")] = None,
    first: Annotated[str, typer.Option("--from", help="With dates, from this day on.")] = "",
    days: Annotated[
        int, typer.Option(min=1, max=agenda.LONGEST_DAYS, help="How many days, with --from.")
    ] = 7,
    starts: Annotated[str, typer.Option(help="The day the camp starts, with --from.")] = "",
    *,
    force: Annotated[bool, typer.Option("--force", help="Overwrite the file.")] = False,
) -> None:
    """Write a pack as a workbook: what is due when, what waits for events, rules and points.

    What a table cannot hold is marked as the program's own in it; `import` leaves that out.
    """
    book = book_or_exit(pack)
    path = out or Path(f"{book.pack.pack}.xlsx")
    if path.exists() and not force:
        raise fail(f"{path}: is there already; write elsewhere, or say --force", UNUSABLE)
    tables = (*_tables(book, first, starts, days), overview_table(book.pack))
    try:
        write_whole({path: workbook(tables)})
    except OSError as error:
        raise fail(f"{path}: cannot be written ({error.strerror})", UNUSABLE) from None
    typer.echo(f"{path}: {len(tables[0].rows)} + {len(tables[1].rows)} row(s)")


def _tables(book: Book, first: str, starts: str, days: int) -> tuple[OutTable, OutTable]:
    start = day_or_exit(starts, "--starts") if starts else None
    if not first:
        return steps_table(book)
    day = day_or_exit(first, "--from")
    try:
        return dated_table(book, Known(starts=start), day, days)
    except TooMuch as error:
        raise fail(str(error), UNUSABLE) from None
