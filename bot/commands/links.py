"""`qunyun links`: every short link, where it leads, how long, and who opened it when."""

import json
from collections.abc import Iterator
from datetime import datetime
from typing import Annotated, Any
from zoneinfo import ZoneInfo

import typer

from bot.commands.shared import AsJson, deployment_or_exit, unbroken_or_exit
from bot.operations.operating import operating
from bot.rehearsal.told import harmless
from handlers.links import link_figures
from handlers.links.link_figures import LinkFigures
from sop.links import short_links as policy
from sop.model import LinkHour
from sop.times import localtime
from sop.times.durations import DAY_MS


def links(
    community: Annotated[str, typer.Option(help="Only this community.")] = "",
    days: Annotated[int, typer.Option(min=1, max=400, help="Hours of the last so many days.")] = 7,
    *,
    as_json: AsJson = False,
) -> None:
    """Show every short link: its target, maker, end and limit, and its clicks, by hour.

    Clicks are people's; previews and crawlers are counted apart, and what one place opens beyond
    its share of a limit. The bot may be running.
    """
    with unbroken_or_exit(), operating(*deployment_or_exit()) as operation:
        since = policy.hour_of(operation.now - days * DAY_MS)
        found = {
            name: operation.look(name, lambda context: list(link_figures.figures(context, since)))
            for name in operation.communities(community)
        }
        zones = {name: operation.library.shelf.books[name].zone for name in found}
    if as_json:
        rows = [_as_dict(each, zones[name]) for name, every in found.items() for each in every]
        typer.echo(json.dumps(rows, ensure_ascii=False))
        return
    for name, every in found.items():
        typer.echo(name if every else f"{name}: there is no short link")
        for each in every:
            for line in _told(each, zones[name]):
                typer.echo(f"  {harmless(line)}")


def _told(found: LinkFigures, zone: ZoneInfo) -> Iterator[str]:
    link = found.link
    title = f" {link.title}" if link.title else ""
    yield f"{found.url or link.code}{title}, {found.state}: {found.target or 'leads nowhere'}"
    yield f"  {', '.join(_origin(found))}; {', '.join(_terms(found, zone))}"
    programs = f", {found.filtered} by programs" if found.filtered else ""
    beyond = f", {found.beyond} more from one place, not counted" if found.beyond else ""
    yield f"  {link.clicks} clicks by {link.visitors} visitors{programs}{beyond}"
    yield from (f"  {_hour(each, zone)}" for each in found.hours)


def _origin(found: LinkFigures) -> Iterator[str]:
    link = found.link
    yield link.kind if link.kind in ("made", "invitation") else f"{link.kind} {link.name}"
    origin = {"by": found.made_by, "of": found.of, "group": link.group, "step": link.step}
    yield from (f"{word} {value}" for word, value in origin.items() if value)


def _terms(found: LinkFigures, zone: ZoneInfo) -> Iterator[str]:
    link = found.link
    yield f"until {_time(link.expires_at, zone):%Y-%m-%d %H:%M}" if link.expires_at else "no end"
    yield f"at most {link.most} clicks" if link.most else "no limit"
    if link.platforms:
        yield f"only {', '.join(link.platforms)}"


def _hour(hour: LinkHour, zone: ZoneInfo) -> str:
    people = {name: getattr(hour, name) for name in policy.PLATFORMS}
    said = [f"{count} {name}" for name, count in people.items() if count]
    programs = [f"{hour.filtered} by programs"] if hour.filtered else []
    return f"{_time(hour.hour, zone):%Y-%m-%d %H:%M}  {', '.join(said + programs)}"


def _time(at: int, zone: ZoneInfo) -> datetime:
    return localtime.wall_time(at, zone)


def _as_dict(found: LinkFigures, zone: ZoneInfo) -> dict[str, Any]:
    link = found.link
    return {
        "community": link.community, "code": link.code, "url": found.url, "kind": link.kind,
        "name": link.name, "title": link.title, "target": found.target, "state": found.state,
        "made_by": found.made_by, "of": found.of, "group": link.group, "step": link.step,
        "made_at": _time(link.at, zone).isoformat(),
        "until": _time(link.expires_at, zone).isoformat() if link.expires_at else None,
        "most": link.most or None, "platforms": list(link.platforms), "clicks": link.clicks,
        "visitors": link.visitors, "filtered": found.filtered, "beyond": found.beyond,
        "hours": [
            {
                "at": _time(each.hour, zone).isoformat(),
                **{name: getattr(each, name) for name in (*policy.PLATFORMS, "filtered")},
            }
            for each in found.hours
        ],
    }  # fmt: skip
