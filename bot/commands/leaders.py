"""`qunyun leaders`: what each leader brings about, and how far newcomers follow them."""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict
from typing import Annotated

import typer

from bot.commands.shared import AsJson, deployment_or_exit, unbroken_or_exit
from bot.operations.operating import operating
from handlers.figures import coming
from handlers.leaders.leader_figures import Contribution, contributions
from handlers.ports import Context
from sop.figures.paths import Stage
from sop.times.durations import format_duration

Found = tuple[tuple[Contribution, ...], tuple[Stage, ...]]


def leaders(
    community: Annotated[str, typer.Option(help="Only this community.")] = "",
    days: Annotated[int, typer.Option(min=1, max=366, help="Days to count.")] = 30,
    *,
    as_json: AsJson = False,
) -> None:
    """Say what each leader brings about, and how many newcomers come how far with them.

    What a review measures is of the last 30 days. The bot may be running meanwhile.
    """

    def look(context: Context) -> Found:
        return contributions(context, days), coming.entered(context, days)

    with unbroken_or_exit(), operating(*deployment_or_exit()) as operation:
        names = operation.communities(community)
        found = {name: operation.look(name, look) for name in names}
    for line in [_as_json(found)] if as_json else _told(found, days):
        typer.echo(line)


def _as_json(found: Mapping[str, Found]) -> str:
    lines = [
        {
            "community": name,
            "leaders": [asdict(each) for each in led],
            "funnel": [asdict(each) for each in stages],
        }
        for name, (led, stages) in found.items()
    ]
    return json.dumps(lines, ensure_ascii=False)


def _told(found: Mapping[str, Found], days: int) -> Iterator[str]:
    for name, (led, stages) in found.items():
        yield f"{name}: {len(led)} leaders and candidates, {days} days"
        for each in led:
            yield f"  {_line(each)}"
        yield f"  newcomers, by way of a leader: {_path(stages)}"


def _path(stages: Iterable[Stage]) -> str:
    return " > ".join(_stage(each) for each in stages if not each.absent)


def _stage(each: Stage) -> str:
    share = "" if each.share is None else f" ({each.share:.0%})"
    others = f" + {each.otherwise} otherwise" if each.otherwise else ""
    return f"{each.name} {'unknown' if each.members is None else each.members}{share}{others}"


def _line(each: Contribution) -> str:
    shown = each.measures
    pace = format_duration(shown.answer_time // 1_000 * 1_000) if shown.answer_time else "unknown"
    kept = "unknown" if shown.circle_retention is None else f"{shown.circle_retention:.0%}"
    warned = ", warned" if each.failed else ""
    return (
        f"{each.name}: {each.tier or each.status}{warned}; score {shown.score},"
        f" posts {shown.posts}, answers {shown.answers} (median {pace}),"
        f" circle {each.circle} (kept {kept}),"
        f" claims {shown.claims}, opened {each.led} with {each.took_part} taking part,"
        f" brought {each.brought}"
    )
