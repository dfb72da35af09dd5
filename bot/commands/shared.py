"""What commands share: failing with a code, settings, and reading packs from disk."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Annotated, Any

import typer

from bot.broken import Broken
from bot.library import library
from bot.library.bound_groups import Abilities, abilities_of
from bot.library.named_group import NoSuchGroup, named_group
from bot.operations.deployments import deployment
from bot.setting_forms import ORIGIN
from bot.settings import Settings, SettingsError, load_settings
from sop.agenda import agenda
from sop.book import Book
from sop.checks.loader import load_pack
from sop.fields.pack_types import parse_date
from sop.model import Group
from sop.pack.pack import Pack
from sop.times import localtime

UNUSABLE = 2
"""Exit code: there is nothing to work with (settings, a file, a script)."""

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]


def fail(message: str, code: int = 1) -> typer.Exit:
    """Print to stderr and return the exit to raise."""
    typer.echo(message, err=True)
    return typer.Exit(code)


def settings_or_exit() -> Settings:
    """Read `.env` and the environment, or exit 2 with every problem."""
    try:
        return load_settings(os.environ, Path(".env"))
    except SettingsError as error:
        raise fail(str(error), UNUSABLE) from None


def deployment_or_exit() -> tuple[Settings, Abilities]:
    """Return what runs here (the playground, where only that was tried), or exit 2."""
    return deployment(settings_or_exit())


def abilities(*, needed: bool) -> Abilities:
    """What this deployment can do; nothing where settings are not `needed` and unusable."""
    try:
        return abilities_of(load_settings(os.environ, Path(".env")))
    except SettingsError as error:
        if needed:
            raise fail(str(error), UNUSABLE) from None
        return Abilities()


def group_or_exit(name: str, book: Book, pack: Path) -> Group:
    """Return the group of that name that runs the pack, or exit 2; no settings are needed."""
    folders = [pack.parent]
    try:
        folders.append(load_settings(os.environ, Path(".env")).sop_dir)
    except SettingsError:
        folders.extend([Path(os.environ["SOP_DIR"])] if os.environ.get("SOP_DIR") else [])
    try:
        return named_group(name, book.pack.pack, folders, abilities(needed=False))
    except NoSuchGroup as error:
        raise fail(str(error), UNUSABLE) from None


def read_file(path: Path) -> bytes:
    """Return a file's bytes, or exit 2 saying why not."""
    try:
        return path.read_bytes()
    except OSError as error:
        raise fail(f"{path}: cannot be read ({error.strerror})", UNUSABLE) from None


def contents_or_exit(path: Path) -> bytes:
    """Return the bytes of a file that is to be YAML, or exit 2 saying why not."""
    try:
        return library.contents(path)
    except OSError as error:
        raise fail(f"{path}: cannot be read ({error.strerror})", UNUSABLE) from None


def pack_or_exit(path: Path) -> Pack:
    """Return a pack without errors, or exit 2 with all its problems."""
    pack, problems = load_pack(contents_or_exit(path), str(path), library.listing(path.parent))
    if pack is None:
        raise fail("\n".join(problem.told() for problem in problems), UNUSABLE)
    return pack


def book_or_exit(path: Path, public_url: str = "") -> Book:
    """Return a compiled pack with the files beside it, or exit 2 with all its problems.

    `public_url` is where members shall reach it, empty where they cannot.
    """
    try:
        origin = str(ORIGIN.read(public_url)) if public_url else ""
    except ValueError as error:
        raise fail(f"--public-url must be {ORIGIN.wants}", UNUSABLE) from error
    loaded = pack_or_exit(path)
    files = library.attachments(loaded, path.parent)
    missing = library.missing(loaded, library.listing(path.parent))
    return Book(pack=loaded, version="rehearsal", public_url=origin, files=files, missing=missing)


@contextmanager
def unbroken_or_exit(code: int = UNUSABLE) -> Iterator[None]:
    """Exit with the code where what is done within it is `Broken`."""
    try:
        yield
    except Broken as error:
        raise fail(str(error), code) from None


def told_or_exit(work: Any, settings: Settings) -> Any:
    """Do the work with the settings, or exit 2 with what was broken."""
    with unbroken_or_exit():
        return work(settings)


def day_or_exit(written: str, option: str) -> date:
    """Return the day an option names (2026-12-01), or exit 2 saying why it is none."""
    try:
        return possible_or_exit(parse_date(written), option)
    except ValueError as error:
        raise fail(f"{option}: {error}", UNUSABLE) from None


def possible_or_exit(day: date, option: str) -> date:
    """Return a day that calendars can count on from, or exit 2."""
    last = localtime.LAST_YEAR - agenda.LONGEST_DAYS // 365
    if not localtime.FIRST_YEAR < day.year < last:
        raise fail(f"{option}: {day} is too far away", UNUSABLE)
    return day
