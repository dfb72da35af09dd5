"""When each group's roster is asked for: often where people come and go, seldom where not.

WeCom allows a corp 10,000 calls a minute and 150,000 an hour of each API. A third of the hour is
left to moves and hints, so that no more than `CALLS_PER_HOUR` go to looking; with more groups
than that lets look as often as wished, quiet ones wait longer, and changing ones do not.
"""

import heapq
from collections.abc import Awaitable, Callable, Collection, Hashable
from dataclasses import dataclass
from typing import Final, Generic, TypeVar

from sop.times.durations import HOUR_MS

K = TypeVar("K", bound=Hashable)

CALLS_PER_HOUR: Final = 100_000
GAP_MS: Final = HOUR_MS / CALLS_PER_HOUR
"""Milliseconds from one look to the next: 36, so that 1,667 fit into any minute."""

SLOWING: Final = 1.5
"""By how much a group's interval grows with each look that brought no news."""

PATIENCE: Final = 2
"""A quiet group waits at most so many times what all groups, looked at in turn, would take."""

RETRY_MS: Final = 30_000
"""A call that failed is made again after so long, doubled each time up to `LONGEST_RETRY_MS`."""

LONGEST_RETRY_MS: Final = HOUR_MS


@dataclass(slots=True)
class _Slot:
    due_at: float
    interval_ms: float
    failures: int = 0


class Pace(Generic[K]):
    """The looks ahead, the one that is due longest first; `shortest_ms` is the wished interval."""

    def __init__(self, shortest_ms: float) -> None:
        self._shortest_ms = shortest_ms
        self._slots: dict[K, _Slot] = {}
        self._heap: list[tuple[float, int, K]] = []
        self._count = 0
        self._paused_until = 0.0

    @property
    def longest_ms(self) -> float:
        """The most a group in which nothing happens waits from one look to the next."""
        turn = len(self._slots) * GAP_MS
        return self._shortest_ms if turn <= self._shortest_ms else turn * PATIENCE

    def follow(self, keys: Collection[K], now: float) -> None:
        """Look at these groups alone from now on; new ones are due at once."""
        for gone in self._slots.keys() - set(keys):
            del self._slots[gone]
        for key in keys:
            if key not in self._slots:
                self._put(key, _Slot(due_at=now, interval_ms=self._shortest_ms))

    def take(self, now: float) -> K | None:
        """Return the group to look at now, or None; its next look is planned with the answer."""
        while self._heap and not self._stands(self._heap[0]):
            heapq.heappop(self._heap)
        if not self._heap or self._heap[0][0] > now or now < self._paused_until:
            return None
        key = heapq.heappop(self._heap)[2]
        # Should no answer ever be told of, the group must not be forgotten.
        self._put(key, _Slot(now + self.longest_ms, *_rest(self._slots[key])))
        return key

    def next_at(self) -> float | None:
        """Return when the next look is due; None without any group."""
        due = min((each.due_at for each in self._slots.values()), default=None)
        return None if due is None else max(due, self._paused_until)

    def answered(self, key: K, now: float, *, news: bool) -> None:
        """Plan the next look after one that brought news, or none."""
        slot = self._slots.get(key)
        if slot is None:
            return
        slower = min(slot.interval_ms * SLOWING, self.longest_ms)
        interval = self._shortest_ms if news else slower
        self._put(key, _Slot(due_at=now + interval, interval_ms=interval))

    def failed(self, key: K, now: float) -> None:
        """Plan the next try after a call that failed, later with each time it does."""
        slot = self._slots.get(key)
        if slot is None:
            return
        backoff = min(RETRY_MS, self._shortest_ms) * 2**slot.failures
        pause = min(backoff, LONGEST_RETRY_MS)
        self._put(key, _Slot(now + pause, slot.interval_ms, min(slot.failures + 1, 20)))

    def pause(self, until: float) -> None:
        """Look at nothing before then: WeCom says that it is too much."""
        self._paused_until = max(self._paused_until, until)

    def _put(self, key: K, slot: _Slot) -> None:
        self._slots[key] = slot
        self._count += 1
        heapq.heappush(self._heap, (slot.due_at, self._count, key))

    def _stands(self, entry: tuple[float, int, K]) -> bool:
        slot = self._slots.get(entry[2])
        return slot is not None and slot.due_at == entry[0]


def _rest(slot: _Slot) -> tuple[float, int]:
    return slot.interval_ms, slot.failures


class Turns:
    """Lets calls of one API pass one after the other, `GAP_MS` apart, whoever makes them."""

    def __init__(
        self, now: Callable[[], int], sleep: Callable[[float], Awaitable[object]]
    ) -> None:
        self._now = now
        self._sleep = sleep
        self._free_at = 0.0

    @property
    def behind_ms(self) -> float:
        """How long the next call would have to wait."""
        return max(0.0, self._free_at - self._now())

    async def wait(self) -> None:
        """Return when it is this call's turn."""
        behind = self.behind_ms
        self._free_at = self._now() + behind + GAP_MS
        if behind:
            await self._sleep(behind / 1_000)
