"""What commands that draw share: fonts that are there, files written whole; Pillow comes late.

Nothing of Pillow is loaded before somebody wants a picture, and never by the running bot.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from importlib import import_module
from pathlib import Path
from typing import Any

import typer

from bot.commands.shared import UNUSABLE, fail
from bot.library.whole_files import write_whole
from bot.pictures.reel import Reel
from bot.rehearsal.script import Cue
from sop.book import Book
from sop.fields.pack_types import parse_date

_MOST_DAYS = 10


@dataclass(frozen=True)
class Studio:
    """A file to draw into, and the faces to draw with."""

    file: Path
    faces: Any

    def draw(self, drawn: Callable[[Any], Sequence[bytes]]) -> None:
        """Write the pages that are drawn with the faces, or exit 2 with nothing written."""
        pages = drawn(self.faces)
        names = (
            self.file if page == 1 else self.file.with_name(_numbered(self.file, page))
            for page in range(1, len(pages) + 1)
        )
        save(dict(zip(names, pages, strict=True)))


def _numbered(file: Path, page: int) -> str:
    return f"{file.stem}-{page}{file.suffix}"


def studio_or_exit(file: Path) -> Studio:
    """Find the fonts for a picture, or exit 2 saying what to install."""
    fonts = import_module("bot.pictures.fonts")
    try:
        return Studio(file, fonts.discover())
    except fonts.NoFont as error:
        raise fail(str(error), UNUSABLE) from None


def save(files: Mapping[Path, bytes]) -> None:
    """Write files whole and name them on stderr, or exit 2."""
    try:
        write_whole(files)
    except OSError as error:
        raise fail(f"{error.filename}: cannot be written ({error.strerror})", UNUSABLE) from None
    typer.echo("\n".join(map(str, files)), err=True)


@dataclass(frozen=True)
class DayPicture:
    """The picture of a rehearsed day: give it what is played, then develop it."""

    studio: Studio
    book: Book
    reel: Reel
    group: str

    def watching(self, see: Callable[[Cue], object]) -> Callable[[Cue], None]:
        """Return what sees a cue and has it seen by another as well."""

        def both(cue: Cue) -> None:
            see(cue)
            self.reel.see(cue)

        return both

    def passing(self, lines: Iterable[dict[str, Any]]) -> Iterator[dict[str, Any]]:
        """Yield the transcript's lines, and remember them on the way."""
        for line in lines:
            self.reel.heed(line)
            yield line

    def develop(self) -> None:
        """Draw what was seen, or exit 2 where nothing happened then or there."""
        drawing, story = import_module("bot.pictures.day"), import_module("bot.pictures.story")
        reel = self.reel
        try:
            self.studio.draw(
                lambda faces: drawing.draw(
                    reel.lines, reel.cues, self.book, faces, reel.day, self.group
                )
            )
        except story.NothingToShow as error:
            days = ", ".join(str(day) for day in sorted(reel.days)[:_MOST_DAYS])
            message = f"--picture: {error}; the rehearsal's days are {days or 'none'}"
            raise fail(message, UNUSABLE) from None


def day_picture_or_exit(file: Path, day: str, group: str, book: Book) -> DayPicture:
    """Prepare the picture of a day (2026-12-01; by default the first), or exit 2."""
    try:
        wanted: date | None = parse_date(day) if day else None
    except ValueError as error:
        raise fail(f"--day: {error}", UNUSABLE) from None
    return DayPicture(studio_or_exit(file), book, Reel(book, wanted), group)
