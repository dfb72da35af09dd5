"""`qunyun run`: with WeCom's credentials the real thing, without any the playground."""

import asyncio
import sys
from collections.abc import Coroutine
from typing import Any

from bot.app import Bot
from bot.broken import Broken, usable
from bot.clock.wall import WallClock
from bot.logs import mask
from bot.memory import settle_down
from bot.serving import refuse_taken, serving, told_to_stop
from bot.settings import Settings


def run_program(settings: Settings) -> None:
    """Run until told to stop. Raises `Broken` where it cannot start."""
    try:
        with usable(f"the database {mask(settings.database_url)}"):
            _run(_sandbox(settings) if settings.sandbox else run_real(settings))
    except OSError as error:
        raise Broken(f"cannot start: {error}") from None


def _sandbox(settings: Settings) -> Coroutine[Any, Any, None]:
    from bot.sandbox import run_sandbox  # noqa: PLC0415 - the real program needs nothing of it

    return run_sandbox(settings)


def _run(work: Coroutine[Any, Any, None]) -> None:
    if sys.platform == "win32" or sys.implementation.name != "cpython":
        asyncio.run(work)
        return
    import uvloop  # noqa: PLC0415 - not on every platform

    uvloop.run(work)


async def run_real(settings: Settings) -> None:
    """Run against WeCom."""
    told = told_to_stop()
    refuse_taken(settings.host, settings.port)
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    bot = Bot(settings, WallClock())
    take_stock(bot)
    try:
        await bot.start()
        async with serving(bot.routes(), settings.host, settings.port) as origin:
            sys.stdout.write(f"Qunyun is listening at {origin}\n")
            sys.stdout.flush()
            settle_down()
            await told.wait()
    finally:
        await bot.stop()


def take_stock(bot: Bot) -> None:
    """Read the folder; where it has errors, take what was in force last, and say so.

    Raises `Broken` where that is not known either.
    """
    library = bot.library
    good = library.reload()
    if not good and not library.restore(_last_in_force(bot.settings)):
        raise Broken("\n".join(each.told() for each in library.problems))
    for problem in library.problems:
        sys.stderr.write(f"{problem.told()}\n")
    if not good:
        sys.stderr.write("The folder has errors: what was in force last is in force again.\n")


def _last_in_force(settings: Settings) -> dict[str, bytes]:
    from bot.library import history  # noqa: PLC0415 - only a folder with errors needs it

    return history.last_in_force(settings)
