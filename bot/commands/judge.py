"""`qunyun judge`: a pack's rules on lines of text."""

import json
import sys
from pathlib import Path
from typing import Annotated

import typer

import sop
from bot.commands.shared import AsJson, book_or_exit
from bot.operations.judging import Sender, explained, explanation, said, sentence, verdict


def judge(
    pack: Annotated[
        Path | None, typer.Option(help="Whose rules; default: the shipped pack.")
    ] = None,
    *,
    sender: Annotated[
        Sender | None,
        typer.Option(help="Who says it; default: somebody of whom nothing is known."),
    ] = None,
    explain: Annotated[
        bool, typer.Option("--explain", help="Show every signal, and what would be said.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Judge each line of standard input (text, or {"text": …}) by a pack's rules."""
    path = pack or Path(sop.__path__[0]) / "packs" / "reading-club.yaml"
    book = book_or_exit(path)
    for line in sys.stdin.buffer:
        words = said(line.decode("utf-8", "replace").rstrip("\r\n"))
        found = explained(book, words, sender) if explain else verdict(book, words, sender)
        people = explanation if explain else sentence
        shown = json.dumps(found, ensure_ascii=False) if as_json else people(found)
        sys.stdout.write(shown + "\n")
