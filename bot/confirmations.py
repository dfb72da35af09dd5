"""Answers that left with the response of a callback: remembered as sent, many in one job."""

import asyncio
from collections.abc import Callable, Sequence
from typing import Final

from bot.intake.local import LocalIntake, Overloaded
from bot.intake.writer import Job
from handlers.ports import Store
from sop.model import Outgoing
from storage.statements import Change
from storage.unit_of_work import Overlay, Unwritable

CONFIRM_S: Final = 0.1
"""Confirmations of this time are kept in one job."""

AGAIN_S: Final = 0.5
"""The pause before a confirmation is kept again, where the database could not be used."""


class Confirmations:
    """What was written and is still to be kept as sent. `now` gives ms UTC."""

    def __init__(self, intake: LocalIntake, now: Callable[[], int]) -> None:
        self._intake = intake
        self._now = now
        self._written: list[tuple[str, int]] = []
        self._confirming: asyncio.Task[None] | None = None

    async def drain(self, timeout_s: float) -> None:
        """Wait until all are kept, but not longer than that."""
        if self._confirming is not None:
            await asyncio.wait({self._confirming}, timeout=timeout_s)

    def confirm(self, sent: Outgoing) -> None:
        """Say that an answer left with the response; it is kept soon."""
        if sent.status == "sent":
            return
        self._written.append((sent.community, sent.id))
        if self._confirming is None or self._confirming.done():
            self._confirming = asyncio.get_running_loop().create_task(self._confirm_all())

    async def _confirm_all(self) -> None:
        while self._written:
            await asyncio.sleep(CONFIRM_S)
            written = tuple(self._written)
            try:
                await self._intake.submit(self._confirmation(written), bounded=False)
            except Unwritable:
                await asyncio.sleep(AGAIN_S)
            except Overloaded:
                return
            else:
                del self._written[: len(written)]

    def _confirmation(self, written: Sequence[tuple[str, int]]) -> Job:
        to = {"status": "sent", "attempts": 1, "done_at": self._now()}
        change = Change({"status": "leased"}, to)

        def confirm(store: Store) -> None:
            # Narrow on purpose: reading and writing whole rows took much of an event's time.
            assert isinstance(store, Overlay)
            store.change(Outgoing, written, change)

        return Job(run=confirm)
