"""The courier's own life: it looks when it is woken, and ends when it is told to."""

import asyncio
from typing import Any

from bot.delivery.courier import Courier
from bot.metrics import Metrics
from tests import builders
from tests.directly import Directly
from tests.lives import life

PACK = "steps: []"


def test_it_ends_also_when_news_come_at_the_very_moment_it_is_told_to() -> None:
    async def nobody(*_: object) -> Any:
        raise AssertionError

    async def story() -> None:
        with life(PACK, groups=[builders.group()]) as club:
            intake: Any = Directly(club)
            courier = Courier(intake, nobody, nobody, Metrics(), lambda: club.now)
            work = asyncio.create_task(courier.run())
            for _ in range(10):
                await asyncio.sleep(0)
            courier.wake()
            work.cancel()
            done, _ = await asyncio.wait({work}, timeout=1)
            work.cancel()
            assert done
            assert work.cancelled()

    asyncio.run(story())
