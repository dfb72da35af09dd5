"""`qunyun doctor`, `verify` and `replay`: what keeps a deployment sound."""

import asyncio
import json
import os
from pathlib import Path

import typer

from bot.commands.shared import AsJson, fail, settings_or_exit, told_or_exit
from bot.operations.doctor import examine


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


def verify() -> None:
    """Recompute balances, scores and levels from the ledger. Exit 1 on any difference."""
    from bot.operations.maintenance import verify_ledger  # noqa: PLC0415 - opens the database

    wrong = told_or_exit(verify_ledger, settings_or_exit())
    for line in wrong:
        typer.echo(line)
    if wrong:
        raise fail(f"{len(wrong)} difference(s)")
    typer.echo("the ledger bears out every balance, score and level")


def replay() -> None:
    """Handle the dead events again. Exit 1 if any of them dies again."""
    from bot.operations.maintenance import replay_dead  # noqa: PLC0415 - opens the database

    outcomes = told_or_exit(replay_dead, settings_or_exit())
    for key, outcome in outcomes:
        typer.echo(f"{key}: {outcome}")
    typer.echo(f"{len(outcomes)} dead event(s)")
    if any(outcome != "handled" for _, outcome in outcomes):
        raise typer.Exit(1)
