"""`qunyun run`: with WeCom's credentials the real thing, without any the playground."""

import asyncio
import sys
from collections.abc import Coroutine
from typing import Any

from sqlalchemy.exc import SQLAlchemyError

from bot.app import Bot
from bot.broken import Broken
from bot.clock.wall import WallClock
from bot.memory import settle_down
from bot.serving import refuse_taken, serving, told_to_stop
from bot.settings import Settings
from storage.database import SchemaError
from storage.unit_of_work import Unwritable


def run_program(settings: Settings) -> None:
    """Run until told to stop. Raises `Broken` where it cannot start."""
    try:
        _run(_sandbox(settings) if settings.sandbox else run_real(settings))
    except OSError as error:
        raise Broken(f"cannot start: {error}") from None
    except (SchemaError, SQLAlchemyError, Unwritable) as error:
        reason = getattr(error, "orig", None) or error
        where = settings.database_url
        raise Broken(f"the database {where} cannot be used: {reason}") from None


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
    if not bot.library.reload():
        raise Broken("\n".join(map(str, bot.library.problems)))
    for problem in bot.library.problems:
        sys.stderr.write(f"{problem} (warning)\n")
    try:
        await bot.start()
        async with serving(bot.routes(), settings.host, settings.port) as origin:
            sys.stdout.write(f"Qunyun is listening at {origin}\n")
            sys.stdout.flush()
            settle_down()
            await told.wait()
    finally:
        await bot.stop()
