"""`qunyun check`: every problem of packs and bindings, at once."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from bot import library
from bot.bound_groups import Abilities
from bot.commands.shared import UNUSABLE, AsJson, abilities, fail, read_file, settings_or_exit
from sop.bindings import load_bindings
from sop.loader import load_pack, read_pack
from sop.problems import Problem, in_order


def check(
    files: Annotated[list[Path] | None, typer.Argument(help="Packs or groups.yaml.")] = None,
    *,
    as_json: AsJson = False,
) -> None:
    """Check packs and bindings: every problem at once. Exit 0 clean, 1 problems, 2 unusable."""
    wanted = files or _default_files()
    problems = [problem for path in wanted for problem in _check(path)]
    if as_json:
        typer.echo(json.dumps([each.as_dict() for each in problems], ensure_ascii=False))
    else:
        for problem in problems:
            typer.echo(f"{problem}" if problem.severity == "error" else f"{problem} (warning)")
        if not problems:
            typer.echo(f"{len(wanted)} file(s): no problems")
    if any(problem.fatal for problem in problems):
        raise typer.Exit(UNUSABLE)
    if any(problem.severity == "error" for problem in problems):
        raise typer.Exit(1)


def _default_files() -> list[Path]:
    folder = settings_or_exit().sop_dir
    if not folder.is_dir():
        raise fail(f"{folder}: there is no such folder; name a file, or set SOP_DIR", UNUSABLE)
    bindings = folder / library.BINDINGS_FILE
    found = [*library.pack_files(folder), *([bindings] if bindings.is_file() else [])]
    if not found:
        raise fail(f"{folder}: there is no pack in it; name a file, or set SOP_DIR", UNUSABLE)
    return found


def _check(path: Path) -> Sequence[Problem]:
    """A file's problems: beside bindings, also those that only the whole folder has."""
    bindings = path.parent / library.BINDINGS_FILE
    able = abilities(needed=path == bindings)
    alone = _bindings(path, able) if path == bindings else _alone(path)
    if not bindings.is_file() or path not in [bindings, *library.pack_files(path.parent)]:
        return alone
    folder = library.Library(path.parent, able)
    folder.reload()
    return in_order([*alone, *(each for each in folder.problems if each.file == str(path))])


def _alone(path: Path) -> Sequence[Problem]:
    return load_pack(read_file(path), str(path), library.listing(path.parent))[1]


def _bindings(path: Path, able: Abilities) -> Sequence[Problem]:
    beside = library.pack_files(path.parent)
    drafts = [read_pack(read_file(each), str(each)) for each in beside]
    known = [draft.id for draft in drafts if draft.id]
    return load_bindings(read_file(path), str(path), known, able.robot_keys)[1]
