"""The program's door to the outside: the port it listens on, and the signals that end it."""

import asyncio
import contextlib
import logging
import signal
import socket
from collections.abc import AsyncIterator, Sequence
from typing import Final

from aiohttp import web
from aiohttp.http_exceptions import HttpProcessingError

from bot.broken import Broken
from bot.channels.wecom.callbacks import RUNNER_OPTIONS

ENDING_S: Final = 2.0
"""Time for requests under way when the program is told to stop."""

NEAR: Final = {"0.0.0.0": "127.0.0.1", "::": "::1", "": "127.0.0.1"}  # noqa: S104 - looked up, not bound
"""Where who listens everywhere is found from this machine."""


def refuse_taken(host: str, port: int) -> None:
    """Raise `Broken` where the port cannot be had, before anything else is begun.

    A second process started by mistake must not throw the first one off its long connection,
    nor take what that one is sending for interrupted.
    """
    try:
        for family, kind, proto, _, address in socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        ):
            with socket.socket(family, kind, proto) as probe:
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                probe.bind(address)
    except OSError as error:
        raise _deaf(host, port, error) from None


@contextlib.asynccontextmanager
async def serving(routes: Sequence[web.RouteDef], host: str, port: int) -> AsyncIterator[str]:
    """Serve the routes until the block ends; yields the origin, with the port really bound.

    Raises `Broken` where the port cannot be had.
    """
    logging.getLogger("aiohttp.server").addFilter(is_ours)
    app = web.Application()
    app.add_routes(routes)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=ENDING_S, **RUNNER_OPTIONS)
    await runner.setup()
    try:
        try:
            await web.TCPSite(runner, host, port).start()
        except OSError as error:
            raise _deaf(host, port, error) from None
        yield origin_of(host, runner.addresses[0][1])
    finally:
        await runner.cleanup()


def is_ours(record: logging.LogRecord) -> bool:
    """Tell whether a record is of our making: bytes that are no HTTP are whoever's sent them.

    They are answered 400; anybody could fill the log with them.
    """
    return not (record.exc_info and isinstance(record.exc_info[1], HttpProcessingError))


def origin_of(host: str, port: int) -> str:
    """Return the origin under which this machine finds what listens there."""
    near = NEAR.get(host, host)
    return f"http://[{near}]:{port}" if ":" in near else f"http://{near}:{port}"


def told_to_stop() -> asyncio.Event:
    """Return an event that SIGTERM and SIGINT set, from now on."""
    told = asyncio.Event()
    loop = asyncio.get_running_loop()
    for each in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(each, told.set)
    return told


def _deaf(host: str, port: int, error: OSError) -> Broken:
    reason = error.strerror or str(error)
    return Broken(f"cannot listen on {host}:{port}: {reason}; set HOST and PORT to another one")
