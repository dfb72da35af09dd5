"""`qunyun explain`: every value in force in a group, and where it comes from."""

import json
from collections.abc import Iterable
from typing import Annotated, Final

import typer

from bot.commands.shared import AsJson, deployment_or_exit, told_or_exit
from bot.library.explaining import Explained, explained
from bot.settings import Settings
from sop.schema.explanation import Setting

ASKED_FOR: Final = ("steps", "library", "answers", "benefits", "segments", "badges", "commands")
"""Keys that hold content rather than settings: shown when they are asked for."""

WIDTH: Final = 60


def explain(
    group: Annotated[str, typer.Argument(help="A group's id, or community/group.")],
    key: Annotated[
        str, typer.Argument(help="quiet, rules.mode, steps, can …; default: all.")
    ] = "",
    *,
    as_json: AsJson = False,
) -> None:
    """Say what is in force in a group, what it can hear and do, and where each value is set."""
    settings, able = deployment_or_exit()

    def work(settings: Settings) -> tuple[Explained, tuple[Setting, ...]]:
        whole = explained(settings, able, group)
        return whole, whole.under(key) if key else tuple(_usual(whole.settings))

    whole, found = told_or_exit(work, settings)
    if as_json:
        told = [each.as_dict() for each in found]
        head = {"community": whole.community, "group": whole.group, "settings": told}
        typer.echo(json.dumps(head, ensure_ascii=False))
        return
    for line in map(str, found) if key else _table(found):
        typer.echo(line)
    if not key:
        typer.echo(f"\nBy name, as in `qunyun explain {group} steps`: {', '.join(ASKED_FOR)}.")


def _usual(settings: Iterable[Setting]) -> Iterable[Setting]:
    return (each for each in settings if each.key.partition(".")[0] not in ASKED_FOR)


def _table(settings: Iterable[Setting]) -> Iterable[str]:
    listed = tuple(settings)
    width = max(len(each.key) for each in listed)
    for each in listed:
        value = each.value if len(each.value) <= WIDTH else f"{each.value[: WIDTH - 1]}…"
        more = "" if len(each.origins) == 1 else _instead(each)
        yield f"{each.key:<{width}}  {value}  ({each.origins[0].place}{more})"


def _instead(setting: Setting) -> str:
    told = [each for each in setting.origins[1:] if each.layer != "default"]
    return f"; instead of {told[0].value[:WIDTH]}, {told[0].place}" if told else ""
