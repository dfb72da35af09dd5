"""What goes on beside the handling of events: work that is kept up, and pruning what is old."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import Final

from bot.intake.local import LocalIntake
from bot.intake.writer import Job
from handlers.ports import Store
from storage import retention

RETENTION_S: Final = 3_600.0
"""How often what has grown old is pruned."""

AGAIN_S: Final = 1.0
"""The pause before work that broke off begins again."""

_log = logging.getLogger(__name__)


async def pruned(intake: LocalIntake, now: Callable[[], int], retain_text_days: int) -> None:
    """Prune what has grown old, for ever, in jobs small enough to let others through."""

    def prune(store: Store) -> int:
        return retention.prune(store, now(), retain_text_days=retain_text_days, limit=500)

    while True:
        await asyncio.sleep(RETENTION_S)
        while await intake.submit(Job(run=prune), bounded=False):
            pass


async def kept_up(work: Callable[[], Awaitable[None]]) -> None:
    """Do the work until it ends by itself; an error does not end it for ever and unseen."""
    while True:
        try:
            await work()
        except Exception:  # noqa: BLE001 - a locked or full database passes: begin again
            _log.exception("work broke off and begins again")
            await asyncio.sleep(AGAIN_S)
        else:
            return
