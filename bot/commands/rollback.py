"""`qunyun rollback`: an earlier text in a file's place, if it fits what is around it today."""

import getpass
import time
from pathlib import Path
from typing import Annotated

import typer

from bot import history
from bot.bound_groups import abilities_of
from bot.commands.shared import UNUSABLE, fail, settings_or_exit, told_or_exit
from bot.commands.versions import kept_or_exit, shown_time, version_or_exit
from bot.library import Library
from bot.settings import Settings
from sop.model import Version


def rollback(
    file: Annotated[str, typer.Argument(help="A pack's file, or groups.yaml.")],
    version: Annotated[str, typer.Argument(help="A number or fingerprint: see versions.")],
    by: Annotated[str, typer.Option(help="Who decided it; default: your account.")] = "",
    *,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say what would change; save nothing.")
    ] = False,
) -> None:
    """Bring an earlier version back: checked first, saved whole or not at all.

    The running bot picks it up by itself. Exit 1 where the old text no longer fits.
    """
    settings = settings_or_exit()
    name = Path(file).name
    kept = kept_or_exit(settings, name)[name]
    wanted = version_or_exit(kept, version)
    path = settings.sop_dir / name
    data: bytes = told_or_exit(lambda _: history.restored(wanted, path), settings)
    if not _changes(settings, path, data, wanted):
        return
    _refuse_unfit(settings, path, data)
    if dry_run:
        typer.echo("nothing was saved (--dry-run)")
        return
    number = _save(settings, path, data, by or _account())
    typer.echo(
        f"{name} is as in version {wanted.number} again, as version {number}; "
        "a running bot picks it up by itself"
    )


def _changes(settings: Settings, path: Path, data: bytes, wanted: Version) -> bool:
    """Say what will change; tell whether anything does."""
    today = told_or_exit(lambda _: history.saved(path), settings)
    told = history.difference(
        today.text if today else "",
        history.text_of(path.name, data).text,
        f"{path.name} as saved now",
        f"{path.name} version {wanted.number} of {shown_time(wanted.at)}",
    )
    if today is not None and not told:
        typer.echo(f"{path.name} is as in version {wanted.number} already: nothing to do")
        return False
    typer.echo(told)
    typer.echo("Pictures, code lists and pool files have no versions: they stay as they are.")
    return True


def _refuse_unfit(settings: Settings, path: Path, data: bytes) -> None:
    """Exit 1 with every problem the folder would have, where one of them is an error."""
    library = Library(settings.sop_dir, abilities_of(settings))
    problems = library.trial(path.name, data)
    for problem in problems:
        warning = " (warning)" if problem.severity != "error" else ""
        typer.echo(f"{problem}{warning}", err=True)
    if any(problem.severity == "error" for problem in problems):
        raise fail(f"{path.name}: that version does not fit what is there now: nothing was saved")


def _save(settings: Settings, path: Path, data: bytes, author: str) -> int:
    now = time.time_ns() // 1_000_000

    def work(settings: Settings) -> int:
        with history.opened(settings) as database:
            return history.bring_back(database, path, data, author, now)

    try:
        return int(told_or_exit(work, settings))
    except OSError as error:
        raise fail(f"{path}: cannot be written ({error.strerror})", UNUSABLE) from None


def _account() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return ""
