"""What WeCom's clock says, learned from the dates of its answers, so that a wrong one is noticed.

A message tells when it was said by WeCom's clock: by a clock that runs ahead of it every
message would come so late that nobody wants an answer any more.
"""

import logging
from datetime import UTC
from email.utils import parsedate_to_datetime
from typing import Any, Final

import aiohttp
from aiohttp import hdrs
from yarl import URL

from bot.clock.wall import WallClock
from sop.times.durations import MINUTE_MS

TOLERATED_MS: Final = MINUTE_MS
"""What clocks may differ by: a date has whole seconds, and is on its way for some."""

_log = logging.getLogger(__name__)


class TheirClock:
    """Compares the machine's clock with WeCom's, from answers of its `addresses`."""

    def __init__(self, clock: WallClock, *addresses: str) -> None:
        self._clock = clock
        self._hosts = {URL(each).host for each in addresses}
        self._began: int | None = None
        self._wrong = False

    def tracing(self) -> aiohttp.TraceConfig:
        """Return what a client session is given, to read the dates of its answers."""
        config = aiohttp.TraceConfig()
        config.on_request_end.append(self._answered)
        return config

    @property
    def known(self) -> bool:
        """Whether an answer has told their time."""
        return self._began is not None

    @property
    def ahead_ms(self) -> int:
        """How far the machine's clock is ahead, below zero behind; 0 for what is tolerated."""
        if self._began is None:
            return 0
        ahead = self._clock.now() - self._began - self._clock.running()
        return ahead if abs(ahead) > TOLERATED_MS else 0

    def told(self) -> str:
        """Say what is wrong, and what to do; empty where nothing is."""
        ahead = self.ahead_ms
        if not ahead:
            return ""
        where = "ahead of" if ahead > 0 else "behind"
        return (
            f"this machine's clock is {abs(ahead) // MINUTE_MS} minutes {where} WeCom's: set it"
            " right (NTP); posts come at its times, and callbacks over 10 minutes off are refused"
        )

    async def _answered(
        self, _session: aiohttp.ClientSession, _context: Any, seen: aiohttp.TraceRequestEndParams
    ) -> None:
        if seen.url.host in self._hosts:
            self._note(seen.response.headers.get(hdrs.DATE, ""))

    def _note(self, date: str) -> None:
        try:
            theirs = parsedate_to_datetime(date).replace(tzinfo=UTC)
        except ValueError:
            return
        self._began = int(theirs.timestamp()) * 1_000 - self._clock.running()
        said = self.told()
        if said and not self._wrong:
            _log.warning("%s", said)
        elif self._wrong and not said:
            _log.info("this machine's clock agrees with WeCom's again")
        self._wrong = bool(said)
