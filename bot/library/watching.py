"""Changes of a folder: told by the system at once, where it can tell them."""

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Final

from watchfiles import watch

STEP_MS: Final = 100
"""How often what the system told is fetched: an idle program wakes up as often."""

AGAIN_S: Final = 2.0
"""The pause before a folder that cannot be watched, or is not there, is tried again."""

_log = logging.getLogger(__name__)

# It would count the changes for us, at every save.
logging.getLogger("watchfiles").setLevel(logging.WARNING)


class Watch:
    """Waits for changes. `alive` tells whether the system watches the folder at present."""

    def __init__(self) -> None:
        self.alive = False
        self._woken = asyncio.Event()
        self._again = asyncio.Event()
        self._trouble = ""

    async def changed(self, longest_s: float) -> bool:
        """Wait for a change, at the longest for so many seconds; tell whether there was one."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(longest_s):
                await self._woken.wait()
        found = self._woken.is_set()
        self._woken.clear()
        return found

    def renew(self) -> None:
        """Watch anew: the folder is perhaps another one of the same name by now."""
        self._again.set()

    async def listen(self, folder: Path) -> None:
        """Listen for ever, whatever becomes of the folder."""
        while True:
            try:
                await self._listen(folder)
            except (OSError, RuntimeError) as error:
                if str(error) != self._trouble:
                    _log.warning("%s cannot be watched, it is looked at: %s", folder, error)
                self._trouble = str(error)
            finally:
                self.alive = False
            if not self._again.is_set():
                await asyncio.sleep(AGAIN_S)

    async def _listen(self, folder: Path) -> None:
        self._again.clear()
        self.alive = True
        await asyncio.to_thread(self._follow, folder, asyncio.get_running_loop())

    def _follow(self, folder: Path, loop: asyncio.AbstractEventLoop) -> None:
        """Follow the folder in a thread of its own, until it is watched anew."""
        # Not `awatch`: it brings a second way to wait, of two megabytes, to do just this.
        for _ in watch(
            folder, watch_filter=None, step=STEP_MS, stop_event=self._again,
            ignore_permission_denied=True, raise_interrupt=False,
        ):  # fmt: skip
            loop.call_soon_threadsafe(self._woken.set)


@contextlib.asynccontextmanager
async def watched(folder: Path) -> AsyncIterator[Watch]:
    """Watch a folder and its subfolders until the block ends."""
    watching = Watch()
    listening = asyncio.create_task(watching.listen(folder))
    try:
        yield watching
    finally:
        watching.renew()  # the thread that listens for us ends by this, not by being cancelled
        listening.cancel()
        await asyncio.wait({listening})
