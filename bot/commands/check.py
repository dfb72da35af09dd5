"""`qunyun check`: every problem of packs and bindings, at once."""

import json
import os
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Annotated

import typer

from bot.commands.shared import (
    UNUSABLE,
    AsJson,
    abilities,
    contents_or_exit,
    fail,
    settings_or_exit,
)
from bot.library import library
from bot.library.bound_groups import Abilities
from bot.library.shelf import Shelf
from bot.settings import SettingsError, load_settings
from sop.bindings.bindings import Binding, load_bindings
from sop.checks import check_notes, check_offers
from sop.checks.check_subject import Subject
from sop.checks.loader import read_pack
from sop.problems import Problem, in_order

Everything = Annotated[
    bool, typer.Option("--verbose", help="Tell also what takes effect in a later version.")
]


@dataclass(frozen=True, slots=True)
class _Found:
    """A file's problems, and what else there is to know of it."""

    problems: Sequence[Problem]
    notes: Sequence[str] = ()


@dataclass(slots=True)
class _Folders:
    """Folders of packs, each read once however many of its files are checked."""

    read: dict[Path, library.Library] = field(default_factory=dict)

    def of(self, folder: Path, able: Abilities) -> library.Library:
        """Return what is in the folder, in force or with its problems."""
        if folder not in self.read:
            self.read[folder] = library.Library(folder, able)
            self.read[folder].reload()
        return self.read[folder]


def check(
    files: Annotated[
        list[Path] | None, typer.Argument(help="Packs, groups.yaml or a folder of them.")
    ] = None,
    *,
    as_json: AsJson = False,
    verbose: Everything = False,
) -> None:
    """Check packs and bindings: every problem at once. Exit 0 clean, 1 problems, 2 unusable.

    Of a pack that is bound it also prints the points within reach of each group in a month.
    """
    wanted = [each for path in files for each in _files_of(path)] if files else _default_files()
    folders = _Folders()
    found = [_check(path, folders, verbose=verbose) for path in wanted]
    problems = [problem for each in found for problem in each.problems]
    if as_json:
        typer.echo(json.dumps([each.as_dict() for each in problems], ensure_ascii=False))
    else:
        _print(problems, [note for each in found for note in each.notes], len(wanted))
    if any(problem.fatal for problem in problems):
        raise typer.Exit(UNUSABLE)
    if any(problem.severity == "error" for problem in problems):
        raise typer.Exit(1)


def _print(problems: Sequence[Problem], notes: Sequence[str], count: int) -> None:
    for problem in problems:
        typer.echo(problem.told())
    if not problems:
        typer.echo(f"{count} file(s): no problems")
    for note in notes:
        typer.echo(note)


def _default_files() -> list[Path]:
    folder = settings_or_exit().sop_dir
    if not folder.is_dir():
        raise fail(f"{folder}: there is no such folder; name a file, or set SOP_DIR", UNUSABLE)
    return _files_in(folder)


def _files_in(folder: Path) -> list[Path]:
    bindings = folder / library.BINDINGS_FILE
    found = [*library.pack_files(folder), *([bindings] if bindings.is_file() else [])]
    if not found:
        raise fail(f"{folder}: there is no pack in it; name a file, or set SOP_DIR", UNUSABLE)
    return found


def _files_of(path: Path) -> list[Path]:
    """Return what is checked under a name: all of a folder, else the file itself."""
    return _files_in(path) if path.is_dir() else [path]


def _check(path: Path, folders: _Folders, *, verbose: bool) -> _Found:
    """A file's problems: beside bindings, also those that only the whole folder has."""
    bindings = path.parent / library.BINDINGS_FILE
    able = _abilities(needed=path == bindings)
    whole: Sequence[Problem] = ()
    shelf = Shelf()
    if bindings.is_file() and path in [bindings, *library.pack_files(path.parent)]:
        folder = folders.of(path.parent, able)
        shelf = folder.shelf
        whole = [each for each in folder.problems if each.file == str(path)]
    if path == bindings:
        return _Found(in_order([*_bindings(path, able), *whole]))
    draft = read_pack(contents_or_exit(path), str(path))
    pack, problems = draft.checked(library.listing(path.parent), (), _today())
    subject = draft.subject(pack) if pack else None
    return _Found(
        in_order([*problems, *whole]),
        _notes(path, subject, shelf, verbose=verbose) if subject else (),
    )


def _notes(path: Path, subject: Subject, shelf: Shelf, *, verbose: bool) -> list[str]:
    groups = [
        Binding(
            id=group.id,
            title=group.title,
            kind="core" if group.kind == "core" else "regular",
            channels=group.channels,
        )
        for community, book in shelf.books.items()
        if book.pack.pack == subject.pack.pack
        for group in shelf.groups[community]
    ]
    bound = replace(subject, groups=groups)
    later = check_notes.later_on(bound) if verbose or groups else ()
    offers = check_offers.told(bound) if verbose or groups else ()
    return [f"{path}: {each}" for each in (*check_notes.within_reach(bound), *offers, *later)]


def _bindings(path: Path, able: Abilities) -> Sequence[Problem]:
    beside = library.pack_files(path.parent)
    drafts = [read_pack(contents_or_exit(each), str(each)) for each in beside]
    known = [draft.id for draft in drafts if draft.id]
    return load_bindings(contents_or_exit(path), str(path), known, able.robot_keys)[1]


def _abilities(*, needed: bool) -> Abilities:
    """What the deployment can do; without any credentials, all that its bindings ask for.

    Packs are checked on many a machine that is not the one they run on.
    """
    able = abilities(needed=needed)
    try:
        configured = not load_settings(os.environ, Path(".env")).sandbox
    except SettingsError:
        configured = False
    return able if configured else replace(able, app=True, link=True)


def _today() -> date:
    # Days that are over, and calendars about to end: a zone's difference of hours is none here.
    return datetime.now(UTC).date()
