"""The command line. Every command exits non-zero on failure and prints errors to stderr."""

import gc
import sys
from collections.abc import Collection, Iterable, Mapping, Sequence
from importlib import import_module
from typing import Final

import typer

COMMANDS: Final[Mapping[str, str]] = {
    "run": "run:run",
    "check": "check:check",
    "schema": "schema:schema",
    "rehearse": "rehearse:rehearse",
    "calendar": "calendar:calendar",
    "why": "why:why",
    "explain": "explain:explain",
    "import": "import_sheet:import_sheet",
    "export": "export_sheet:export_sheet",
    "native": "native:native",
    "judge": "judge:judge",
    "learned": "learned:learned",
    "tune": "tune:tune",
    "rings": "rings:rings",
    "versions": "versions:versions",
    "rollback": "rollback:rollback",
    "codes": "codes:codes",
    "benefits": "benefits:benefits",
    "refund": "benefits:refund",
    "offers": "offers:offers",
    "orders": "offers:orders",
    "links": "links:links",
    "qr": "read_qr:read_qr",
    "segments": "segments:segments",
    "report": "report:report",
    "leaders": "leaders:leaders",
    "knowledge": "knowledge:knowledge",
    "book": "book:book",
    "merge": "person:merge",
    "split": "person:split",
    "doctor": "upkeep:doctor",
    "verify": "upkeep:verify",
    "replay": "upkeep:replay",
    "paid": "paid:paid",
    "recompute": "recompute:recompute",
    "bench": "bench:bench",
}
"""Each command's module in `bot.commands`, and its function there."""


def main() -> None:
    """Run the command line."""
    # What is loaded stays: to look through it for garbage was a seventh of a start.
    gc.disable()
    app = command_line(needed(sys.argv[1:]))
    gc.enable()
    app()


def needed(words: Sequence[str]) -> Collection[str]:
    """Return the commands that are to be loaded for a line: the one it names, or all."""
    return words[:1] if words and words[0] in COMMANDS else COMMANDS


def command_line(names: Iterable[str] = COMMANDS) -> typer.Typer:
    """Return the command line with these commands."""
    app = typer.Typer(
        name="qunyun",
        help="Qunyun runs WeCom groups by an SOP pack.",
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_enable=False,
    )
    # A line with one command alone would take the command's name for an argument.
    app.callback()(lambda: None)
    for name in names:
        module, _, function = COMMANDS[name].partition(":")
        app.command(name)(getattr(import_module(f"bot.commands.{module}"), function))
    return app
