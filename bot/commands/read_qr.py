"""`qunyun qr`: what the codes in a picture lead to, so that a poster's link can be tracked."""

import json
from pathlib import Path
from typing import Annotated, Any

import typer

from bot.channels.wecom import images
from bot.commands.shared import UNUSABLE, AsJson, fail
from bot.pictures import qr
from sop.activities.commands import words_for
from sop.links import link_targets


def read_qr(
    picture: Annotated[Path, typer.Argument(help="A picture with a QR code.")],
    *,
    as_json: AsJson = False,
) -> None:
    """Tell where each QR code in a picture leads, and the words that make it a short link.

    Exits 1 where there is none, or one leads where no short link may.
    """
    try:
        if picture.stat().st_size > images.LARGEST:
            raise fail(f"{picture}: larger than 10 MB", UNUSABLE)
        found = [_told(each) for each in qr.read(picture.read_bytes())]
    except (OSError, ValueError) as error:
        raise fail(f"{picture}: {getattr(error, 'strerror', None) or error}", UNUSABLE) from None
    if as_json:
        typer.echo(json.dumps(found, ensure_ascii=False))
    else:
        for each in found:
            refused = f"  (no short link may lead there: {each['refused']})"
            typer.echo(f"{each['target']}{refused if each['refused'] else ''}")
            if not each["refused"]:
                typer.echo(f"  say to the bot: {each['say']}")
    if not found:
        typer.echo(f"{picture}: no QR code found", err=True)
    if not found or any(each["refused"] for each in found):
        raise typer.Exit(1)


def _told(target: str) -> dict[str, Any]:
    refused = link_targets.refusal(target)
    return {
        "target": target,
        "refused": refused,
        "say": "" if refused else f"{words_for().shown('make_link')} {target}",
    }
