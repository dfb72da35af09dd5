"""`qunyun rehearse`: a script played against a pack, on a virtual clock."""

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from bot.commands.shared import UNUSABLE, AsJson, book_or_exit, fail, read_file
from bot.rehearsal import script
from bot.rehearsal.stage import BUNDLES, Stage
from bot.rehearsal.told import told


def rehearse(
    pack: Annotated[Path, typer.Argument(help="The pack.")],
    script_file: Annotated[Path, typer.Option("--script", help="Timed events, JSON lines.")],
    start: Annotated[str, typer.Option(help="2026-12-01T07:00:00+08:00")] = "",
    until: Annotated[str, typer.Option(help="Exclusive end.")] = "",
    channel: Annotated[str, typer.Option(help=" | ".join(BUNDLES))] = "sandbox",
    seed: Annotated[int, typer.Option(help="For what is left to chance.")] = 0,
    *,
    trace: Annotated[bool, typer.Option("--trace", help="Show what did not fire, too.")] = False,
    as_json: AsJson = False,
) -> None:
    """Play a script against a pack on a virtual clock and print what would happen."""
    del seed  # nothing is left to chance in this version: every seed gives the same lines
    if channel not in BUNDLES:
        raise fail(f"--channel {channel}: known are {', '.join(BUNDLES)}", UNUSABLE)
    book = book_or_exit(pack)
    try:
        # Not splitlines: people write line ends of other kinds into a text.
        cues = script.read_script(read_file(script_file).decode("utf-8-sig").split("\n"))
        first, last = _span(cues, start, until)
    except (script.ScriptError, UnicodeDecodeError) as error:
        raise fail(f"{script_file}: {error}", UNUSABLE) from None
    stage = Stage(book, channel=channel, trace=trace)
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
