"""`qunyun run`: the bot itself."""

from typing import Annotated

import typer

from bot import logs
from bot.broken import Broken
from bot.commands.shared import UNUSABLE, fail, settings_or_exit
from bot.running import run_program


def run(
    role: Annotated[
        str, typer.Option(help="all, or (with several machines) receiver, worker or clock.")
    ] = "all",
) -> None:
    """Run the bot. Without a .env it runs with a WeCom of its own, to try things at /play."""
    if role != "all":
        raise fail(
            f"--role {role}: several machines come in a later version; "
            "one process does it all with --role all",
            UNUSABLE,
        )
    settings = settings_or_exit()
    logs.set_up(settings.log_level, secrets=settings.secrets)
    try:
        run_program(settings)
    except Broken as error:
        raise fail(str(error), UNUSABLE) from None
