"""`qunyun book`: what members gave to a collection, as a page to print or a PDF."""

import re
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated, Any, Final

import typer

from bot.broken import Broken
from bot.commands.pictured import save
from bot.commands.shared import UNUSABLE, deployment_or_exit, fail, unbroken_or_exit
from bot.operations.operating import Operation, operating
from handlers.collections import story_books
from handlers.collections.story_books import StoryBook

_MONTH: Final = re.compile(r"[0-9]{4}-(0[1-9]|1[0-2])", re.ASCII)
_FORMS: Final = (".html", ".pdf")


def book(
    collection: Annotated[str, typer.Argument(help="The id of the collection.")],
    out: Annotated[Path, typer.Option(help="The file to write: .html or .pdf.")],
    *,
    month: Annotated[str, typer.Option(help="Only what was given then (2026-12).")] = "",
    group: Annotated[str, typer.Option(help="Only the group of this id.")] = "",
    community: Annotated[str, typer.Option(help="Only this community.")] = "",
) -> None:
    """Write the book of a collection; it prints on A4.

    Who is on no leaderboard is not named, and what was taken back is not in it. The bot may be
    running meanwhile.
    """
    if out.suffix.casefold() not in _FORMS:
        raise fail("--out: end the file in .html or .pdf", UNUSABLE)
    if month and not _MONTH.fullmatch(month):
        raise fail("--month: write it as 2026-12", UNUSABLE)
    with unbroken_or_exit(), operating(*deployment_or_exit()) as operation:
        found = _found(operation, collection, community, group=group, month=month)
    if not found.stories:
        raise fail("nothing was given then that may be shown: no book was written")
    save({out: _written(found, out)})
    typer.echo(f"{out}: {len(found.stories)} entries")


def _found(operation: Operation, collection: str, community: str, **which: Any) -> StoryBook:
    """Return the only book of that name; `Broken` where there is none, or one in several."""
    books = {
        name: book
        for name in operation.communities(community)
        if (book := operation.look(name, lambda c: story_books.book(c, collection, **which)))
    }
    if not books:
        raise Broken(f"no collection {collection} was ever open there")
    if len(books) > 1:
        raise Broken(f"several communities have it: say --community {' or '.join(books)}")
    return next(iter(books.values()))


def _written(found: StoryBook, out: Path) -> bytes:
    if out.suffix.casefold() == ".html":
        page: str = import_module("bot.books.printed").html(found)
        return page.encode()
    return _drawn(found)


def _drawn(found: StoryBook) -> bytes:
    """Draw the PDF beside, whole: what was there stays until it is."""
    fonts, sheets = import_module("bot.pictures.fonts"), import_module("bot.books.sheets")
    try:
        with TemporaryDirectory(prefix="qunyun-") as folder:
            file = Path(folder) / "book.pdf"
            sheets.write(found, fonts.discover(), file)
            return file.read_bytes()
    except (fonts.NoFont, sheets.TooLong) as error:
        raise fail(str(error), UNUSABLE) from None
    except OSError as error:
        raise fail(f"the PDF cannot be drawn ({error.strerror})", UNUSABLE) from None
