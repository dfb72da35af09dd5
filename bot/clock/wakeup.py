"""One wake-up at the next due moment, over the table of occurrences.

The only user of APScheduler: it holds a single job, whatever the number of occurrences, since
100,000 jobs would cost 16 s and 340 MB. Looking again every half minute makes a clock that
jumped, or a machine that slept, no more than a little late.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.date import DateTrigger

LOOK_MS: Final = 30_000
"""The longest sleep: wall clocks jump and machines sleep, so the plan is looked at again."""

SETTLE_S: Final = 0.2
"""News within this time are answered by one look at the table."""

_log = logging.getLogger(__name__)


class WakeUp:
    """Wakes the intake when something is due. `next_due` gives ms UTC, or None for nothing."""

    def __init__(
        self,
        next_due: Callable[[], Awaitable[int | None]],
        wake: Callable[[], None],
        now: Callable[[], int],
    ) -> None:
        self._next_due = next_due
        self._wake = wake
        self._now = now
        self._scheduler: Any = AsyncIOScheduler(timezone=UTC)
        self._looking: asyncio.Task[None] | None = None
        self._again: asyncio.TimerHandle | None = None
        self._news = False
        self._stopped = False
        self.looked_at = 0
        self.next_at: int | None = None

    def start(self) -> None:
        """Begin; the first look is at once."""
        self._scheduler.start()
        self.look()

    def stop(self) -> None:
        """End; nothing wakes any more, whatever news still come."""
        self._stopped = True
        if self._scheduler.running:
            self._scheduler.shutdown(wait=False)
        if self._again is not None:
            self._again.cancel()
        if self._looking is not None:
            self._looking.cancel()

    def look(self) -> None:
        """Look at the plan soon: something may be due earlier than was thought, or now."""
        if self._stopped:
            return
        self._news = True
        if self._looking is None or self._looking.done():
            self._looking = asyncio.get_running_loop().create_task(self._look())

    @property
    def lag_ms(self) -> int:
        """How long the next occurrence has been due already."""
        return max(0, self._now() - self.next_at) if self.next_at is not None else 0

    async def _look(self) -> None:
        while self._news:
            self._news = False
            try:
                self.next_at = await self._next_due()
            except Exception:  # noqa: BLE001 - a locked or full database passes: look again
                _log.exception("the clock cannot read what is due")
                self.next_at = None
            now = self._now()
            self.looked_at = now
            if self.next_at is not None and self.next_at <= now:
                self._wake()
            self._sleep_until(min(self.next_at or now + LOOK_MS, now + LOOK_MS))
            await asyncio.sleep(SETTLE_S)

    async def _woken(self) -> None:
        # A coroutine, because the scheduler runs plain functions in threads.
        self.look()

    def _sleep_until(self, at: int) -> None:
        # The scheduler sleeps in real time, whatever `now` says: a virtual clock may be ahead.
        pause = timedelta(milliseconds=max(50, at - self._now()))
        self._scheduler.add_job(
            self._woken,
            DateTrigger(datetime.now(UTC) + pause),
            id="wake-up",
            replace_existing=True,
            misfire_grace_time=None,
        )
        # It also reads the system's clock: set back, that would have it sleep for as long.
        if self._again is not None:
            self._again.cancel()
        self._again = asyncio.get_running_loop().call_later(LOOK_MS / 1_000, self.look)
