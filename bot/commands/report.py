"""`qunyun report`: how the groups go, in words or as JSON, and as a picture."""

import json
from collections.abc import Iterator, Mapping, Sequence
from importlib import import_module
from pathlib import Path
from typing import Annotated, Any

import typer

from bot.commands.pictured import studio_or_exit
from bot.commands.shared import UNUSABLE, AsJson, deployment_or_exit, fail, unbroken_or_exit
from bot.operations.operating import Operation, operating
from handlers.figures import advising, making, pictured, telling
from sop.figures.report import Kind, Report, plain


def report(
    community: Annotated[str, typer.Option(help="Only this community.")] = "",
    group: Annotated[str, typer.Option(help="Only this group.")] = "",
    *,
    picture: Annotated[
        Path | None, typer.Option(help="Draw it, too: a .png, or an .svg for a page.")
    ] = None,
    daily: Annotated[bool, typer.Option("--daily", help="Of a day instead of a week.")] = False,
    as_json: AsJson = False,
) -> None:
    """Tell how the groups of each community go: who spoke, what worked, what to do next.

    What the bot cannot hear is unknown, never zero. The bot may be running meanwhile.
    """
    kind: Kind = "daily" if daily else "weekly"
    with unbroken_or_exit(), operating(*deployment_or_exit()) as operation:
        found = {
            name: operation.look(name, lambda context: making.reports(context, kind, group))
            for name in operation.communities(community)
        }
        wishes = list(_wishes(operation, found))
        lines = [_as_json(found)] if as_json else list(_told(operation, found))
    if group and not any(found.values()):
        raise fail(f"there is no group {group}", UNUSABLE)
    if not any(found.values()):
        typer.echo("nothing to tell yet: groups are known once the bot has run", err=True)
    for line in lines:
        typer.echo(line)
    if picture is not None:
        _draw(picture, wishes)


def _wishes(
    operation: Operation, found: Mapping[str, Sequence[Report]]
) -> Iterator[dict[str, Any]]:
    for name, reports in found.items():
        zone = operation.library.shelf.books[name].zone
        yield from (pictured.wish(each, zone, "owner") for each in reports)


def _draw(file: Path, wishes: Sequence[Mapping[str, Any]]) -> None:
    """Write a picture of each report: the second has `-2` in its name, and so on."""
    studio = studio_or_exit(file)
    drawing = import_module("bot.pictures.report")
    letters = import_module("bot.pictures.lettering").Lettering(studio.faces)
    draw = drawing.draw_vector if file.suffix.lower() == ".svg" else drawing.draw
    studio.draw(lambda _faces: [draw(each, letters) for each in wishes])


def _as_json(found: Mapping[str, Sequence[Report]]) -> str:
    return json.dumps(
        [plain(each) for reports in found.values() for each in reports], ensure_ascii=False
    )


def _told(operation: Operation, found: Mapping[str, Sequence[Report]]) -> Iterator[str]:
    for name, reports in found.items():
        zone = operation.library.shelf.books[name].zone
        for each in reports:
            yield telling.full(each, zone, "\n".join(advising.told(each.advice)))
            yield ""
