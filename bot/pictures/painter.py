"""Having pictures drawn elsewhere: a process of its own, begun when wanted, ended when idle.

Letters come from people: what they do to a drawing ends with that process, which knows no
secret of ours, steps back for the bot, and has so many seconds.
"""

import asyncio
import json
import logging
import os
import sys
from collections.abc import Mapping
from contextlib import suppress
from typing import Any, Final

DRAW_S: Final = 20.0
"""Seconds a picture may take, the start of the process among them."""

IDLE_S: Final = 30.0
"""Seconds without a wish after which the process ends: it weighs as much as the bot."""

ENDING_S: Final = 2.0
"""Time that a process whose pipes are closed has to end by itself."""

MAX_WISH: Final = 16 << 10
MAX_PICTURE: Final = 2 << 20
"""Bytes: what a group robot may post, and far more than flat colours need."""

LENGTH: Final = 4
"""Bytes that tell a picture's length; 0 where it could not be drawn."""

_KEPT: Final = ("HOME", "LANG", "LC_ALL", "PATH", "PYTHONPATH", "SYSTEMROOT", "USERPROFILE")


NO_FONT: Final = 3
"""How the process ends where nothing here has Chinese characters."""

_log = logging.getLogger(__name__)


class Undrawn(OSError):
    """No picture came of it; the message says why."""


class Painter:
    """Draws one picture after the other. `command` is run to draw, see `bot.pictures.easel`."""

    def __init__(
        self,
        command: tuple[str, ...] = (sys.executable, "-m", "bot.pictures.easel"),
        *,
        draw_s: float = DRAW_S,
        idle_s: float = IDLE_S,
    ) -> None:
        self._command = command
        self._draw_s = draw_s
        self._idle_s = idle_s
        self._turn = asyncio.Lock()
        self._fontless = False
        self._process: asyncio.subprocess.Process | None = None
        self._idle: asyncio.TimerHandle | None = None

    async def draw(self, picture: Mapping[str, Any]) -> bytes:
        """Return a PNG of at most 2 MB. Raises `Undrawn` where none can be had in time."""
        wish = json.dumps(dict(picture), ensure_ascii=True).encode() + b"\n"
        if self._fontless or len(wish) > MAX_WISH:
            raise Undrawn("no font" if self._fontless else "too much to draw")
        async with self._turn:
            try:
                async with asyncio.timeout(self._draw_s):
                    return await self._drawn(wish)
            except Undrawn:
                raise
            except (TimeoutError, asyncio.IncompleteReadError, OSError) as error:
                patience_s = 0.0 if isinstance(error, TimeoutError) else ENDING_S
                self._fontless = await self._end(patience_s) == NO_FONT
                if self._fontless:
                    _log.warning("no pictures from now on: no font has Chinese characters")
                raise Undrawn(type(error).__name__) from None
            except asyncio.CancelledError:
                await self._end()  # half of an answer is nobody else's
                raise

    async def close(self) -> None:
        """End the process, if there is one; may be called twice."""
        await self._end()

    async def _drawn(self, wish: bytes) -> bytes:
        if self._idle is not None:
            self._idle.cancel()
        wishes, drawn = _pipes(await self._begun())
        wishes.write(wish)
        await wishes.drain()
        length = int.from_bytes(await drawn.readexactly(LENGTH), "big")
        if length > MAX_PICTURE:
            raise OSError("the picture is too large")
        picture = await drawn.readexactly(length)
        self._idle = asyncio.get_running_loop().call_later(self._idle_s, self._leave)
        if not picture:
            raise Undrawn("it could not be drawn")
        return picture

    async def _begun(self) -> asyncio.subprocess.Process:
        if self._process is not None:
            ended = self._process.returncode is not None
            if ended or _pipes(self._process)[0].is_closing():
                await self._end()
        if self._process is None:
            self._process = await asyncio.create_subprocess_exec(
                *self._command,
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.DEVNULL,
                env={name: os.environ[name] for name in _KEPT if name in os.environ},
            )
        return self._process

    async def _end(self, patience_s: float = 0.0) -> int | None:
        """End the process, if there is one; returns what it ended with.

        One that ends by itself is given `patience_s`: `kill` would look whether it has ended, and
        take its exit status from asyncio, which then knows none.
        """
        process, self._process = self._process, None
        if self._idle is not None:
            self._idle.cancel()
        if process is None:
            return None
        wishes, drawn = _pipes(process)
        wishes.close()
        if patience_s:
            with suppress(TimeoutError):
                async with asyncio.timeout(patience_s):
                    await process.wait()
        if process.returncode is None:
            with suppress(ProcessLookupError):
                process.kill()
        await drawn.read()
        with suppress(ConnectionError):
            await wishes.wait_closed()
        return await process.wait()

    def _leave(self) -> None:
        """Let the process end by itself: nobody asks it for more."""
        if self._process is not None:
            _pipes(self._process)[0].close()


def _pipes(
    process: asyncio.subprocess.Process,
) -> tuple[asyncio.StreamWriter, asyncio.StreamReader]:
    assert process.stdin is not None
    assert process.stdout is not None
    return process.stdin, process.stdout
