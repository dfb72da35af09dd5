"""Sliding-window limits on the sandbox's own clock, with WeCom's figures."""

from collections import deque
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field

MINUTE = 60_000
HOUR = 60 * MINUTE
DAY = 24 * HOUR


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """At most `count` within any `ms` milliseconds."""

    count: int
    ms: int


# wecom-protocol.md 2.4, 3, 5.1, 6.6 and 8.
MESSAGE_PER_MEMBER = (Limit(count=30, ms=MINUTE), Limit(count=1_000, ms=HOUR))
APPCHAT_PER_MEMBER = (Limit(count=200, ms=MINUTE), Limit(count=10_000, ms=DAY))
APPCHAT_PER_CORP = (Limit(count=20_000, ms=MINUTE),)
APPCHAT_CREATE = (Limit(count=1_000, ms=DAY),)
APPCHAT_UPDATE = (Limit(count=1_000, ms=HOUR),)
WEBHOOK_PER_ROBOT = (Limit(count=20, ms=MINUTE),)
AIBOT_PER_CONVERSATION = (Limit(count=30, ms=MINUTE), Limit(count=1_000, ms=HOUR))
BASE_PER_API = (Limit(count=10_000, ms=MINUTE), Limit(count=150_000, ms=HOUR))


@dataclass(slots=True)
class _Window:
    taken: deque[tuple[int, int]] = field(default_factory=deque)
    total: int = 0

    def count(self, since: int) -> int:
        while self.taken and self.taken[0][0] <= since:
            self.total -= self.taken.popleft()[1]
        return self.total

    def add(self, at: int, weight: int) -> None:
        self.taken.append((at, weight))
        self.total += weight


class Windows:
    """Counts what was let through, per key and limit; what was refused is not counted."""

    def __init__(self, now: Callable[[], int]) -> None:
        self._now = now
        self._windows: dict[tuple[Hashable, Limit], _Window] = {}

    def take(self, key: Hashable, limits: tuple[Limit, ...], weight: int = 1) -> bool:
        """Whether `weight` more still fit all `limits` of `key`; if so they are counted."""
        at = self._now()
        windows = [self._windows.setdefault((key, limit), _Window()) for limit in limits]
        fits = all(
            window.count(at - limit.ms) + weight <= limit.count
            for window, limit in zip(windows, limits, strict=True)
        )
        for window in windows if fits else ():
            window.add(at, weight)
        return fits
