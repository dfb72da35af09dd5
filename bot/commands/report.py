"""`qunyun report`: how the groups go, in words or as JSON, and as a picture."""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Annotated

import typer

from bot.broken import Broken
from bot.commands.shared import UNUSABLE, AsJson, deployment_or_exit, fail
from bot.operating import Operation, operating
from handlers.figures import advising, making, telling
from sop.figures.report import Kind, Report, plain


def report(
    community: Annotated[str, typer.Option(help="Only this community.")] = "",
    group: Annotated[str, typer.Option(help="Only this group.")] = "",
    *,
    daily: Annotated[bool, typer.Option("--daily", help="Of a day instead of a week.")] = False,
    as_json: AsJson = False,
) -> None:
    """Tell how the groups of each community go: who spoke, what worked, what to do next.

    What the bot cannot hear is unknown, never zero. The bot may be running meanwhile.
    """
    kind: Kind = "daily" if daily else "weekly"
    try:
        with operating(*deployment_or_exit()) as operation:
            found = {
                name: operation.look(name, lambda context: making.reports(context, kind, group))
                for name in operation.communities(community)
            }
            lines = [_as_json(found)] if as_json else list(_told(operation, found))
    except Broken as error:
        raise fail(str(error), UNUSABLE) from None
    if group and not any(found.values()):
        raise fail(f"there is no group {group}", UNUSABLE)
    for line in lines:
        typer.echo(line)


def _as_json(found: Mapping[str, Sequence[Report]]) -> str:
    return json.dumps(
        [plain(each) for reports in found.values() for each in reports], ensure_ascii=False
    )


def _told(operation: Operation, found: Mapping[str, Sequence[Report]]) -> Iterator[str]:
    for name, reports in found.items():
        zone = operation.library.shelf.books[name].zone
        for each in reports:
            yield telling.full(each, zone)
            yield from advising.told(each.advice)
            yield ""
