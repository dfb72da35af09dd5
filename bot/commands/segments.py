"""`qunyun segments`: how many members are newcomers, regulars, stars, lurkers and so on."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from typing import Annotated

import typer

from bot.commands.shared import AsJson, deployment_or_exit, unbroken_or_exit
from bot.operations.operating import operating
from handlers.people.segments import Figures, figures


def segments(
    community: Annotated[str, typer.Option(help="Only this community.")] = "",
    days: Annotated[int, typer.Option(min=1, max=366, help="Nights to count changes of.")] = 7,
    *,
    as_json: AsJson = False,
) -> None:
    """Say how many members are in each segment, and of how many nobody can tell.

    The bot may be running meanwhile.
    """
    with unbroken_or_exit(), operating(*deployment_or_exit()) as operation:
        found = {
            name: operation.look(name, lambda context: figures(context, days))
            for name in operation.communities(community)
        }
    for line in [_as_json(found)] if as_json else _told(found, days):
        typer.echo(line)


def _as_json(found: Mapping[str, Figures]) -> str:
    lines = [{"community": name, **asdict(each)} for name, each in found.items()]
    return json.dumps(lines, ensure_ascii=False)


def _told(found: Mapping[str, Figures], days: int) -> Iterator[str]:
    for name, each in found.items():
        if not each.day:
            yield f"{name}: nobody was looked at yet (that is done at 00:05)"
            continue
        yield f"{name}: {each.members} members, as of {each.day} 00:05, changes of {days} nights"
        for one in each.segments:
            unknown = f", {one.unknown} unknown" if one.unknown else ""
            yield (
                f"  {one.name}: {one.members} of {one.known}{unknown} (+{one.entered} -{one.left})"
            )
