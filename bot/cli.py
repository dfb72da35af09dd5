"""The command line. Every command exits non-zero on failure and prints errors to stderr."""

import asyncio
import json
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

from bot import library, logs
from bot.bound_groups import Abilities, abilities_of
from bot.broken import Broken
from bot.doctor import examine
from bot.judging import said, sentence, verdict
from bot.rehearsal import script
from bot.rehearsal.stage import BUNDLES, Stage
from bot.rehearsal.told import told
from bot.running import run_program
from bot.settings import Settings, SettingsError, load_settings
from sop.bindings import load_bindings
from sop.book import Book
from sop.loader import load_pack, read_pack
from sop.pack import Pack
from sop.problems import Problem, in_order

app = typer.Typer(
    name="qunyun",
    help="Qunyun runs WeCom groups by an SOP pack.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)

UNUSABLE = 2
"""Exit code: there is nothing to work with (settings, a file, a script)."""

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]


def main() -> None:
    """Run the command line."""
    app()


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


@app.command()
def run(
    role: Annotated[
        str, typer.Option(help="all, or (with several machines) receiver, worker or clock.")
    ] = "all",
) -> None:
    """Run the bot. Without a .env it runs with a WeCom of its own, to try things at /play."""
    if role != "all":
        raise fail(
            f"--role {role}: several machines come in a later version; "
            "one process does it all with --role all",
            UNUSABLE,
        )
    settings = settings_or_exit()
    logs.set_up(settings.log_level, secrets=settings.secrets)
    try:
        run_program(settings)
    except Broken as error:
        raise fail(str(error), UNUSABLE) from None


@app.command()
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
    abilities = _abilities(needed=path == bindings)
    alone = _bindings(path, abilities) if path == bindings else _alone(path)
    if not bindings.is_file() or path not in [bindings, *library.pack_files(path.parent)]:
        return alone
    folder = library.Library(path.parent, abilities)
    folder.reload()
    return in_order([*alone, *(each for each in folder.problems if each.file == str(path))])


def _alone(path: Path) -> Sequence[Problem]:
    return load_pack(_read(path), str(path), library.listing(path.parent))[1]


def _bindings(path: Path, abilities: Abilities) -> Sequence[Problem]:
    beside = library.pack_files(path.parent)
    drafts = [read_pack(_read(each), str(each)) for each in beside]
    known = [draft.id for draft in drafts if draft.id]
    return load_bindings(_read(path), str(path), known, abilities.robot_keys)[1]


def _abilities(*, needed: bool) -> Abilities:
    """What this deployment can do; nothing where settings are not `needed` and unusable."""
    try:
        return abilities_of(load_settings(os.environ, Path(".env")))
    except SettingsError as error:
        if needed:
            raise fail(str(error), UNUSABLE) from None
        return Abilities()


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise fail(f"{path}: cannot be read ({error.strerror})", UNUSABLE) from None


def _pack(path: Path) -> Pack:
    pack, problems = load_pack(_read(path), str(path), library.listing(path.parent))
    if pack is None:
        raise fail("\n".join(map(str, problems)), UNUSABLE)
    return pack


@app.command()
def rehearse(
    pack: Annotated[Path, typer.Argument(help="The pack.")],
    script_file: Annotated[Path, typer.Option("--script", help="Timed events, JSON lines.")],
    start: Annotated[str, typer.Option(help="2026-12-01T07:00:00+08:00")] = "",
    until: Annotated[str, typer.Option(help="Exclusive end.")] = "",
    channel: Annotated[str, typer.Option(help=" | ".join(BUNDLES))] = "sandbox",
    seed: Annotated[int, typer.Option(help="For what is left to chance.")] = 0,
    *,
    as_json: AsJson = False,
) -> None:
    """Play a script against a pack on a virtual clock and print what would happen."""
    del seed  # nothing is left to chance in this version: every seed gives the same lines
    if channel not in BUNDLES:
        raise fail(f"--channel {channel}: known are {', '.join(BUNDLES)}", UNUSABLE)
    book = _book(pack)
    try:
        # Not splitlines: people write line ends of other kinds into a text.
        cues = script.read_script(_read(script_file).decode("utf-8-sig").split("\n"))
        first, last = _span(cues, start, until)
    except (script.ScriptError, UnicodeDecodeError) as error:
        raise fail(f"{script_file}: {error}", UNUSABLE) from None
    stage = Stage(book, channel=channel)
    try:
        for line in stage.play(cues, first, last):
            shown = json.dumps(line, ensure_ascii=False) if as_json else told(line)
            sys.stdout.write(shown + "\n")
    finally:
        stage.close()


def _span(cues: Sequence[script.Cue], start: str, until: str) -> tuple[int, int]:
    """From `--start` to `--until`; by default the script's own days."""
    hour = 3_600_000
    first = script.instant(start, "--start") if start else (cues[0].at - hour if cues else 0)
    last = script.instant(until, "--until") if until else (cues[-1].at + 24 * hour if cues else 0)
    return first, last


def _book(path: Path) -> Book:
    loaded = _pack(path)
    files = library.attachments(loaded, path.parent)
    return Book(pack=loaded, version="rehearsal", bot_name="", files=files)


@app.command()
def judge(
    pack: Annotated[
        Path | None, typer.Option(help="Whose rules; default: the shipped pack.")
    ] = None,
    *,
    as_json: AsJson = False,
) -> None:
    """Judge each line of standard input (text, or {"text": …}) by a pack's rules."""
    path = pack or Path(__file__).parent.parent / "sop" / "packs" / "reading-club.yaml"
    rules = _book(path).rules
    for line in sys.stdin.buffer:
        found = verdict(rules, said(line.decode("utf-8", "replace").rstrip("\r\n")))
        shown = json.dumps(found, ensure_ascii=False) if as_json else sentence(found)
        sys.stdout.write(shown + "\n")


@app.command()
def doctor(*, as_json: AsJson = False) -> None:
    """Examine settings, database, packs and WeCom, and say what to do. Exit 1 on a problem."""
    findings = asyncio.run(examine(os.environ, Path(".env")))
    if as_json:
        typer.echo(json.dumps([finding.as_dict() for finding in findings], ensure_ascii=False))
    else:
        for finding in findings:
            typer.echo(str(finding))
    if not all(finding.good for finding in findings):
        raise typer.Exit(1)


@app.command()
def verify() -> None:
    """Recompute balances, scores and levels from the ledger. Exit 1 on any difference."""
    from bot.maintenance import verify_ledger  # noqa: PLC0415 - opens the database

    wrong = _told_or_exit(verify_ledger, settings_or_exit())
    for line in wrong:
        typer.echo(line)
    if wrong:
        raise fail(f"{len(wrong)} difference(s)")
    typer.echo("the ledger bears out every balance, score and level")


@app.command()
def replay() -> None:
    """Handle the dead events again. Exit 1 if any of them dies again."""
    from bot.maintenance import replay_dead  # noqa: PLC0415 - opens the database

    outcomes = _told_or_exit(replay_dead, settings_or_exit())
    for key, outcome in outcomes:
        typer.echo(f"{key}: {outcome}")
    typer.echo(f"{len(outcomes)} dead event(s)")
    if any(outcome != "handled" for _, outcome in outcomes):
        raise typer.Exit(1)


def _told_or_exit(work: Any, settings: Settings) -> Any:
    try:
        return work(settings)
    except Broken as error:
        raise fail(str(error), UNUSABLE) from None


@app.command()
def bench(
    only: Annotated[str, typer.Option(help="One figure only.")] = "",
    *,
    strict: Annotated[bool, typer.Option("--strict", help="Exit 1 on a target missed.")] = False,
    as_json: AsJson = False,
) -> None:
    """Measure this machine: throughput against a bare server, crashes, clock, rehearsal."""
    from bot.bench import measure  # noqa: PLC0415 - loads what only a measurement needs

    missed = False
    for figure in measure(only):
        missed = missed or not figure["met"]
        shown = json.dumps(figure, ensure_ascii=False) if as_json else _figure(figure)
        typer.echo(shown)
    if strict and missed:
        raise typer.Exit(1)


def _figure(figure: dict[str, Any]) -> str:
    rest = "  ".join(f"{key} {value}" for key, value in figure.items() if key != "figure")
    return f"{figure['figure']:<28} {rest}"
