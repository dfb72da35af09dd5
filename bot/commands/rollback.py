"""`qunyun rollback`: earlier texts in their files' places, if they fit what is around today."""

import getpass
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import Annotated

import typer

from bot.commands.shared import UNUSABLE, deployment_or_exit, fail, told_or_exit
from bot.commands.versions import kept_or_exit, shown_time, version_or_exit
from bot.library import history
from bot.library.library import Library
from bot.settings import Settings
from sop.model import Version


@dataclass(frozen=True, slots=True)
class Wanted:
    """A version that is to be back in its file's place, as the bytes to save."""

    path: Path
    version: Version
    data: bytes


def rollback(
    files: Annotated[
        list[str],
        typer.Argument(metavar="FILE VERSION …", help="A file and its version: see versions."),
    ],
    by: Annotated[str, typer.Option(help="Who decided it; default: your account.")] = "",
    *,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say what would change; save nothing.")
    ] = False,
) -> None:
    """Bring earlier versions back: checked first, then saved all together or not at all.

    The running bot picks them up by itself. Exit 1 where a text no longer fits the others.
    """
    settings, able = deployment_or_exit()
    wanted = [each for each in _wanted(settings, files) if _changes(settings, each)]
    if not wanted:
        return
    typer.echo("Pictures, code lists and pool files have no versions: they stay as they are.")
    _refuse_unfit(Library(settings.sop_dir, able), wanted)
    if dry_run:
        typer.echo("nothing was saved (--dry-run)")
        return
    for version, each in zip(_saved(settings, wanted, by or _account()), wanted, strict=True):
        typer.echo(_told(each.version.number, version))


def _told(number: int, now: Version) -> str:
    if now.number == number:
        return f"{now.name} is as in version {number} again, which has been in force all along"
    return (
        f"{now.name} is as in version {number} again, as version {now.number}; "
        "a running bot picks it up by itself"
    )


def _wanted(settings: Settings, words: Sequence[str]) -> list[Wanted]:
    if len(words) % 2:
        raise fail("rollback takes a file and its version, or several such pairs", UNUSABLE)
    found: dict[Path, Wanted] = {}
    for file, version in list(pairwise(words))[::2]:
        name = Path(file).name
        chosen = version_or_exit(kept_or_exit(settings, name)[name], version)
        path = settings.sop_dir / name
        data: bytes = told_or_exit(partial(_data, chosen), settings)
        found[path] = Wanted(path, chosen, data)
    return list(found.values())


def _data(version: Version, settings: Settings) -> bytes:
    return history.restored(version, settings.sop_dir / version.name)


def _changes(settings: Settings, wanted: Wanted) -> bool:
    """Say what will change; tell whether anything does."""
    name, number = wanted.path.name, wanted.version.number
    today = told_or_exit(lambda _: history.saved(wanted.path), settings)
    told = history.difference(
        today.text if today else "",
        history.text_of(name, wanted.data).text,
        f"{name} as saved now",
        f"{name} version {number} of {shown_time(wanted.version.at)}",
    )
    if today is not None and not told:
        typer.echo(f"{name} is as in version {number} already: nothing to do")
        return False
    typer.echo(told)
    return True


def _refuse_unfit(library: Library, wanted: Sequence[Wanted]) -> None:
    """Exit 1 with every problem the folder would have, where one of them is an error."""
    problems = library.trial({each.path.name: each.data for each in wanted})
    for problem in problems:
        typer.echo(problem.told(), err=True)
    if any(problem.severity == "error" for problem in problems):
        raise fail("that does not fit what is there now: nothing was saved")


def _saved(settings: Settings, wanted: Sequence[Wanted], author: str) -> list[Version]:
    now = time.time_ns() // 1_000_000
    files: Mapping[Path, bytes] = {each.path: each.data for each in wanted}

    def work(settings: Settings) -> list[Version]:
        with history.opened(settings) as database:
            return history.bring_back(database, files, author, now)

    try:
        return list(told_or_exit(work, settings))
    except OSError as error:
        where = error.filename or settings.sop_dir
        raise fail(f"{where}: cannot be written ({error.strerror})", UNUSABLE) from None


def _account() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return ""
