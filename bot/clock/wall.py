"""The wall clock, the one place that asks the system for the time of day."""

import time
from collections.abc import Callable


class WallClock:
    """Milliseconds UTC. Only the playground moves it: forward, for the whole program at once."""

    def __init__(self) -> None:
        self._ahead_ms = 0

    def now(self) -> int:
        """The time, in ms UTC."""
        return time.time_ns() // 1_000_000 + self._ahead_ms

    def running(self) -> int:
        """Milliseconds since some moment: to set the machine's clock right moves them not."""
        return _running_ns() // 1_000_000 + self._ahead_ms

    def skip(self, ms: int) -> None:
        """Move the clock forward."""
        self._ahead_ms += max(0, ms)


def _running_ns() -> int:
    # Where the system has one that goes on while the machine sleeps.
    if hasattr(time, "CLOCK_BOOTTIME"):
        return time.clock_gettime_ns(time.CLOCK_BOOTTIME)
    return time.monotonic_ns()


def steady(now: Callable[[], int]) -> Callable[[], int]:
    """Return a clock for pauses: it goes on from where it was when `now` is set back."""
    ahead, last = 0, now()

    def told() -> int:
        nonlocal ahead, last
        ahead += max(0, last - now() - ahead)
        last = now() + ahead
        return last

    return told
