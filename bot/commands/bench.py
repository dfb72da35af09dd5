"""`qunyun bench`: this machine's figures."""

import json
from typing import Annotated, Any

import typer

from bot.commands.shared import AsJson


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
