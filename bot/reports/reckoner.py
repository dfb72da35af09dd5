"""Having figures reckoned elsewhere: a process for each report, so that nobody waits for it.

The writer goes on meanwhile: what is read is the last committed state as of the beginning.
"""

import asyncio
import json
import os
import sys
from collections.abc import Mapping
from contextlib import suppress
from typing import Any, Final

from bot.channels.wecom.attempts import Result

RECKON_S: Final = 120.0
"""Seconds a report may take: far more than a million messages need."""

MOST_FIGURES: Final = 4 << 20
"""Bytes of figures that are taken."""

_KEPT: Final = ("HOME", "LANG", "LC_ALL", "PATH", "PYTHONPATH", "SYSTEMROOT", "USERPROFILE")


class Reckoner:
    """Reckons one report after the other. `command` (`bot.reports.reckoning`) is run for each."""

    def __init__(
        self,
        database_url: str,
        command: tuple[str, ...] = (sys.executable, "-m", "bot.reports.reckoning"),
        *,
        reckon_s: float = RECKON_S,
    ) -> None:
        self._url = database_url
        self._command = command
        self._reckon_s = reckon_s
        self._turn = asyncio.Lock()

    async def reckon(self, wish: Mapping[str, Any]) -> Result:
        """Return the figures as the answer of a delivery that went nowhere.

        What took too long is tried again; what could not be reckoned has failed.
        """
        wanted = json.dumps({"database": self._url, "wish": dict(wish)}).encode() + b"\n"
        async with self._turn:
            try:
                async with asyncio.timeout(self._reckon_s):
                    told = await self._told(wanted)
            except TimeoutError:
                return Result(status="wait", error="figures took too long")
        try:
            figures = json.loads(told)
        except ValueError:
            return Result(status="failed", error="figures could not be reckoned")
        return Result(status="sent", answer=figures)

    async def _told(self, wanted: bytes) -> bytes:
        process = await asyncio.create_subprocess_exec(
            *self._command, stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE,
            env={name: os.environ[name] for name in _KEPT if name in os.environ},
        )  # fmt: skip
        try:
            told, _ = await process.communicate(wanted)
        finally:
            if process.returncode is None:
                with suppress(ProcessLookupError):
                    process.kill()
                await process.wait()
        return told if process.returncode == 0 and len(told) <= MOST_FIGURES else b""
