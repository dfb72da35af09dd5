"""The one wake-up: never late for long, whatever clocks and databases do. On a real loop."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta, tzinfo

import pytest
from apscheduler.schedulers import base

from bot.clock import wakeup
from bot.clock.wakeup import WakeUp

START = 1_796_212_800_000
SOON, HOUR = 60, 3_600_000


@dataclass
class World:
    """A clock that runs with the loop's own, and may jump; a plan of what is due."""

    due: list[int] = field(default_factory=list)
    jumped: int = 0
    looks: int = 0
    woken: list[int] = field(default_factory=list)
    broken: int = 0
    began: float = 0.0

    def now(self) -> int:
        passed = asyncio.get_running_loop().time() - self.began
        return START + self.jumped + round(passed * 1_000)

    async def next_due(self) -> int | None:
        self.looks += 1
        if self.broken:
            self.broken -= 1
            raise OSError("the disk is full")
        return min(self.due, default=None)

    def wake(self) -> None:
        now = self.now()
        self.woken.append(now)
        self.due = [at for at in self.due if at > now]

    async def until(self, condition: Callable[[], object], seconds: float = 5.0) -> None:
        async with asyncio.timeout(seconds):
            while not condition():  # noqa: ASYNC110 - it is told to nobody
                await asyncio.sleep(0.005)


@pytest.fixture(autouse=True)
def _quickly(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wakeup, "SETTLE_S", 0.005)


def live(world: World, story: Callable[[WakeUp], Awaitable[None]]) -> None:
    async def main() -> None:
        world.began = asyncio.get_running_loop().time()
        clock = WakeUp(world.next_due, world.wake, world.now)
        clock.start()
        try:
            await story(clock)
        finally:
            clock.stop()
            await asyncio.sleep(0)

    asyncio.run(main())


def test_what_is_due_wakes_and_not_before_its_time():
    world = World(due=[START + SOON, START + 3 * SOON])

    async def story(_clock: WakeUp) -> None:
        await world.until(lambda: len(world.woken) == 2)

    live(world, story)

    assert world.woken[0] >= START + SOON
    assert world.woken[1] >= START + 3 * SOON


def test_what_was_due_before_the_start_wakes_at_once():
    world = World(due=[START - HOUR])

    async def story(clock: WakeUp) -> None:
        await world.until(lambda: world.woken)
        assert clock.next_at == START - HOUR

    live(world, story)


def test_earlier_news_wake_earlier():
    world = World(due=[START + HOUR])

    async def story(clock: WakeUp) -> None:
        await world.until(lambda: world.looks == 1)
        world.due.append(world.now() + SOON)
        clock.look()
        await world.until(lambda: world.woken)

    live(world, story)

    assert world.due == [START + HOUR]


def test_a_hundred_news_at_once_are_one_look():
    world = World()

    async def story(clock: WakeUp) -> None:
        await world.until(lambda: world.looks == 1)
        for _ in range(100):
            clock.look()
        await world.until(lambda: world.looks == 2)
        await asyncio.sleep(0.03)

    live(world, story)

    assert world.looks == 2


def test_there_is_one_job_whatever_is_planned_and_however_often_it_changes():
    world = World(due=[START + HOUR + number for number in range(1_000)])
    jobs: list[int] = []

    async def story(clock: WakeUp) -> None:
        for number in range(5):
            world.due.append(START + HOUR - number)
            clock.look()
            await asyncio.sleep(0.01)
            jobs.append(len(clock._scheduler.get_jobs()))

    live(world, story)

    assert set(jobs) == {1}


def test_a_clock_that_jumps_forward_is_noticed_within_one_look(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(wakeup, "LOOK_MS", SOON)
    world = World(due=[START + 24 * HOUR])

    async def story(clock: WakeUp) -> None:
        await world.until(lambda: world.looks == 1)
        world.jumped = 24 * HOUR
        await world.until(lambda: world.woken, 1.0)
        assert clock.lag_ms >= 0

    live(world, story)


class Wall(datetime):
    """The system's time of day, set back or forward by hand."""

    ahead = timedelta()

    @classmethod
    def now(cls, tz: tzinfo | None = None) -> datetime:
        return datetime.now(tz) + cls.ahead


@pytest.mark.parametrize("hours", [-24, 24])
def test_a_system_clock_that_is_set_delays_nothing_longer_than_one_look(
    hours: int, monkeypatch: pytest.MonkeyPatch
):
    """The scheduler reads the system's clock itself, and would sleep until that is there again."""
    monkeypatch.setattr(wakeup, "LOOK_MS", SOON)
    monkeypatch.setattr(wakeup, "datetime", Wall)
    monkeypatch.setattr(base, "datetime", Wall)
    monkeypatch.setattr(Wall, "ahead", timedelta())
    world = World(due=[START + HOUR])

    async def story(_clock: WakeUp) -> None:
        await world.until(lambda: world.looks == 1)
        Wall.ahead = timedelta(hours=hours)
        world.jumped = hours * HOUR
        world.due = [world.now() + 2 * SOON]
        await world.until(lambda: world.woken, 1.0)

    live(world, story)


def test_a_database_that_cannot_be_read_is_asked_again(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
):
    monkeypatch.setattr(wakeup, "LOOK_MS", SOON)
    world = World(due=[START], broken=2)

    async def story(clock: WakeUp) -> None:
        await world.until(lambda: world.looks == 1)
        assert (clock.next_at, clock.lag_ms) == (None, 0)
        await world.until(lambda: world.woken)

    with caplog.at_level(logging.ERROR):
        live(world, story)

    assert [record.message for record in caplog.records] == [
        "the clock cannot read what is due"
    ] * 2  # fmt: skip


def test_what_stays_due_wakes_again_without_a_busy_loop():
    """The intake may have been full, or have died: nobody else would tell it again."""
    world = World(due=[START])

    async def story(_clock: WakeUp) -> None:
        for _ in range(3):
            before = len(world.woken)
            world.due = [START]
            await world.until(lambda before=before: len(world.woken) > before)

    live(world, story)

    assert world.woken[2] - world.woken[0] >= 90


def test_the_lag_is_how_long_the_next_has_been_due():
    world = World(due=[START - 500])

    async def story(clock: WakeUp) -> None:
        await world.until(lambda: clock.next_at is not None)
        assert 500 <= clock.lag_ms < 5_000

    live(world, story)


def test_nothing_planned_is_no_lag():
    world = World()

    async def story(clock: WakeUp) -> None:
        await world.until(lambda: world.looks)
        assert (clock.next_at, clock.lag_ms) == (None, 0)

    live(world, story)


def test_after_its_end_no_news_wake_it():
    world = World(due=[START + SOON])

    async def story(clock: WakeUp) -> None:
        await world.until(lambda: world.looks == 1)
        clock.stop()
        clock.look()
        world.due = [START]
        await asyncio.sleep(0.02)
        clock.look()
        await asyncio.sleep(0.02)

    async def main() -> None:
        world.began = asyncio.get_running_loop().time()
        clock = WakeUp(world.next_due, world.wake, world.now)
        clock.start()
        await story(clock)
        assert asyncio.all_tasks() == {asyncio.current_task()}

    asyncio.run(main())

    assert (world.looks, world.woken) == (1, [])


def test_what_never_started_can_be_stopped():
    async def main() -> None:
        WakeUp(World().next_due, lambda: None, lambda: START).stop()

    asyncio.run(main())
