"""`qunyun run`: with WeCom's credentials the real thing, without any the playground."""

import asyncio
import contextlib
import sys
from collections.abc import Coroutine
from typing import Any

from sqlalchemy.exc import SQLAlchemyError

from bot.app import Bot, serving, until_told
from bot.broken import Broken
from bot.clock.wall import WallClock
from bot.sandbox import run_sandbox
from bot.settings import Settings
from storage.database import SchemaError


def run_program(settings: Settings) -> None:
    """Run until told to stop. Raises `Broken` where it cannot start."""
    work = run_sandbox(settings) if settings.sandbox else run_real(settings)
    try:
        _run(work)
    except OSError as error:
        raise Broken(f"cannot listen on {settings.host}:{settings.port}: {error}") from None
    except (SchemaError, SQLAlchemyError) as error:
        raise Broken(f"the database cannot be used: {error}") from None


def _run(work: Coroutine[Any, Any, None]) -> None:
    if sys.platform == "win32" or sys.implementation.name != "cpython":
        asyncio.run(work)
        return
    import uvloop  # noqa: PLC0415 - not on every platform

    uvloop.run(work)


async def run_real(settings: Settings) -> None:
    """Run against WeCom."""
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    bot = Bot(settings, WallClock())
    if not bot.library.reload():
        raise Broken("\n".join(map(str, bot.library.problems)))
    for problem in bot.library.problems:
        sys.stderr.write(f"{problem} (warning)\n")
    await bot.start()
    try:
        async with serving(bot.routes(), settings.host, settings.port) as origin:
            sys.stdout.write(f"Qunyun is listening at {origin}\n")
            sys.stdout.flush()
            await until_told()
    finally:
        with contextlib.suppress(Exception):
            await bot.stop()
