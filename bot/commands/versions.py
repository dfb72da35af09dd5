"""`qunyun versions`: what was in force, since when, by whom, and what differs."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from itertools import groupby
from pathlib import Path
from typing import Annotated, Any

import typer

from bot.commands.shared import UNUSABLE, AsJson, deployment_or_exit, fail, told_or_exit
from bot.library import history
from bot.settings import Settings
from sop.model import Version
from sop.problems import suggestion

NOW = "now"
"""What stands for the file as it is saved at present."""

Kept = dict[str, list[Version]]


def versions(
    file: Annotated[str, typer.Argument(help="A pack's file or groups.yaml; default: all.")] = "",
    diff: Annotated[
        tuple[str, str] | None,
        typer.Option(help="Two versions (numbers, fingerprints, or now: the file as saved)."),
    ] = None,
    *,
    as_json: AsJson = False,
) -> None:
    """List what was in force, the newest first, or show what differs between two versions."""
    settings, _ = deployment_or_exit()
    found = kept_or_exit(settings, file)
    if diff is not None:
        _show_difference(settings, found, diff, as_json=as_json)
        return
    if as_json:
        listed = [each for kept in found.values() for each in _dicts(kept)]
        typer.echo(json.dumps(listed, ensure_ascii=False))
        return
    for name, kept in found.items():
        _list(settings, name, kept)


def kept_or_exit(settings: Settings, file: str = "") -> Kept:
    """Return the versions by file name, of one file or of all; exit 2 where there are none."""
    found: list[Version] = told_or_exit(_read, settings)
    by_name = {name: list(kept) for name, kept in groupby(found, key=lambda each: each.name)}
    if not by_name:
        raise fail("there are no versions yet: the bot keeps them when it runs", UNUSABLE)
    name = Path(file).name
    if name and name not in by_name:
        near = suggestion(name, by_name)
        hint = f" (did you mean {near}?)" if near else f": there are {', '.join(by_name)}"
        raise fail(f"no version of {name} is kept{hint}", UNUSABLE)
    return {name: by_name[name]} if name else by_name


def version_or_exit(kept: Sequence[Version], wanted: str) -> Version:
    """Return the version of that number or fingerprint, or exit 2."""
    found = history.named(kept, wanted)
    if found is None:
        numbers = f"1 to {kept[0].number}"
        raise fail(f"{kept[0].name} has no version {wanted}: there are {numbers}", UNUSABLE)
    return found


def shown_time(at: int) -> str:
    """Return an instant in this machine's time zone."""
    return datetime.fromtimestamp(at / 1_000, UTC).astimezone().strftime("%Y-%m-%d %H:%M")


def _read(settings: Settings) -> list[Version]:
    with history.opened(settings) as database:
        return history.kept(database)


def _list(settings: Settings, name: str, kept: Sequence[Version]) -> None:
    typer.echo(name)
    for each in kept:
        mark = "  in force" if each is kept[0] else ""
        author = each.author or "-"
        line = f"  {each.number:>4}  {shown_time(each.at)}  {each.sha}  {author}{mark}"
        typer.echo(line.rstrip())
    today = told_or_exit(lambda _: history.saved(settings.sop_dir / name), settings)
    if today is None:
        typer.echo("        the file is not there any more")
    elif today.sha != kept[0].sha:
        typer.echo(f"        saved now is another text: qunyun check {settings.sop_dir / name}")


def _dicts(kept: Sequence[Version]) -> list[dict[str, Any]]:
    return [
        {
            "file": each.name, "version": each.number, "sha": each.sha,
            "at": datetime.fromtimestamp(each.at / 1_000, UTC).astimezone().isoformat(),
            "author": each.author, "in_force": each is kept[0],
        }
        for each in kept
    ]  # fmt: skip


def _show_difference(
    settings: Settings, found: Kept, wanted: tuple[str, str], *, as_json: bool
) -> None:
    if len(found) > 1:
        raise fail(f"--diff needs the file: one of {', '.join(found)}", UNUSABLE)
    ((name, kept),) = found.items()
    old, new = (_text(settings, name, kept, each) for each in wanted)
    labels = tuple(f"{name} {each}" for each in wanted)
    told = history.difference(old, new, *labels)
    if as_json:
        line = {"file": name, "from": wanted[0], "to": wanted[1], "diff": told}
        typer.echo(json.dumps(line, ensure_ascii=False))
    else:
        typer.echo(told or "no difference")


def _text(settings: Settings, name: str, kept: Sequence[Version], wanted: str) -> str:
    if wanted != NOW:
        return version_or_exit(kept, wanted).text
    today = told_or_exit(lambda _: history.saved(settings.sop_dir / name), settings)
    if today is None:
        raise fail(f"{settings.sop_dir / name} is not there", UNUSABLE)
    return str(today.text)
